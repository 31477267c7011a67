#include <stdlib.h>

#include "tap.h"
#include "record/record.h"
#include "record/members.h"

static bool
parse(struct rw_record *r, const char *text, const char *period,
	struct rw_err *err)
{
	struct rw_period p = {0};

	if (period != NULL)
		rw_period_parse(period, &p, NULL);
	r->number = 7;
	return rw_record_parse(r, text, strlen(text),
		period != NULL ? &p : NULL, err);
}

static void
test_parse(void)
{
	static const struct {
		const char *text, *period, *error;
		enum rw_kind kind;
	} cases[] = {
		{"{\"follower_id\":\"f\",\"report_period\":\"2025-06\"}", NULL,
			NULL, RW_OK},
		{"{\"follower_id\":\"f\"}", "2025-06", NULL, RW_OK},
		{"{\"follower_id\":\"f\"}", NULL, "report_period is missing",
			RW_DATA},
		{"{\"follower_id\":\"f\",\"report_period\":\"2025-05\"}",
			"2025-06", "report_period is \"2025-05\", and --period "
			"asks for 2025-06", RW_DATA},
		{"{\"follower_id\":\"../../etc\",\"report_period\":"
			"\"2025-06\"}", NULL, "follower_id is \"../../etc\": "
			"expected 1 to 128 of A-Z a-z 0-9 . _ - and no dot at "
			"the start", RW_DATA},
		{"{\"follower_id\":\"f\",\"report_period\":\"2025-13\"}", NULL,
			"report_period: \"2025-13\" is not a valid month: "
			"expected YYYY-MM, from 1970-01 to 9999-12", RW_DATA},
		{"{\"follower_id\":17}", "2025-06", "follower_id: expected a "
			"string, found a number", RW_DATA},
		{"{\"follower_id\":\"a\\u0000b\"}", "2025-06", "follower_id: "
			"a NUL (\\u0000) in a string", RW_DATA},
		{"[1]", NULL, "byte 1: expected an object in { }",
			RW_UNREADABLE},
	};
	struct rw_record r = {0};
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good = parse(&r, cases[i].text, cases[i].period, &err);

		is(good ? NULL : err.message, cases[i].error, "%s",
			cases[i].text);
		if (!good)
			is_int(err.kind, cases[i].kind, "kind");
	}
	parse(&r, "{\"follower_id\":\"f\"}", "2025-06", &err);
	is(rw_record_label(&r), "f 2025-06", "label");
	parse(&r, "{}", NULL, &err);
	is(rw_record_label(&r), "line 7", "label without an id");
	rw_record_free(&r);
}

static void
test_get(void)
{
	static const char text[] = "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"s\":\"x\",\"m\":\"-1.50\",\"n\":2.25,\"z\":null,"
		"\"t\":true,\"i\":12,\"time\":\"2025-07-01T00:10:00Z\","
		"\"bad\":[1],\"long\":1.00001}";
	struct rw_record r = {0};
	const char *value;
	struct rw_err err;
	int64_t n;
	bool b;

	ok(parse(&r, text, NULL, &err), "parse");
	ok(rw_record_money(&r, "m", &n, &err) && n == -15000, "string money");
	ok(rw_record_money(&r, "n", &n, &err) && n == 22500, "number money");
	ok(!rw_record_money(&r, "bad", &n, &err), "an array is not an amount");
	is(err.message, "bad: expected a decimal number, found an array",
		"says so");
	ok(!rw_record_money(&r, "long", &n, &err), "five decimals");
	is(err.message, "long: 1.00001 has more than 4 decimals", "says so");
	ok(rw_record_optional_money(&r, "z", &b, &n, &err) && !b, "null");
	ok(!rw_record_money(&r, "z", &n, &err), "null is missing");
	ok(rw_record_optional_int(&r, "i", 0, &n, &err) && n == 12, "int");
	ok(rw_record_optional_int(&r, "none", 5, &n, &err) && n == 5,
		"default int");
	ok(!rw_record_optional_int(&r, "n", 0, &n, &err), "2.25 is not an int");
	ok(rw_record_optional_bool(&r, "t", &b, &err) && b, "bool");
	ok(!rw_record_optional_bool(&r, "i", &b, &err), "12 is not a bool");
	ok(rw_record_optional_time(&r, "time", &b, &n, &err) && b &&
		n == 1751328600, "time");
	ok(!rw_record_optional_time(&r, "s", &b, &n, &err), "x is not a time");
	ok(rw_record_optional_string(&r, "none", "d", &value, &err), "string");
	is(value, "d", "default");
	rw_record_free(&r);
}

static void
test_error(void)
{
	struct rw_err failure = {RW_UNREACHABLE, true, "it \"broke\"", false}, err;
	struct rw_record r = {0};
	struct rw_buf out = {0};

	parse(&r, "{\"follower_id\":\"f\",\"report_period\":\"2025-06\"}",
		NULL, &err);
	ok(rw_record_error_tool(&r) == NULL, "no error");
	rw_record_set_error(&r, "rw-put", &failure);
	rw_record_set_money(&r, RW_M_TOTAL_PNL, 1255000, 2);
	rw_record_set_time(&r, RW_M_SENT_TIMESTAMP, 0);
	rw_line_add_to(&r.line, &out);
	is(rw_buf_text(&out), "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"error\":{\"tool\":\"rw-put\",\"kind\":"
		"\"unreachable\",\"message\":\"it \\\"broke\\\"\","
		"\"retryable\":true},\"total_pnl\":\"125.50\","
		"\"sent_timestamp\":\"1970-01-01T00:00:00Z\"}\n", "written");
	is(rw_record_error_tool(&r), "rw-put", "whose");
	is(rw_record_error_message(&r), "it \"broke\"", "what");
	parse(&r, "{\"follower_id\":\"f\",\"report_period\":\"2025-06\","
		"\"error\":5}", NULL, &err);
	is(rw_record_error_tool(&r), "", "an error of another form");
	rw_record_free(&r);
	rw_buf_free(&out);
}

