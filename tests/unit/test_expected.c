#include "base/money.h"
#include "statement/expected.h"
#include "tap.h"

/* "": not there. said: of the message; NULL: the same. */
static const struct {
	const char *name, *currency, *pnl, *rate;
	const char *total, *amount, *expected_rate;
	enum rw_fee_model model;
	const char *said;
} cases[] = {
	{"nothing expected", "EUR", "100", "20", "", "", "", 0, NULL},
	{"the same", "EUR", "100", "20", "100.00", "20", "20", 0, NULL},
	{"a loss", "EUR", "-5", "20", "-5", "0", "20", 0, NULL},
	{"less than a cent", "EUR", "100", "20", "100.0049", "20.0049", "", 0,
		NULL},
	{"a cent of P&L", "EUR", "100", "20", "100.01", "20", "", 0,
		"expected_total_pnl is 100.01 EUR, and the days add up to "
		"100.00"},
	{"half a cent of P&L", "EUR", "100", "20", "100.005", "20", "", 0,
		"expected_total_pnl is 100.005 EUR, and the days add up to "
		"100.00"},
	{"the sign", "EUR", "100", "20", "-100", "20", "", 0,
		"expected_total_pnl is -100.00 EUR, and the days add up to "
		"100.00"},
	{"a cent of commission", "EUR", "100", "20", "100", "20.01", "20", 0,
		"expected_commission is 20.01 EUR, and the commission comes "
		"to 20.00"},
	{"by another percentage", "EUR", "100", "20", "100", "25", "25", 0,
		"expected_commission is 25.00 EUR, and the commission comes "
		"to 20.00 (expected_commission_pct is 25, and commission_pct "
		"20)"},
	{"another percentage alone", "EUR", "-100", "20", "-100", "0", "25",
		0, NULL},
	{"both", "EUR", "100", "20", "90", "18", "", 0,
		"expected_total_pnl is 90.00 EUR, and the days add up to "
		"100.00; expected_commission is 18.00 EUR, and the commission "
		"comes to 20.00"},
	/* 24.69496: four decimals make it 24.6950. */
	{"rounded twice", "EUR", "123.4748", "20", "", "24.6950", "", 0,
		NULL},
	{"not that, though", "EUR", "123.4748", "20", "", "24.6951", "", 0,
		"expected_commission is 24.6951 EUR, and the commission comes "
		"to 24.69"},
	{"yen", "JPY", "100.4", "20", "100.1", "20.3", "", 0, NULL},
	{"a yen", "JPY", "100.4", "20", "100.5", "20", "", 0,
		"expected_total_pnl is 100.5 JPY, and the days add up to "
		"100.4"},
	{"dinar", "KWD", "100", "20", "100.001", "20", "", 0,
		"expected_total_pnl is 100.001 KWD, and the days add up to "
		"100.000"},
	{"hwm: the P&L alone", "EUR", "100", "20", "100", "99", "20",
		RW_FEE_HWM, NULL},
	{"hwm: and that", "EUR", "100", "20", "99", "20", "20", RW_FEE_HWM,
		"expected_total_pnl is 99.00 EUR, and the days add up to "
		"100.00"},
	{"the largest", "EUR", "99999999999999", "20", "99999999999999.9999",
		"19999999999999.8", "", 0, "expected_total_pnl is "
		"99999999999999.9999 EUR, and the days add up to "
		"99999999999999.00"},
};

static bool
read_one(const char *text, int64_t *amount)
{
	*amount = 0;
	return text[0] != '\0' &&
		rw_money_parse(text, strlen(text), amount, NULL);
}

static void
try_case(size_t i)
{
	struct rw_statement_input input = {.follower_id = "f", .name = "",
		.zone = "UTC", .period = {2025, 6}, .revision = 1, .count = 1,
		.days = {{.date = {2025, 6, 2}}},
		.fee = {.model = cases[i].model, .has_opening = true,
		.has_mark = true}};
	struct rw_expected expected = {0};
	struct rw_statement statement;
	struct rw_err err = {0};
	bool same;

	memcpy(input.currency, cases[i].currency, sizeof input.currency);
	read_one(cases[i].pnl, &input.days[0].pnl);
	read_one(cases[i].rate, &input.fee.rate);
	expected.has_total = read_one(cases[i].total, &expected.total);
	expected.has_amount = read_one(cases[i].amount, &expected.amount);
	expected.has_rate = read_one(cases[i].expected_rate, &expected.rate);
	ok(rw_statement_build(&statement, &input, &err), "%s: %s",
		cases[i].name, err.message);
	same = rw_expected_check(&expected, &statement, &err);
	is(same ? NULL : err.message, cases[i].said, "%s", cases[i].name);
}

static void
try_reading(void)
{
	static const char good[] = "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"expected_total_pnl\":1.5,"
		"\"expected_commission\":null}";
	static const char bad[] = "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"expected_commission\":\"1,5\"}";
	struct rw_record record = {0};
	struct rw_expected expected = {0};
	struct rw_err err = {0};

	ok(rw_record_parse(&record, good, strlen(good), NULL, &err) &&
		rw_expected_read(&expected, &record, &err), "a number");
	ok(expected.has_total && expected.total == 15000 &&
		!expected.has_amount && !expected.has_rate,
		"null is not there");
	ok(rw_record_parse(&record, bad, strlen(bad), NULL, &err) &&
		!rw_expected_read(&expected, &record, &err) &&
		err.kind == RW_DATA && strstr(err.message,
		"expected_commission") != NULL, "malformed: %s", err.message);
	rw_record_free(&record);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		try_case(i);
	try_reading();
	return done();
}
