#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/mime_header.h"
#include "tap.h"

#define A10 "aaaaaaaaaa"
#define A50 A10 A10 A10 A10 A10
#define HAN10 "\u5c71\u7530\u592a\u90ce\u5c71\u7530\u592a\u90ce\u5c71\u7530"

static const struct {
	const char *text, *expected;
} texts[] = {
	{"", "Subject:\r\n"},
	{"a", "Subject: a\r\n"},
	{"Report - June 2025", "Subject: Report - June 2025\r\n"},
	{A50 " bbbbbbbbbb ccccc", "Subject: " A50 " bbbbbbbbbb ccccc\r\n"},
	{A50 " bbbbbbbbbb cccccc", "Subject: " A50 " bbbbbbbbbb\r\n cccccc\r\n"},
	{"Gr\u00f6\u00dfe & S\u00f6hne Report - 2025",
		"Subject: =?UTF-8?B?R3LDtsOfZSAmIFPDtmhuZQ==?= Report - 2025\r\n"},
	{"Zo\u00eb Example", "Subject: =?UTF-8?Q?Zo=C3=AB?= Example\r\n"},
	{"for Zo\u00eb", "Subject: for =?UTF-8?Q?Zo=C3=AB?=\r\n"},
	{"=?utf-8?q?Bob?= x", "Subject: =?UTF-8?B?PT91dGYtOD9xP0JvYj89?= x\r\n"},
	{"a=?b", "Subject: =?UTF-8?Q?a=3D=3Fb?=\r\n"},
	{"a  b", "Subject: =?UTF-8?Q?a__b?=\r\n"},
	{" a", "Subject: =?UTF-8?Q?_a?=\r\n"},
	{"a ", "Subject: =?UTF-8?Q?a_?=\r\n"},
	{" ", "Subject: =?UTF-8?Q?_?=\r\n"},
	{A50 A10 "a b", "Subject: =?UTF-8?Q?" A50 "aaaaa?=\r\n"
		" =?UTF-8?Q?aaaaaa?= b\r\n"},
	{HAN10 HAN10, "Subject: "
		"=?UTF-8?B?5bGx55Sw5aSq6YOO5bGx55Sw5aSq6YOO5bGx55Sw5bGx55Sw5aSq?="
		"\r\n =?UTF-8?B?6YOO5bGx55Sw5aSq6YOO5bGx55Sw?=\r\n"},
};

static const struct {
	const char *name, *address, *expected;
} addresses[] = {
	{NULL, "a@x.example", "To: a@x.example\r\n"},
	{"", "a@x.example", "To: a@x.example\r\n"},
	{NULL, "a@x.example, b@y.example", "To: a@x.example, b@y.example\r\n"},
	{NULL, A50 "@x.example, b@y.example",
		"To: " A50 "@x.example,\r\n b@y.example\r\n"},
	{NULL, "=?a?b?c?=@x.example", "To: <=?a?b?c?=@x.example>\r\n"},
	{"Anna Example", "a@x.example", "To: Anna Example <a@x.example>\r\n"},
	{"Anna  Example", "a@x.example",
		"To: =?UTF-8?Q?Anna__Example?= <a@x.example>\r\n"},
	{"B. \"Bob\" \\ Co", "a@x.example",
		"To: \"B. \\\"Bob\\\" \\\\ Co\" <a@x.example>\r\n"},
	{"Bob, <x@y>", "a@x.example", "To: \"Bob, <x@y>\" <a@x.example>\r\n"},
	{"Zo\u00eb", "a@x.example", "To: =?UTF-8?Q?Zo=C3=AB?= <a@x.example>\r\n"},
	{"Zo\u00eb, (\"a\")", "a@x.example",
		"To: =?UTF-8?B?Wm/DqywgKCJhIik=?= <a@x.example>\r\n"},
	{"=?utf-8?q?Bob?=", "a@x.example",
		"To: =?UTF-8?B?PT91dGYtOD9xP0JvYj89?= <a@x.example>\r\n"},
	{"a \"=?utf-8?q?Bob?=\"", "a@x.example",
		"To: =?UTF-8?B?YSAiPT91dGYtOD9xP0JvYj89Ig==?= <a@x.example>\r\n"},
};

