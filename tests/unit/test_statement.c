/*
 * The statement's figures, its texts, and the records that it requires.
 */
#include "tap.h"
#include "statement/payment.h"
#include "statement/sentences.h"
#include "statement/words.h"
#include "statement/input.h"

/* ---- from days ------------------------------------------------------- */

/* A month from P&L in text, one a day from the first. */
static struct rw_statement
month(const char *currency, const char *const *pnl)
{
	struct rw_statement_input in = {.follower_id = "f-1", .name = "",
		.zone = "America/New_York", .period = {2025, 6},
		.revision = 1, .fee.rate = 20 * RW_MONEY_ONE};
	struct rw_statement s;
	struct rw_err err = {0};

	strcpy(in.currency, currency);
	for (; *pnl != NULL; pnl++, in.count++) {
		in.days[in.count].date = (struct rw_date){2025, 6,
			(int)in.count + 1};
		rw_money_parse(*pnl, strlen(*pnl), &in.days[in.count].pnl,
			&err);
	}
	ok(rw_statement_build(&s, &in, &err), "a month is built %s",
		err.message);
	return s;
}

static const char *
text(const struct rw_statement *s, enum rw_figure_name name)
{
	static char out[128];
	struct rw_buf buf = {0};

	rw_figure_text(s, &s->figures[name], &buf);
	snprintf(out, sizeof out, "%s", rw_buf_text(&buf));
	rw_buf_free(&buf);
	return out;
}

static const struct {
	const char *name;
	const char *currency;
	const char *pnl[8];
	const char *figures[RW_MAX_DRAWDOWN + 1];
} months[] = {
	{"ups and downs", "EUR", {"100", "-50.5", "0", "200", "10", "-300"},
		{"6", "3", "2", "1", "50 %", "-6.75", "103.33", "-175.25",
		"200.00", "-300.00", "310.00", "-350.50", "0.88", "2", "1",
		"-300.00"}},
	{"nothing", "EUR", {NULL},
		{"0", "0", "0", "0", "n/a", "n/a", "n/a", "n/a", "n/a", "n/a",
		"n/a", "n/a", "n/a", "n/a", "n/a", "n/a"}},
	{"one win", "JPY", {"1500"},
		{"1", "1", "0", "0", "100 %", "1,500", "1,500", "n/a",
		"1,500", "1,500", "1,500", "0", "n/a", "1", "0", "0"}},
	{"all losses", "USD", {"-1", "-2", "-3.5"},
		{"3", "0", "3", "0", "0 %", "-2.17", "n/a", "-2.17", "-1.00",
		"-3.50", "0.00", "-6.50", "0.00", "0", "3", "-6.50"}},
	{"four decimals", "EUR", {"0.0001", "1.5"},
		{"2", "2", "0", "0", "100 %", "0.7501", "0.7501", "n/a",
		"1.5000", "0.0001", "1.5001", "0.0000", "n/a", "2", "0",
		"0.0000"}},
	{"all unchanged", "EUR", {"0", "0.00"},
		{"2", "0", "0", "2", "0 %", "0.00", "n/a", "n/a", "0.00",
		"0.00", "0.00", "0.00", "n/a", "0", "0", "0.00"}},
};

static void
test_months(void)
{
	size_t i;
	int f;

	for (i = 0; i < sizeof months / sizeof *months; i++) {
		struct rw_statement s = month(months[i].currency,
			months[i].pnl);

		for (f = 0; f <= RW_MAX_DRAWDOWN; f++)
			is(text(&s, (enum rw_figure_name)f),
				months[i].figures[f], "%s: %s",
				months[i].name, s.figures[f].label);
	}
}

static void
test_series(void)
{
	static const char *const pnl[] = {"10", "-30", "5", "40", "-8", NULL};
	static const int64_t cumulative[] = {10, -20, -15, 25, 17};
	static const int64_t drawdown[] = {0, -30, -25, 0, -8};
	struct rw_statement s = month("EUR", pnl);
	size_t i;

	for (i = 0; i < 5; i++) {
		is_int(s.in.days[i].cumulative, cumulative[i] * RW_MONEY_ONE,
			"cumulative, day %zu", i + 1);
		is_int(s.in.days[i].drawdown, drawdown[i] * RW_MONEY_ONE,
			"drawdown, day %zu", i + 1);
	}
	is_int(s.peak_day, 1, "the max drawdown begins on day 1");
	is_int(s.figures[RW_MAX_DRAWDOWN].day, 2, "and ends on day 2");
	is_int(s.figures[RW_BEST_DAY].day, 4, "the best day is day 4");
	is_int(s.figures[RW_WORST_DAY].day, 2, "the worst day is day 2");
}

