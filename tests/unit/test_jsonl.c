#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"
#include "wire/json_scan_priv.h"
#include "wire/jsonl.h"

static void
test_errors(void)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{"", "byte 1: the text ends too early"},
		{"x", "byte 1: expected an object in { }"},
		{"{", "byte 2: the text ends too early"},
		{"{1", "byte 2: expected a member's name in double quotes"},
		{"{\"a\"}", "byte 5: expected a colon"},
		{"{\"a\":}", "byte 6: expected a value"},
		{"{\"a\":1,}", "byte 8: expected a member's name in double "
			"quotes"},
		{"{\"a\":1}x", "byte 8: something follows the object"},
		{"{\"a\":01}", "byte 7: expected a comma or }"},
		{"{\"a\":-}", "byte 7: expected a digit"},
		{"{\"a\":1.}", "byte 8: expected a digit after the point"},
		{"{\"a\":1e}", "byte 8: expected a digit in the exponent"},
		{"{\"a\":NaN}", "byte 6: expected a value"},
		{"{\"a\":[1,]}", "byte 9: expected a value"},
		{"{\"a\":{\"b\":1]}", "byte 12: expected a comma or }"},
		{"{\"a\":\"\\x\"}", "byte 8: unknown escape in a string"},
		{"{\"a\":\"\\u12g4\"}", "byte 11: expected four hexadecimal "
			"digits after \\u"},
		{"{\"a\":\"\t\"}", "byte 7: a control character in a string"},
		{"{\"a\":\"\xff\"}", "byte 7: 0xff is not UTF-8"},
		{"{\"a\":1,\"b\":2,\"a\":3}", "duplicate member \"a\""},
		{"{\"a\":1,\"\\u0061\":3}", "duplicate member "
			"\"\\u0061\""},
		{"{'a':1}", "byte 2: expected a member's name in double "
			"quotes"},
	};
	struct rw_line line = {0};
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good = rw_line_parse(&line, cases[i].text,
			strlen(cases[i].text), &err);

		is(good ? NULL : err.message, cases[i].error, "%s",
			cases[i].text);
	}
	ok(!rw_line_parse(&line, "{\"a\":\0}", 7, &err), "a NUL");
	is(err.message, "byte 6: a NUL", "says so");
	rw_line_free(&line);
}

static void
test_depth(void)
{
	static char text[8192];
	struct rw_line line = {0};
	struct rw_err err;
	size_t depth;

	for (depth = 999; depth <= 3000; depth += depth < 1002 ? 1 : 999) {
		memcpy(text, "{\"a\":", 5);
		memset(text + 5, '[', depth);
		memset(text + 5 + depth, ']', depth);
		text[5 + 2 * depth] = '}';
		ok(rw_line_parse(&line, text, 6 + 2 * depth, &err) ==
			(depth <= RW_JSON_DEPTH), "%zu levels", depth);
	}
	is(err.message, "byte 1006: nested too deep", "says so");
	rw_line_free(&line);
}

static void
test_members(void)
{
	static const char text[] = " { \"a\" : 0.10, \"big\":"
		"12345678901234567890123, \"s\":\"\\u00e4\\ud83d\\ude00\\n\" ,"
		"\"o\":{\"x\":[1, 2],\"y\":\"}\"} } ";
	struct rw_json name, value, o;
	struct rw_line line = {0};
	struct rw_buf out = {0};
	struct rw_err err;
	size_t at = 0;

	ok(rw_line_parse(&line, text, strlen(text), &err), "parse");
	rw_line_add_to(&line, &out);
	ok(out.len == strlen(text) + 1 && memcmp(out.data, text,
		strlen(text)) == 0, "unchanged: byte for byte");
	is(rw_json_string(rw_line_get(&line, "s"), &line.arena, &err),
		"\xc3\xa4\xf0\x9f\x98\x80\n", "decoded");
	o = rw_line_get(&line, "o");
	ok(rw_json_next(o, &at, &name, &value) && value.len == 6 &&
		memcmp(value.text, "[1, 2]", 6) == 0, "first of an object");
	ok(rw_json_next(o, &at, &name, &value) && value.len == 3, "second");
	ok(!rw_json_next(o, &at, &name, &value), "no third");
	rw_line_set_string(&line, "n\"", "v");
	rw_line_set_int(&line, "a", -3);
	rw_line_remove(&line, "o");
	rw_line_set_bool(&line, "t", true);
	rw_buf_reset(&out);
	rw_line_add_to(&line, &out);
	is(rw_buf_text(&out), "{\"a\":-3,\"big\":12345678901234567890123,"
		"\"s\":\"\\u00e4\\ud83d\\ude00\\n\",\"n\\\"\":\"v\",\"t\":true"
		"}\n", "changed: the rest as it came, in order");
	rw_line_set_null(&line, "o");
	is_int((int64_t)rw_line_get(&line, "o").len, 4, "set again");
	rw_line_free(&line);
	rw_buf_free(&out);
}

