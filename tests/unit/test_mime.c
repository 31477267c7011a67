#include <stdlib.h>

#include "wire/mime.h"
#include "tap.h"

#define A10 "aaaaaaaaaa"
#define A70 A10 A10 A10 A10 A10 A10 A10

static const struct {
	const char *text, *expected;
} cases[] = {
	{"", ""},
	{"a", "a"},
	{"a\n", "a\r\n"},
	{"\n\n", "\r\n\r\n"},
	{"a=b\n", "a=3Db\r\n"},
	{"Zo\xc3\xab\n", "Zo=C3=AB\r\n"},
	{"a b\t c\n", "a b\t c\r\n"},
	{"a \n", "a=20\r\n"},
	{"a\t\nb", "a=09\r\nb"},
	{"-- \n", "--=20\r\n"},
	{" \n", "=20\r\n"},
	{"\r\n", "=0D\r\n"},
	{"\x7f\x01\n", "=7F=01\r\n"},
	{A70 "aaaaa", A70 "aaaaa"},
	{A70 "aaaaaa", A70 "aaaaa=\r\na"},
	{A70 "aaa=", A70 "aaa=\r\n=3D"},
	{A70 "aa=", A70 "aa=3D"},
	{A70 "aaaa \n", A70 "aaaa=\r\n=20\r\n"},
};

static size_t
longest_line(const struct rw_buf *out)
{
	const char *at = rw_buf_text(out), *end;
	size_t longest = 0;

	while ((end = strstr(at, "\r\n")) != NULL) {
		if ((size_t)(end - at) > longest)
			longest = (size_t)(end - at);
		at = end + 2;
	}
	return strlen(at) > longest ? strlen(at) : longest;
}

/* What a reader makes of it, in place; its length. */
static size_t
decode(struct rw_buf *out)
{
	char *to = out->data, *at = out->data, digits[3] = "";

	while (at < out->data + out->len) {
		if (at[0] == '\r' && at[1] == '\n') {
			*to++ = '\n';
			at += 2;
		} else if (at[0] != '=') {
			*to++ = *at++;
		} else if (at[1] == '\r') {
			at += 3;
		} else {
			memcpy(digits, at + 1, 2);
			*to++ = (char)strtol(digits, NULL, 16);
			at += 3;
		}
	}
	return (size_t)(to - out->data);
}

static void
test_random(void)
{
	struct rw_buf out = {0};
	char text[3000];
	size_t wrong = 0, n;

	srand(7);
	for (int round = 0; round < 500; round++) {
		n = (size_t)rand() % sizeof text;
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(rand() % 4 == 0 ? rand() :
				"a =.\n"[rand() % 5]);
		rw_buf_reset(&out);
		rw_mime_add_quoted(&out, text, n);
		wrong += longest_line(&out) > RW_MIME_LINE;
		if (n > 0)
			wrong += decode(&out) != n ||
				memcmp(out.data, text, n) != 0;
	}
	is_int((int64_t)wrong, 0, "random bytes come back, in short lines");
	rw_buf_free(&out);
}

static void
test_base64(void)
{
	static const struct {
		size_t len, lines, bytes;
	} sizes[] = {{0, 0, 0}, {1, 1, 6}, {57, 1, 78}, {58, 2, 84},
		{114, 2, 156}};
	char bytes[114] = "";
	struct rw_buf out = {0};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t lines = 0;

		rw_buf_reset(&out);
		rw_mime_add_base64(&out, bytes, sizes[i].len);
		for (size_t j = 0; j < out.len; j++)
			lines += out.data[j] == '\n';
		ok(lines == sizes[i].lines && out.len == sizes[i].bytes &&
			longest_line(&out) <= RW_MIME_LINE,
			"%zu bytes of base64", sizes[i].len);
	}
	rw_buf_free(&out);
}

int
main(void)
{
	struct rw_buf out = {0};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rw_buf_reset(&out);
		rw_mime_add_quoted(&out, cases[i].text, strlen(cases[i].text));
		is(rw_buf_text(&out), cases[i].expected, "quoted %zu", i);
	}
	rw_buf_free(&out);
	test_random();
	test_base64();
	return done();
}