/* Deepest at once: the peak is the start of the month, not a day. */
static void
test_drawdown_from_start(void)
{
	static const char *const pnl[] = {"-10", "5", NULL};
	struct rw_statement s = month("EUR", pnl);

	is_int(s.peak_day, 0, "a drawdown from the start of the month");
	is_int(s.figures[RW_MAX_DRAWDOWN].value, -10 * RW_MONEY_ONE,
		"is measured from zero");
}

static void
test_drawdown_share(void)
{
	static const char *const pnl[] = {"100", "-110", "1000", "-400", NULL};
	struct rw_statement_input in = month("EUR", pnl).in;
	struct rw_statement s;
	struct rw_err err = {0};

	in.follower_id = "f";
	in.name = "";
	ok(!month("EUR", pnl).figures[RW_DRAWDOWN_SHARE].known,
		"without a balance the drawdown has no percentage");
	in.fee.has_opening = true;
	in.fee.opening = 1000 * RW_MONEY_ONE;
	ok(rw_statement_build(&s, &in, &err), "with a balance");
	is_int(s.figures[RW_DRAWDOWN_SHARE].value, -201000,
		"400 of the balance of 1,990 before it are 20.1 %%");
	in.fee.opening = -1000 * RW_MONEY_ONE;
	ok(rw_statement_build(&s, &in, &err) &&
		!s.figures[RW_DRAWDOWN_SHARE].known,
		"a balance below zero has no percentage");
}

static void
test_flat(void)
{
	static const char *const zeros[] = {"0", "0", NULL};
	static const char *const even[] = {"5", "-5", NULL};
	static const char *const none[] = {NULL};
	struct rw_statement s = month("EUR", zeros);

	ok(rw_statement_is_flat(&s), "zeros are flat");
	s = month("EUR", none);
	ok(rw_statement_is_flat(&s), "and so is a month without days");
	s = month("EUR", even);
	ok(!rw_statement_is_flat(&s), "a sum of zero alone is not");
}

static void
test_overflow(void)
{
	struct rw_statement_input in = {.follower_id = "f", .name = "",
		.currency = "EUR", .period = {2025, 6}, .revision = 1};
	struct rw_statement s;
	struct rw_err err = {0};

	for (; in.count < 11; in.count++)
		in.days[in.count] = (struct rw_statement_day){
			.date = {2025, 6, (int)in.count + 1},
			.pnl = 999999999999999999};
	ok(!rw_statement_build(&s, &in, &err), "a sum that does not fit");
	is(err.message, "the sum of daily_pnl is too large", "is an error");
}

/* ---- words ----------------------------------------------------------- */

static void
is_text(void (*add)(const struct rw_statement *, struct rw_buf *),
	const struct rw_statement *s, const char *expected)
{
	struct rw_buf buf = {0};

	add(s, &buf);
	is(rw_buf_text(&buf), expected, "%.60s", expected);
	rw_buf_free(&buf);
}

static void
test_words(void)
{
	static const char *const gain[] = {"1000", "250.5", NULL};
	static const char *const loss[] = {"-1", NULL};
	static const char *const little[] = {"0.01", NULL};
	struct rw_statement s = month("EUR", gain);

	is_text(rw_statement_why, &s, "20 % of 1,250.50 EUR, the month's net "
		"P&L.");
	is_text(rw_statement_rounding, &s, "Once, half up, to 0.01 EUR");
	is_text(rw_statement_unrounded, &s, "250.10 EUR");
	is_text(rw_payment_reference, &s, "Commission 2025-06-f-1");
	s = month("JPY", loss);
	is_text(rw_statement_rounding, &s, "Once, half up, to 1 JPY");
	is_text(rw_statement_why, &s, "No commission: the month did not end "
		"in profit.");
	s = month("EUR", little);
	is_text(rw_statement_why, &s, "No commission: 0.002 EUR rounds to "
		"zero.");
}

static void
test_grouping(void)
{
	static const char *const cases[][2] = {
		{"50000000000000", "10,000,000,000,000.00 EUR"},
		{"6172839.5", "1,234,567.90 EUR"}, {"500", "100.00 EUR"},
		{"4999.999", "999.9998 EUR"}, {"5000", "1,000.00 EUR"}};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const pnl[] = {cases[i][0], NULL};
		struct rw_statement s = month("EUR", pnl);

		is_text(rw_statement_unrounded, &s, cases[i][1]);
	}
}

static void
test_definitions(void)
{
	static const char *const pnl[] = {"1", NULL};
	struct rw_statement s = month("EUR", pnl);
	struct rw_definition definition;
	size_t monthly = 0, hwm = 0;

	while (rw_statement_definition(&s, monthly, &definition))
		monthly++;
	s.in.fee.model = RW_FEE_HWM;
	s.in.fee.has_opening = true;
	while (rw_statement_definition(&s, hwm, &definition))
		hwm++;
	is_int((int64_t)monthly, 9, "definitions, monthly");
	is_int((int64_t)hwm, 11, "definitions, hwm with balances");
}