static const struct {
	const char *value, *expected, *old;
} parameters[] = {
	{"a.pdf", ";\r\n\tname=\"a.pdf\"", ";\r\n\tname=\"a.pdf\""},
	{"a b\"\\.pdf", ";\r\n\tname=\"a b\\\"\\\\.pdf\"",
		";\r\n\tname=\"a b\\\"\\\\.pdf\""},
	{"Gr\u00f6\u00dfe.pdf", ";\r\n\tname*=UTF-8''Gr%C3%B6%C3%9Fe.pdf",
		";\r\n\tname=\"=?UTF-8?B?R3LDtsOfZS5wZGY=?=\""},
	{"100%\u00f6'*.pdf", ";\r\n\tname*=UTF-8''100%25%C3%B6%27%2A.pdf",
		";\r\n\tname=\"=?UTF-8?B?MTAwJcO2JyoucGRm?=\""},
	{"=?x?.pdf", ";\r\n\tname*=UTF-8''%3D%3Fx%3F.pdf",
		";\r\n\tname=\"=?UTF-8?B?PT94Py5wZGY=?=\""},
	{A50 A10 "a", ";\r\n\tname*0*=UTF-8''" A50 "aa;\r\n"
		"\tname*1*=aaaaaaaaa", NULL},
	{HAN10, ";\r\n\tname*0*=UTF-8''%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E"
		"%E5%B1%B1;\r\n"
		"\tname*1*=%E7%94%B0%E5%A4%AA%E9%83%8E%E5%B1%B1%E7%94%B0",
		";\r\n\tname=\"=?UTF-8?B?5bGx55Sw5aSq6YOO5bGx55Sw5aSq6YOO5bGx55Sw?=\""},
};

/* One character of each length of UTF-8, and what cannot be in a Q word. */
static const char *const characters[] = {"a", "\u00f6", "\u03a9", "\u0416",
	"\u05d0", "\u0634", "\u0e01", "\u5c71", "\U0001f600", "?", "=", " x",
	"a\u0301"};

/* No line is too long, no word is, and none ends within a character. */
static bool
is_sound(const char *at)
{
	size_t len, word;
	const char *end;

	for (; *at != '\0'; at += len + 2) {
		end = strstr(at, "\r\n");
		len = end != NULL ? (size_t)(end - at) : strlen(at);
		word = strcspn(at, "=");
		if (word < len && at[word + 1] == '?') {
			end = strstr(at + word + 10, "?=");
			if (end == NULL || end + 2 - (at + word) > 75)
				return false;
		}
		if (len > 76 || at[len] == '\0')
			return len <= 76;
	}
	return true;
}

static void
test_lengths(void)
{
	size_t i, n, k;

	for (i = 0; i < sizeof characters / sizeof *characters; i++) {
		bool good = true;

		for (n = 1; n < 300 && good; n++) {
			struct rw_buf text = {0}, out = {0};

			for (k = 0; k < n; k++)
				rw_buf_adds(&text, characters[i]);
			rw_mime_add_text_field(&out, "Subject", text.data);
			rw_mime_add_address_field(&out, "To", text.data,
				"anna@example.com");
			rw_buf_adds(&out, "X: y");
			rw_mime_add_parameter(&out, "filename", text.data);
			rw_mime_add_old_parameter(&out, "name", text.data);
			good = is_sound(rw_buf_text(&out));
			if (!good)
				printf("# %zu times: %s\n", n,
					rw_buf_text(&out));
			rw_buf_free(&text);
			rw_buf_free(&out);
		}
		ok(good, "fields of any length of \"%s\" have short lines",
			characters[i]);
	}
}

static void
test_texts(void)
{
	struct rw_buf out = {0};
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		rw_buf_reset(&out);
		rw_mime_add_text_field(&out, "Subject", texts[i].text);
		is(rw_buf_text(&out), texts[i].expected, "text %zu: %s",
			i, texts[i].text);
	}
	for (i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		rw_buf_reset(&out);
		rw_mime_add_address_field(&out, "To", addresses[i].name,
			addresses[i].address);
		is(rw_buf_text(&out), addresses[i].expected,
			"address %zu: %s", i, addresses[i].address);
	}
	for (i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		rw_buf_reset(&out);
		rw_mime_add_parameter(&out, "name", parameters[i].value);
		is(rw_buf_text(&out), parameters[i].expected,
			"parameter %zu: %s", i, parameters[i].value);
		rw_buf_reset(&out);
		rw_mime_add_old_parameter(&out, "name", parameters[i].value);
		if (parameters[i].old != NULL)
			is(rw_buf_text(&out), parameters[i].old,
				"old parameter %zu: %s", i,
				parameters[i].value);
	}
	rw_buf_free(&out);
}

int
main(void)
{
	struct rw_buf out = {0};

	test_texts();
	test_lengths();
	rw_mime_add_date_field(&out, 1751328600);
	rw_mime_add_date_field(&out, 951782400);
	is(rw_buf_text(&out), "Date: Tue, 01 Jul 2025 00:10:00 +0000\r\n"
		"Date: Tue, 29 Feb 2000 00:00:00 +0000\r\n", "dates");
	rw_buf_free(&out);
	return done();
}
