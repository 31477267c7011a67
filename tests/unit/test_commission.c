#include "base/buf.h"
#include "followers/commission.h"
#include "tap.h"

/* ---- what is compared --------------------------------------------------- */

static const struct {
	const char *name, *line;	/* more members */
	struct rw_commission row;
	const char *said;		/* NULL: the same */
} cases[] = {
	{"nothing", "", {.currency = ""}, NULL},
	{"the same", ",\"iban\":\"DE89370400440532013000\",\"email\":"
		"\"a@b.example\",\"currency\":\"EUR\"",
		{.iban = "DE89370400440532013000", .email = "a@b.example",
		.currency = "EUR"}, NULL},
	{"blanks and case of the IBAN",
		",\"iban\":\"de89 3704 0044 0532 0130 00\"",
		{.iban = "DE89370400440532013000"}, NULL},
	{"another IBAN", ",\"iban\":\"DE89370400440532013000\"",
		{.iban = "FR1420041010050500013M02606"},
		"iban is DE89...3000, and follower_iban is FR14...2606"},
	{"a short IBAN", ",\"iban\":\"DE89370400440532013000\"",
		{.iban = "DE89"}, "iban is DE89...3000, and follower_iban is "
		"one that is too short"},
	{"an IBAN on one side", ",\"email\":\"a@b.example\"",
		{.iban = "DE89370400440532013000"}, NULL},
	{"the domain's case", ",\"email\":\"a@B.Example\"",
		{.email = "a@b.eXample"}, NULL},
	{"the local part's case", ",\"email\":\"A@b.example\"",
		{.email = "a@b.example"},
		"email is A@b.example, and follower_email is a@b.example"},
	{"a longer local part", ",\"email\":\"aa@b.example\"",
		{.email = "a@b.example"},
		"email is aa@b.example, and follower_email is a@b.example"},
	{"no address", ",\"email\":\"a\"", {.email = "b"},
		"email is a, and follower_email is b"},
	{"another currency", ",\"currency\":\"USD\"", {.currency = "EUR"},
		"currency is USD, and commission_currency is EUR"},
	{"all of them", ",\"currency\":\"USD\",\"email\":\"a@x\",\"iban\":"
		"\"DE89370400440532013000\"",
		{.currency = "EUR", .email = "b@x",
		.iban = "DE02120300000000202051"},
		"currency is USD, and commission_currency is EUR; iban is "
		"DE89...3000, and follower_iban is DE02...2051; email is a@x, "
		"and follower_email is b@x"},
	{"a row that says nothing", ",\"currency\":\"USD\"",
		{.currency = "EUR", .wrong = {.kind = RW_DATA, .message = "bad"}}, "bad"},
};

static void
parse(struct rw_record *record, const char *more)
{
	struct rw_buf text = {0};
	struct rw_err err = {0};

	rw_buf_addf(&text, "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\"%s}", more);
	ok(rw_record_parse(record, text.data, text.len, NULL, &err), "%s",
		err.message);
	rw_buf_free(&text);
}

static void
try_case(size_t i)
{
	struct rw_record record = {0};
	struct rw_err err = {0};

	parse(&record, cases[i].line);
	is(rw_commission_apply(&cases[i].row, &record, &err) ? NULL :
		err.message, cases[i].said, "%s", cases[i].name);
	rw_record_free(&record);
}

/* ---- what is set -------------------------------------------------------- */

static void
try_members(void)
{
	const struct rw_commission row = {.has_total = true, .total = -12345,
		.has_amount = true, .amount = 0, .has_rate = true,
		.rate = 125000, .currency = "CHF", .paid_on = "2025-07-03",
		.reference = "x \"y\""};
	struct rw_record record = {0};
	struct rw_buf out = {0};
	struct rw_err err = {0};

	parse(&record, "");
	ok(rw_commission_apply(&row, &record, &err), "set");
	rw_line_add_to(&record.line, &out);
	is(rw_buf_text(&out), "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"expected_total_pnl\":\"-1.2345\","
		"\"expected_commission\":\"0.00\","
		"\"expected_commission_pct\":\"12.5\","
		"\"commission_paid_on\":\"2025-07-03\","
		"\"commission_reference\":\"x \\\"y\\\"\","
		"\"currency\":\"CHF\"}\n", "all of them");
	rw_buf_free(&out);
	rw_record_free(&record);
}

/* ---- which row ---------------------------------------------------------- */

/* "ID TOTAL", with commas. */
static bool
next_row(void *self, struct rw_commission *row, bool *found,
	struct rw_err *err)
{
	const char **at = self;
	int used = 0;
	long total = 0;

	*found = false;
	if (**at == '\0')
		return true;
	if (**at == '!')
		return rw_fail(err, RW_UNREACHABLE, "gone");
	*found = sscanf(*at, "%15s %ld%n", row->id, &total, &used) == 2;
	row->has_total = true;
	row->total = total * 10000;
	*at += used;
	*at += **at == ',';
	return true;
}

static const struct {
	const char *name, *rows, *expected;	/* of a, c and d */
} finds[] = {
	{"none", "", "- - -"},
	{"each", "a 1,c 2,d 3", "1 2 3"},
	{"strangers", "A 1,b 2,c 3,cc 4,e 5", "- 3 -"},
	{"twice the same", "a 1,a 1,d 3", "1 - 3"},
	{"two different ones", "a 1,a 2,a 1,c 3", "? 3 -"},
	{"gone", "a 1,!", "! ! !"},
};

static void
try_find(size_t i)
{
	const char *at = finds[i].rows, *const ids[] = {"a", "c", "d"};
	struct rw_commission_reader reader = {.source = {&at, next_row,
		NULL}};
	const struct rw_commission *row;
	struct rw_buf got = {0};
	struct rw_err err;
	size_t n;

	for (n = 0; n < 3; n++) {
		rw_buf_adds(&got, n > 0 ? " " : "");
		if (!rw_commission_find(&reader, ids[n], &row, &err))
			rw_buf_addc(&got, '!');
		else if (row == NULL)
			rw_buf_addc(&got, '-');
		else if (row->wrong.kind != RW_OK)
			rw_buf_addc(&got, '?');
		else
			rw_buf_addf(&got, "%d", (int)(row->total / 10000));
	}
	is(rw_buf_text(&got), finds[i].expected, "%s", finds[i].name);
	rw_buf_free(&got);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		try_case(i);
	try_members();
	for (i = 0; i < sizeof finds / sizeof finds[0]; i++)
		try_find(i);
	return done();
}