static void
test_word_table(void)
{
	int i, missing = 0;

	for (i = 0; i < RW_WORDS; i++)
		missing += rw_word((enum rw_word)i) == NULL;
	is_int(missing, 0, "each word of the table has a text");
}

/* ---- from a record --------------------------------------------------- */

#define LINE(members) "{\"follower_id\":\"f\",\"report_period\":\"2025-06\"," \
	members "}"

static const struct {
	const char *name, *line, *message;	/* NULL: is good */
} records[] = {
	{"a good one", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-06-02\":1.5,\"20250603\":\"-2\"}"), NULL},
	{"an empty month", LINE("\"commission_pct\":\"20\",\"daily_pnl\":{}"),
		NULL},
	{"no days at all", LINE("\"commission_pct\":20"), "daily_pnl"},
	{"days of null", LINE("\"commission_pct\":20,\"daily_pnl\":null"),
		"daily_pnl is null"},
	{"days in a list", LINE("\"commission_pct\":20,\"daily_pnl\":[1]"),
		"daily_pnl is an array"},
	{"a day twice", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-06-02\":1,\"2025-06-03\":1,\"20250602\":1}"),
		"daily_pnl \"20250602\": duplicate day"},
	{"a day of July", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-07-01\":1}"),
		"daily_pnl \"2025-07-01\": this day is not in 2025-06"},
	{"a day that is none", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-06-31\":1}"), "2025-06-31"},
	{"a P&L of null", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-06-02\":null}"), "expected a decimal number, found null"},
	{"a P&L of words", LINE("\"commission_pct\":20,\"daily_pnl\":"
		"{\"2025-06-02\":\"n/a\"}"), "\"n/a\" is not a decimal"},
	{"a P&L of five decimals", LINE("\"commission_pct\":20,"
		"\"daily_pnl\":{\"2025-06-02\":0.00001}"), "4 decimals"},
	{"no rate", LINE("\"daily_pnl\":{}"), "commission_pct"},
	{"a currency that is none", LINE("\"commission_pct\":20,"
		"\"currency\":\"EURO\",\"daily_pnl\":{}"), "\"EURO\""},
	{"a wrong IBAN", LINE("\"commission_pct\":20,\"daily_pnl\":{},"
		"\"iban\":\"DE00370400440532013000\""), "check digits"},
	{"a line end in the name", LINE("\"commission_pct\":20,"
		"\"daily_pnl\":{},\"name\":\"a\\r\\nb\""), "control"},
	{"a revision of 0", LINE("\"commission_pct\":20,"
		"\"daily_pnl\":{},\"revision\":0"), "revision"},
};

static void
test_records(void)
{
	struct rw_statement_defaults defaults = {.zone = "UTC"};
	struct rw_statement_input in;
	struct rw_record record = {0};
	size_t i;

	for (i = 0; i < sizeof records / sizeof *records; i++) {
		const char *line = records[i].line;
		struct rw_err err = {0};
		bool good = rw_record_parse(&record, line, strlen(line), NULL,
			&err) && rw_statement_read(&in, &record, &defaults,
			&err);

		is_int(good, records[i].message == NULL, "%s %s",
			records[i].name, err.message);
		if (records[i].message != NULL)
			ok(strstr(err.message, records[i].message) != NULL,
				"%s: %s", records[i].name, err.message);
	}
	rw_record_free(&record);
}

static void
test_order_and_default(void)
{
	static const char line[] = LINE("\"daily_pnl\":{\"20250630\":3,"
		"\"2025-06-02\":\"1.0\",\"2025-06-10\":2e0}");
	struct rw_statement_defaults defaults = {.zone = "UTC",
		.has_rate = true, .rate = 125000};
	struct rw_statement_input in;
	struct rw_record record = {0};
	struct rw_err err = {0};
	size_t i;

	ok(rw_record_parse(&record, line, sizeof line - 1, NULL, &err) &&
		rw_statement_read(&in, &record, &defaults, &err),
		"days in any order %s", err.message);
	is_int((int64_t)in.count, 3, "all three");
	for (i = 0; i < in.count; i++)
		is_int(in.days[i].pnl, (int64_t)(i + 1) * RW_MONEY_ONE,
			"day %zu is in its place", i + 1);
	is_int(in.fee.rate, 125000, "the rate is the default");
	is(in.currency, "EUR", "the currency is the default");
	rw_record_free(&record);
}

int
main(void)
{
	test_months();
	test_series();
	test_drawdown_from_start();
	test_drawdown_share();
	test_flat();
	test_overflow();
	test_words();
	test_grouping();
	test_definitions();
	test_word_table();
	test_records();
	test_order_and_default();
	return done();
}
