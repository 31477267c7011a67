#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cut.h"
#include "base/err.h"
#include "base/file.h"
#include "base/money.h"
#include "base/period.h"
#include "base/text.h"
#include "tap.h"

static void
test_err(void)
{
	char long_text[1024];
	struct rw_err err = {0};
	size_t i;

	ok(!rw_fail(&err, RW_UNREACHABLE, "cannot %s", "x"), "fails");
	is(err.message, "cannot x", "message");
	ok(err.retryable, "unreachable is retryable");
	rw_err_prefix(&err, "line %d", 3);
	is(err.message, "line 3: cannot x", "prefix");
	for (i = 0; i + 2 < sizeof long_text; i += 2)
		memcpy(long_text + i, "\xc3\xa4", 2);
	long_text[i] = '\0';
	rw_fail(&err, RW_DATA, "x%s", long_text);
	ok(rw_text_is_utf8(err.message, strlen(err.message), NULL),
		"a long message is cut at a whole character");
	rw_err_prefix(&err, "yy");
	ok(rw_text_is_utf8(err.message, strlen(err.message), NULL),
		"so is a long prefixed one");
	is_int(rw_kind_status(rw_kind_worse(RW_CONFIG, RW_BUG)), 70,
		"a bug is worse than configuration");
	is_int(rw_kind_status(rw_kind_worse(RW_USAGE, RW_CONFIG)), 78,
		"configuration is worse than usage");
	is_int(rw_kind_status(rw_kind_worse(RW_UNREADABLE, RW_LOCKED)), 75,
		"a lock is worse than an unreadable line");
	is_int(rw_kind_status(rw_kind_worse(RW_REFUSED, RW_UNREADABLE)), 65,
		"an unreadable line is worse than a failed record");
}

static void
test_buf(void)
{
	struct rw_buf buf = {.max = 10}, empty = {0};
	struct rw_err err;
	char *old = malloc(256);

	/* What the buffer gets of the heap next is not zero. */
	ok(old != NULL && memset(old, 'x', 256) != NULL, "memory was used");
	free(old);
	ok(rw_buf_room(&empty, 100) != NULL, "there is room");
	is(rw_buf_text(&empty), "", "room that is not used adds nothing");
	rw_buf_free(&empty);

	rw_buf_adds(&buf, "12345");
	rw_buf_adds(&buf, "67890");
	is(rw_buf_text(&buf), "1234567890", "a buffer holds its maximum");
	ok(rw_buf_ok(&buf, "it", &err), "and is good");
	rw_buf_addc(&buf, 'x');
	ok(!rw_buf_ok(&buf, "it", &err), "one more is too much");
	is(err.message, "it is longer than 10 bytes", "says so");
	rw_buf_adds(&buf, "y");
	is(rw_buf_text(&buf), "", "and stays empty");
	rw_buf_reset(&buf);
	rw_buf_addf(&buf, "%d", 42);
	is(rw_buf_text(&buf), "42", "until it is reset");
	rw_buf_free(&buf);
}

static void
test_money_parse(void)
{
	static const struct {
		const char *text;
		int64_t amount;
		const char *error;
	} cases[] = {
		{"0", 0, NULL}, {"-0", 0, NULL}, {"1", 10000, NULL},
		{"-1.5", -15000, NULL}, {"+2", 20000, NULL},
		{"125.50", 1255000, NULL}, {"0.0001", 1, NULL},
		{"0.00010000", 1, NULL}, {"1e2", 1000000, NULL},
		{"1e00000000002", 1000000, NULL},
		{"15E-0000000001", 15000, NULL},
		{"1.25E+1", 125000, NULL}, {"12345e-4", 12345, NULL},
		{"0e999999999999", 0, NULL}, {"007", 70000, NULL},
		{"999999999999.9999", 9999999999999999, NULL},
		{"99999999999999.9999", 999999999999999999, NULL},
		{"100000000000000", 0, "100000000000000 has more than 14 "
			"digits before the point"},
		{"1e400", 0, "1e400 has more than 14 digits before the point"},
		{"0.00001", 0, "0.00001 has more than 4 decimals"},
		{"1e-400", 0, "1e-400 has more than 4 decimals"},
		{"", 0, "\"\" is not a decimal number"},
		{"-", 0, "\"-\" is not a decimal number"},
		{".5", 0, "\".5\" is not a decimal number"},
		{"5.", 0, "\"5.\" is not a decimal number"},
		{"1.2.3", 0, "\"1.2.3\" is not a decimal number"},
		{"1,5", 0, "\"1,5\" is not a decimal number"},
		{"1e", 0, "\"1e\" is not a decimal number"},
		{" 1", 0, "\" 1\" is not a decimal number"},
		{"nan", 0, "\"nan\" is not a decimal number"},
	};
	struct rw_err err;
	int64_t amount;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = strlen(cases[i].text);
		/* Without a NUL behind it, so that the sanitizer sees a read
		 * past the end. */
		char *exact = memcpy(malloc(len > 0 ? len : 1), cases[i].text, len);
		bool good = rw_money_parse(exact, len, &amount, &err);

		free(exact);

		if (cases[i].error != NULL)
			is(good ? NULL : err.message, cases[i].error,
				"parse %s", cases[i].text);
		else if (ok(good, "parse %s", cases[i].text))
			is_int(amount, cases[i].amount, "value of %s",
				cases[i].text);
	}
}