/* Ten thousand members must not take quadratic time, nor lose one. */
static void
test_many(void)
{
	struct rw_buf text = {0};
	struct rw_line line = {0};
	struct rw_err err;
	char name[16];
	int i, found = 0;

	for (i = 0; i < 10000; i++)
		rw_buf_addf(&text, "%c\"m%d\":%d", i == 0 ? '{' : ',', i, i);
	rw_buf_addc(&text, '}');
	ok(rw_line_parse(&line, text.data, text.len, &err), "10,000 members");
	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof name, "m%d", i);
		found += rw_line_get(&line, name).text != NULL;
	}
	is_int(found, 10000, "all of them found");
	rw_line_free(&line);
	rw_buf_free(&text);
}

/* Random texts near valid JSON: we and jansson must agree on what is JSON.
 * Where we are stricter on purpose, jansson is told to be as well. */
static void
test_against_jansson(void)
{
	static const char *const pieces[] = {
		"{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\n\"",
		"\"\\u00e4\"", "1", "-0", "0.5", "1e5 ", "01", "true", "null",
		"fals", " ", "\t", "\"", "\\", "-", "1.", "\xc3\xa4", "\xff",
		"{\"a\":1}", "[1,2]", "{\"a\":", "[[", "]]", "\"\\ud800\""};
	const size_t n = sizeof pieces / sizeof *pieces;
	int agreed = 0, valid = 0, i, j;
	unsigned long seed = 20250601;
	char text[256];

	for (i = 0; i < 200000; i++) {
		bool ours, theirs;
		json_error_t why;
		json_t *json;

		text[0] = '\0';
		for (j = 0; j < 1 + i % 7; j++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			strcat(text, pieces[(seed >> 33) % n]);
		}
		/* jansson refuses lone surrogates, which RFC 8259 allows. */
		if (strstr(text, "\\ud800") != NULL) {
			agreed++;
			continue;
		}
		ours = rw_json_check(text, strlen(text), NULL);
		json = json_loads(text, JSON_DECODE_ANY, &why);
		theirs = json != NULL;
		json_decref(json);
		valid += theirs;
		agreed += ours == theirs;
		if (ours != theirs)
			printf("# ours %d, theirs %d: %s\n", ours, theirs,
				text);
	}
	is_int(agreed, 200000, "agrees with jansson on 200,000 texts");
	ok(valid > 2000, "of which %d are JSON", valid);
}

static void
test_reader(void)
{
	static const char input[] = "\xef\xbb\xbf" "one\r\n\n  \ntwo\n"
		"far too long a line\nthree";
	struct rw_reader r;
	const char *text;
	int fds[2];
	size_t len;

	ok(pipe(fds) == 0, "pipe");
	rw_reader_init(&r, fds[0], 10);
	is_int(rw_reader_next(&r, false, &text, &len), RW_READ_WAIT,
		"nothing yet");
	ok(write(fds[1], input, sizeof input - 1) > 0, "write");
	is_int(rw_reader_next(&r, false, &text, &len), RW_READ_LINE, "line");
	ok(len == 3 && memcmp(text, "one", 3) == 0, "no BOM, no CR");
	is_int(rw_reader_next(&r, false, &text, &len), RW_READ_LINE, "line");
	ok(len == 3 && memcmp(text, "two", 3) == 0, "blank lines skipped");
	is_int((int64_t)r.number, 4, "but counted");
	is_int(rw_reader_next(&r, false, &text, &len), RW_READ_LONG, "long");
	is_int((int64_t)r.number, 5, "counted");
	is_int(rw_reader_next(&r, false, &text, &len), RW_READ_WAIT,
		"a line without its end, yet");
	close(fds[1]);
	is_int(rw_reader_next(&r, true, &text, &len), RW_READ_LINE, "last");
	ok(len == 5 && memcmp(text, "three", 5) == 0, "without a newline");
	is_int(rw_reader_next(&r, true, &text, &len), RW_READ_END, "end");
	is_int(rw_reader_next(&r, true, &text, &len), RW_READ_END, "stays");
	rw_reader_free(&r);
	close(fds[0]);
}

int
main(void)
{
	test_errors();
	test_depth();
	test_members();
	test_many();
	test_against_jansson();
	test_reader();
	return done();
}