#define HEAD "{\"follower_id\":\"f\",\"report_period\":\"2025-06\""

/* What is left of the members behind HEAD. */
static const char *
as_input(struct rw_record *r, const char *members, struct rw_buf *out)
{
	struct rw_buf text = {0};
	struct rw_err err;

	rw_buf_adds(&text, HEAD);
	rw_buf_adds(&text, members);
	rw_buf_adds(&text, "}");
	ok(parse(r, rw_buf_text(&text), NULL, &err), "parse %s", members);
	rw_record_make_input(r);
	rw_buf_reset(out);
	rw_line_add_to(&r->line, out);
	rw_buf_free(&text);
	return rw_buf_text(out);
}

static void
test_make_input(void)
{
	static const struct {
		const char *members, *left;
	} cases[] = {
		{",\"x\": 0.10 ,\"Pdf_Path\":\"a\"",
			",\"x\": 0.10 ,\"Pdf_Path\":\"a\""},
		{",\"pdf_path\":\"/etc/passwd\",\"x\":1e2", ",\"x\":1e2"},
		{",\"pdf\\u005fpath\":\"/etc/passwd\"", ""},
		{",\"revision\":7,\"claim\":null,\"state\":[1]", ""},
		{",\"error\":{\"tool\":\"rw-gen\"}", ""},
		{",\"error\":{\"tool\":\"rw-sign\"}", ""},
		{",\"error\":{\"kind\":1,\"tool\":\"rw-mail\"}", ""},
		{",\"error\":null", ",\"error\":null"},
		{",\"error\":{\"tool\":\"rw-list\"}",
			",\"error\":{\"tool\":\"rw-list\"}"},
		{",\"error\":{\"tool\":\"rw-record\"}",
			",\"error\":{\"tool\":\"rw-record\"}"},
		{",\"error\":{\"tool\":\"rw-new\"},\"pdf_url\":\"u\"",
			",\"error\":{\"tool\":\"rw-new\"}"},
		{",\"error\":{\"tool\":\"rw-put \"}",
			",\"error\":{\"tool\":\"rw-put \"}"},
		{",\"error\":\"rw-put\"", ",\"error\":\"rw-put\""},
		{",\"error\":{}", ",\"error\":{}"},
		{",\"error\":{\"tool\":{\"tool\":\"rw-put\"}}",
			",\"error\":{\"tool\":{\"tool\":\"rw-put\"}}"},
		{",\"error\":{\"tool\":\"rw-put\\u0000\"}",
			",\"error\":{\"tool\":\"rw-put\\u0000\"}"},
	};
	struct rw_record r = {0};
	struct rw_buf out = {0}, want = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		rw_buf_reset(&want);
		rw_buf_addf(&want, HEAD "%s}\n", cases[i].left);
		is(as_input(&r, cases[i].members, &out), rw_buf_text(&want),
			"%s", cases[i].members);
	}
	rw_record_free(&r);
	rw_buf_free(&out);
	rw_buf_free(&want);
}

/* Each row: what the member's name says in the table is what happens. */
static void
test_members(void)
{
	struct rw_record r = {0};
	struct rw_buf text = {0}, out = {0};
	size_t i, j;

	for (i = 0; i < rw_record_member_count; i++) {
		const struct rw_member *m = &rw_record_members[i];
		bool stays = m->group == RW_G_INPUT ||
			m->group == RW_G_ERROR || m->group == RW_G_LEDGER;

		for (j = 0; j < i; j++)
			ok(strcmp(m->name, rw_record_members[j].name) != 0,
				"%s once", m->name);
		if (i < 2)
			continue;	/* they are in HEAD */
		rw_buf_reset(&text);
		rw_buf_addf(&text, ",\"%s\":1", m->name);
		as_input(&r, rw_buf_text(&text), &out);
		is_int(rw_line_get(&r.line, m->name).text != NULL, stays,
			"%s", m->name);
	}
	rw_record_free(&r);
	rw_buf_free(&text);
	rw_buf_free(&out);
}

static void
test_whose_error(void)
{
	static const struct {
		const char *tool;
		bool after_gen, is_mailed;
	} cases[] = {{"rw-list", false, false}, {"rw-record", false, false},
		{"rw-gen", false, false}, {"rw-sign", true, false},
		{"rw-put", true, true}, {"rw-presign", true, true},
		{"rw-verify", true, true}, {"rw-mail", true, false},
		{"rw-new", false, false}, {"", false, false}};
	struct rw_err failure = {RW_DATA, false, "x", false}, err;
	struct rw_record r = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		parse(&r, HEAD "}", NULL, &err);
		rw_record_set_error(&r, cases[i].tool, &failure);
		is_int(rw_record_failed_after(&r, "rw-gen"),
			cases[i].after_gen, "%s after rw-gen", cases[i].tool);
		is_int(rw_record_may_be_mailed(&r), cases[i].is_mailed,
			"%s may be mailed", cases[i].tool);
	}
	parse(&r, HEAD "}", NULL, &err);
	ok(!rw_record_failed_after(&r, "rw-gen") &&
		rw_record_may_be_mailed(&r), "no error");
	rw_record_free(&r);
}

int
main(void)
{
	test_make_input();
	test_members();
	test_whose_error();
	test_parse();
	test_get();
	test_error();
	return done();
}