/* A sum of days has one digit more than a day, up to the largest int64_t. */
static void
test_money_parse_sum(void)
{
	static const struct {
		const char *text;
		int64_t amount;
		const char *error;
	} cases[] = {
		{"199999999999998.00", 1999999999999980000, NULL},
		{"-199999999999998.00", -1999999999999980000, NULL},
		{"922337203685477.5807", INT64_MAX, NULL},
		{"-922337203685477.5807", -INT64_MAX, NULL},
		{"922337203685477.5808", 0, "922337203685477.5808 is too "
			"large: expected at most 922337203685477.5807"},
		{"1e15", 0, "1e15 is too large: expected at most "
			"922337203685477.5807"},
		{"0.00001", 0, "0.00001 has more than 4 decimals"},
	};
	struct rw_err err;
	int64_t amount;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *text = cases[i].text;
		bool good = rw_money_parse_sum(text, strlen(text), &amount,
			&err);

		if (cases[i].error != NULL)
			is(good ? NULL : err.message, cases[i].error,
				"parse the sum %s", text);
		else if (ok(good, "parse the sum %s", text))
			ok(amount == cases[i].amount, "value of %s", text);
	}
}

static void
test_money_arithmetic(void)
{
	static const struct {
		int64_t amount, percent;
		int digits;
		int64_t rounded;
		const char *exact;
	} cases[] = {
		{1000000, 200000, 2, 200000, "20.00"},
		{100, 500000, 2, 100, "0.005"},		/* half goes up */
		{-100, 500000, 2, -100, "-0.005"},
		{99, 500000, 2, 0, "0.00495"},
		{10000, 5000, 0, 0, "0.005"},
		{1000000, 5000, 0, 10000, "0.5"},
		{9223372036854775807, 1000000, 4, 9223372036854775807,
			"922337203685477.5807"},
	};
	char text[RW_MONEY_SIZE];
	int64_t v;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ok(rw_money_percent(cases[i].amount, cases[i].percent,
			cases[i].digits, &v), "percent %zu", i);
		is_int(v, cases[i].rounded, "rounded %zu", i);
		rw_money_percent_text(text, cases[i].amount, cases[i].percent,
			cases[i].digits);
		is(text, cases[i].exact, "exact %zu", i);
	}
	ok(!rw_money_percent(INT64_MAX, 2000000, 2, &v),
		"200 percent of the largest overflow");
	ok(!rw_money_add(INT64_MAX, 1, &v), "the largest plus one overflows");
	ok(rw_money_round(12344999, 2, &v) && v == 12345000, "round up");
	ok(rw_money_round(-12345050, 2, &v) && v == -12345100,
		"round half away from zero");
	rw_money_text(text, -5, 2);
	is(text, "-0.0005", "small negative");
	rw_money_text(text, 1255000, 2);
	is(text, "125.50", "two decimals");
	rw_money_text(text, 1230000, 0);
	is(text, "123", "no decimals");
	rw_money_grouped(text, -12345678900000, 2);
	is(text, "-1,234,567,890.00", "grouped");
	rw_money_grouped(text, 1234560000, 0);
	is(text, "123,456", "grouped without decimals");
}

static void
test_period(void)
{
	static const struct {
		const char *now, *zone, *month;
	} cases[] = {
		{"2025-07-01T03:59:59Z", "America/New_York", "2025-05"},
		{"2025-07-01T04:00:00Z", "America/New_York", "2025-06"},
		{"2026-01-01T04:59:59Z", "America/New_York", "2025-11"},
		{"2026-01-01T05:00:00Z", "America/New_York", "2025-12"},
		{"2025-03-09T06:59:59Z", "America/New_York", "2025-02"},
		{"2025-11-02T06:00:01Z", "America/New_York", "2025-10"},
		{"2025-07-01T00:00:00Z", "UTC", "2025-06"},
	};
	char text[RW_DATE_SIZE];
	struct rw_period p;
	struct rw_date d;
	struct rw_err err;
	int64_t now;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		ok(rw_rfc3339_parse(cases[i].now, &now), "read %s",
			cases[i].now);
		ok(rw_period_last(now, cases[i].zone, &p, &err), "last month");
		rw_period_text(text, p);
		is(text, cases[i].month, "month before %s", cases[i].now);
	}
	ok(!rw_period_last(0, "Mars/Olympus", &p, &err), "unknown zone");
	is_int(err.kind, RW_CONFIG, "is configuration");
	ok(!rw_period_parse("2025-13", &p, &err), "no 13th month");
	ok(!rw_period_parse("2025-6", &p, &err), "two digits");
	ok(rw_period_parse("2024-02", &p, &err) && rw_period_days(p) == 29,
		"leap year");
	ok(rw_period_parse("2100-02", &p, &err) && rw_period_days(p) == 28,
		"no leap year");
	ok(rw_date_parse("20250630", 8, &d, &err), "compact date");
	rw_date_text(text, d);
	is(text, "2025-06-30", "written long");
	is_int(rw_date_weekday(d), 1, "a Monday");
	ok(!rw_date_parse("2025-06-31", 10, &d, &err), "no 31st of June");
	is(err.message, "\"2025-06-31\" is not in the calendar", "says so");
	ok(!rw_date_parse("2025/06/30", 10, &d, &err), "slashes are not valid in a date");
}

/* Every byte at every place of a text that is looked at eight bytes at a
 * time. */
static void
test_json_places(struct rw_buf *buf)
{
	static const char letters[] = "abcdefghijklmnopqrs";
	char text[sizeof letters], expected[64], escape[8];
	int bad = 0, c;
	size_t at;

	for (c = 1; c < 256; c++)
		for (at = 0; at < sizeof letters - 1; at++) {
			snprintf(escape, sizeof escape, c == '"' || c == '\\' ?
				"\\%c" : c == '\n' ? "\\n" : c < 0x20 ?
				"\\u%04x" : c >= 0x80 ? "\xef\xbf\xbd" : "%c",
				c);
			memcpy(text, letters, sizeof letters);
			text[at] = (char)c;
			snprintf(expected, sizeof expected, "\"%.*s%s%s\"",
				(int)at, letters, escape, letters + at + 1);
			rw_buf_reset(buf);
			rw_text_add_json(buf, text);
			bad += strcmp(rw_buf_text(buf), expected) != 0;
		}
	is_int(bad, 0, "JSON: every byte at every place");
}

static void
test_text(void)
{
	static const struct {
		const char *bytes;
		bool good;
	} utf8[] = {
		{"abc", true}, {"\xc3\xa4", true}, {"\xf0\x9f\x98\x80", true},
		{"\xc0\x80", false}, {"\xed\xa0\x80", false},
		{"\xf4\x90\x80\x80", false}, {"\xc3", false}, {"\x80", false},
		{"12345678\xff", false}, {"\xe0\x80\x80", false},
	};
	struct rw_buf buf = {0};
	struct rw_err err;
	uint64_t n;
	size_t i;

	for (i = 0; i < sizeof utf8 / sizeof *utf8; i++)
		ok(rw_text_is_utf8(utf8[i].bytes, strlen(utf8[i].bytes), NULL)
			== utf8[i].good, "UTF-8 %zu", i);
	ok(rw_text_to_seconds("30d", &n, &err) && n == 2592000, "30d");
	ok(rw_text_to_seconds("15m", &n, &err) && n == 900, "15m");
	ok(rw_text_to_seconds("7", &n, &err) && n == 7, "7");
	ok(!rw_text_to_seconds("d", &n, &err), "d alone");
	ok(!rw_text_to_seconds("3651d", &n, &err), "over ten years");
	ok(!rw_text_to_seconds("-1", &n, &err), "negative");
	ok(rw_text_to_u64("18446744073709551615", UINT64_MAX, &n), "largest");
	ok(!rw_text_to_u64("18446744073709551616", UINT64_MAX, &n), "over it");
	rw_text_add_percent(&buf, "a b/c+~\xc3\xa4", "/");
	is(rw_buf_text(&buf), "a%20b/c%2B~%C3%A4", "percent");
	rw_buf_reset(&buf);
	rw_text_add_base64(&buf, (const unsigned char *)"fooba", 5);
	is(rw_buf_text(&buf), "Zm9vYmE=", "base64");
	rw_buf_reset(&buf);
	rw_text_add_json(&buf, "a\"\\\n\x01");
	is(rw_buf_text(&buf), "\"a\\\"\\\\\\n\\u0001\"", "JSON");
	test_json_places(&buf);
	rw_buf_reset(&buf);
	rw_text_add_json(&buf, "\xc3\xa4\xe2\x82\xac\n\xe2\x82");
	is(rw_buf_text(&buf), "\"\xc3\xa4\xe2\x82\xac\\n\xef\xbf\xbd"
		"\xef\xbf\xbd\"", "JSON: a character that was cut");
	rw_buf_reset(&buf);
	rw_text_add_printable(&buf, "a\x1b[31m\r\nb\xff");
	is(rw_buf_text(&buf), "a\\x1b[31m\\r\\nb\\xff", "printable");
	rw_buf_reset(&buf);
	rw_text_add_html(&buf, "<a b='c'>&\"");
	is(rw_buf_text(&buf), "&lt;a b=&#39;c&#39;&gt;&amp;&quot;", "HTML");
	ok(rw_text_has_control("a\rb") && rw_text_has_control("\xc2\x85") &&
		!rw_text_has_control("\xc3\xa4"), "control characters");
	ok(rw_text_has_control("a\xe2\x80\xa8") &&
		rw_text_has_control("\xe2\x80\xa9") &&
		rw_text_has_control("\xe2\x80\xaa") &&
		rw_text_has_control("\xe2\x80\xae") &&
		rw_text_has_control("\xe2\x81\xa6") &&
		rw_text_has_control("\xe2\x81\xa9"), "what breaks or turns "
		"a line");
	ok(!rw_text_has_control("\xe2\x80\x99 \xe2\x80\x8e \xe2\x81\xaa "
		"\xc2\xa0"), "and what does not");
	rw_buf_reset(&buf);
	rw_text_add_printable(&buf, "a\xe2\x80\xae" "b\xc2\x85");
	is(rw_buf_text(&buf), "a\\u202eb\\x85", "printable");
	rw_buf_free(&buf);
}

static void
test_clock(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2025-07-01T00:10:00.123Z", 1751328600},
		{"2025-07-01T02:10:00+02:00", 1751328600},
		{"2025-06-30T18:40:00-05:30", 1751328600},
		{"2025-07-01 00:10:00Z", -1}, {"2025-07-01T00:10:00", -1},
		{"2025-13-01T00:10:00Z", -1}, {"2025-07-01T24:10:00Z", -1},
		{"2025-02-31T00:10:00Z", -1}, {"2025-02-29T00:00:00Z", -1},
		{"2024-02-29T00:00:00Z", 1709164800},
		{"1900-02-29T00:00:00Z", -1}, {"2025-04-31T00:00:00Z", -1},
		{"2025-06-00T00:00:00Z", -1}, {"2025-00-10T00:00:00Z", -1},
		{"2016-12-31T23:59:60Z", 1483228800},
		{"2025-07-01T00:10:00.Z", -1}, {"2025-07-01T00:10:00.x1Z", -1},
		{"2025-07-01T00:10:00.+02:00", -1},
		{"2025-07-01T00:10:00+ 2:00", -1},
		{"2025-07-01T00:10:00+-2:00", -1},
		{"2025-07-01T00:10:00+02:00 ", -1},
		{"2025-07-01T00:10:00+02:0", -1},
		{"0999-01-01T00:00:00Z", -30641760000},
	};
	char text[RW_RFC3339_SIZE];
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (!rw_rfc3339_parse(cases[i].text, &seconds))
			seconds = -1;
		is_int(seconds, cases[i].seconds, "%s", cases[i].text);
	}
	rw_rfc3339(text, -30641760000);
	is(text, "0999-01-01T00:00:00Z", "a year of four digits");
	rw_rfc3339(text, -62135596800);
	is(text, "0001-01-01T00:00:00Z", "the year 1");
}

static void
test_cut(void)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"Łukasz", "Łukasz"}, {"\"Jo\xc3\" is", "\"Jo\" is"},
		{"a\xe2\x82", "a"}, {"a\xe2\x82z", "az"},
		{"\xf0\x9f\x98!\xf0\x9f!\xf0!", "!!!"}, {"\xc3\xc3\xa9", "é"},
		{"J\xfcrgen \x80", "J?rgen ?"}, {"", ""},
		{"\xc0\xaf \xed\xa0\x80", "?? ???"},
		{"\xf4\x8f\xbf\xbf \xf4\x90\x80\x80", "\xf4\x8f\xbf\xbf ????"},
	};
	char text[64];
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text, "%s", cases[i].text);
		rw_cut_drop(text);
		is(text, cases[i].expected, "cut characters, %zu", i);
	}
	rw_fail(&err, RW_DATA, "\"%.2s\" is not a number", "né");
	is(err.message, "\"n\" is not a number", "a message, cut inside");
	rw_fail(&err, RW_DATA, "\"%s\" is not a number", "\x93 1\xff");
	is(err.message, "\"? 1?\" is not a number", "a message, not UTF-8");
}

static void
test_file(void)
{
	char dir[] = "/tmp/rw_test_XXXXXX", deep[64], path[80], below[80];
	struct rw_buf read_back = {0};
	struct rw_file file;
	struct rw_err err;
	struct stat st;

	ok(mkdtemp(dir) != NULL, "a directory");
	snprintf(deep, sizeof deep, "%s/a/b", dir);
	ok(rw_file_mkdirs(deep, &err), "directories");
	ok(stat(deep, &st) == 0 && (st.st_mode & 0777) == 0700, "mode 0700");
	snprintf(path, sizeof path, "%s/f", deep);
	ok(rw_file_create(&file, path, &err), "create");
	ok(rw_file_write_all(file.fd, "abc", 3, path, &err), "write");
	ok(access(path, F_OK) != 0, "not there before the commit");
	ok(rw_file_commit(&file, RW_SYNC_ALL, &err), "commit");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "mode 0600");
	ok(rw_file_read(path, &read_back, &err), "read");
	is(rw_buf_text(&read_back), "abc", "the same bytes");
	rw_buf_free(&read_back);
	read_back.max = 3;
	ok(rw_file_read(path, &read_back, &err), "into a buffer just as big");
	is(rw_buf_text(&read_back), "abc", "the same bytes again");
	rw_buf_free(&read_back);
	read_back.max = 2;
	ok(!rw_file_read(path, &read_back, &err), "not into a smaller one");
	is_int(err.kind, RW_IO, "which is I/O: %s", err.message);
	snprintf(below, sizeof below, "%s/f/g", deep);
	ok(!rw_file_mkdirs(below, &err), "no directory below a file");
	is_int(err.kind, RW_IO, "is I/O");
	ok(!rw_file_mkdirs(path, &err), "nor in a file's place");
	ok(!rw_file_mkdirs("", &err), "nor without a name");
	ok(rw_file_mkdirs("/", &err), "the root is there");
	ok(rw_file_write(path, "de", 2, RW_SYNC_NONE, &err),
		"a file in another one's place");
	rw_buf_reset(&read_back);
	ok(rw_file_read(path, &read_back, &err), "read again");
	is(rw_buf_text(&read_back), "de", "is the new one");
	rw_file_create(&file, path, &err);
	rw_file_discard(&file);
	unlink(path);
	ok(rmdir(deep) == 0, "discard leaves nothing behind");
	snprintf(deep, sizeof deep, "%s/a", dir);
	rmdir(deep);
	rmdir(dir);
	rw_buf_free(&read_back);
}

int
main(void)
{
	test_err();
	test_buf();
	test_money_parse();
	test_money_parse_sum();
	test_money_arithmetic();
	test_period();
	test_text();
	test_clock();
	test_cut();
	test_file();
	return done();
}
