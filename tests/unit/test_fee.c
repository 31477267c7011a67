/*
 * Commission models, and the rounding of one amount.
 */
#include "tap.h"
#include "statement/fee.h"

#define M(units) ((int64_t)(units) * RW_MONEY_ONE)

static const struct {
	const char *name;
	int64_t total, rate;
	int digits;
	size_t days;
	int64_t base, amount;
	const char *unrounded;
	enum rw_fee_reason reason;
} monthly[] = {
	{"a profit", M(1000), M(20), 2, 20, M(1000), M(200), "200.00",
		RW_FEE_DUE},
	{"a loss", M(-1000), M(20), 2, 20, 0, 0, "0.00", RW_FEE_NO_PROFIT},
	{"exactly nothing", 0, M(20), 2, 3, 0, 0, "0.00", RW_FEE_NO_PROFIT},
	{"no day", 0, M(20), 2, 0, 0, 0, "0.00", RW_FEE_NO_TRADES},
	{"a rate of 0", M(1000), 0, 2, 20, M(1000), 0, "0.00", RW_FEE_FREE},
	{"half a cent goes up", 500, M(10), 2, 1, 500, 100, "0.005",
		RW_FEE_DUE},
	{"less than half a cent", 499, M(10), 2, 1, 499, 0, "0.00499",
		RW_FEE_TOO_SMALL},
	{"half a yen goes up", M(25), M(10), 0, 1, M(25), M(3), "2.5",
		RW_FEE_DUE},
	{"three decimals", 12345, M(10), 3, 1, 12345, 1230, "0.12345",
		RW_FEE_DUE},
	{"a fraction of a percent", M(1000), 125000, 2, 1, M(1000), M(125),
		"125.00", RW_FEE_DUE},
	{"all ten decimals", 1, 1, 2, 1, 1, 0, "0.0000000001",
		RW_FEE_TOO_SMALL},
	{"more than 64 bits between", 999999999999999999, M(100), 2, 1,
		999999999999999999, 1000000000000000000,
		"99999999999999.9999", RW_FEE_DUE},
};

static void
test_monthly(void)
{
	struct rw_fee fee;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof monthly / sizeof *monthly; i++) {
		struct rw_fee_terms terms = {.rate = monthly[i].rate,
			.digits = monthly[i].digits};
		const char *name = monthly[i].name;

		ok(rw_fee_compute(&terms, monthly[i].total, monthly[i].days,
			&fee, &err), "%s is computed", name);
		is_int(fee.base, monthly[i].base, "%s: base", name);
		is_int(fee.amount, monthly[i].amount, "%s: amount", name);
		is(fee.unrounded, monthly[i].unrounded, "%s: in full", name);
		is_int(fee.reason, monthly[i].reason, "%s: reason", name);
	}
}

static const struct {
	const char *name;
	int64_t opening, mark, total;
	int64_t base, after;
	enum rw_fee_reason reason;
} marked[] = {
	{"from the mark upwards", M(1000), M(1000), M(100), M(100), M(1100),
		RW_FEE_DUE},
	{"through the mark", M(950), M(1000), M(100), M(50), M(1050),
		RW_FEE_DUE},
	{"up to the mark", M(900), M(1000), M(100), 0, M(1000),
		RW_FEE_BELOW_MARK},
	{"below the mark", M(800), M(1000), M(100), 0, M(1000),
		RW_FEE_BELOW_MARK},
	{"a loss from the mark", M(1000), M(1000), M(-100), 0, M(1000),
		RW_FEE_NO_PROFIT},
	{"a deposit is not profit", M(5000), M(1000), M(100), M(100),
		M(5100), RW_FEE_DUE},
	{"a loss far above an old mark", M(5000), M(1000), M(-100), 0,
		M(4900), RW_FEE_NO_PROFIT},
	{"a mark below zero", M(-50), M(-20), M(40), M(10), M(-10),
		RW_FEE_DUE},
};

static void
test_marked(void)
{
	struct rw_fee fee;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof marked / sizeof *marked; i++) {
		struct rw_fee_terms terms = {.model = RW_FEE_HWM,
			.rate = M(20), .digits = 2, .has_mark = true,
			.has_opening = true, .mark = marked[i].mark,
			.opening = marked[i].opening};
		const char *name = marked[i].name;

		ok(rw_fee_compute(&terms, marked[i].total, 5, &fee, &err),
			"%s is computed", name);
		is_int(fee.base, marked[i].base, "%s: base", name);
		is_int(fee.amount, marked[i].base / 5, "%s: amount", name);
		is_int(fee.mark_after, marked[i].after, "%s: mark", name);
		is_int(fee.closing, marked[i].opening + marked[i].total,
			"%s: closing balance", name);
		is_int(fee.reason, marked[i].reason, "%s: reason", name);
	}
}

static const struct {
	const char *name;
	struct rw_fee_terms terms;
	int64_t total;
	const char *words;
} refused[] = {
	{"a rate below 0", {.rate = -1}, M(1), "between 0 and 100"},
	{"a rate above 100", {.rate = M(100) + 1}, M(1), "between 0 and 100"},
	{"hwm without a mark", {.model = RW_FEE_HWM, .has_opening = true},
		M(1), "needs high_water_mark"},
	{"hwm without a balance", {.model = RW_FEE_HWM, .has_mark = true},
		M(1), "needs opening_balance"},
	{"a balance that does not fit", {.model = RW_FEE_HWM,
		.has_mark = true, .has_opening = true, .opening = INT64_MAX},
		M(1), "too large"},
};

static void
test_refused(void)
{
	struct rw_fee fee;
	size_t i;

	for (i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct rw_err err = {0};

		ok(!rw_fee_compute(&refused[i].terms, refused[i].total, 1,
			&fee, &err), "%s is refused", refused[i].name);
		is_int(err.kind, RW_DATA, "%s: kind", refused[i].name);
		ok(strstr(err.message, refused[i].words) != NULL, "%s: %s",
			refused[i].name, err.message);
	}
}

int
main(void)
{
	enum rw_fee_model model = RW_FEE_HWM;
	struct rw_err err = {0};

	test_monthly();
	test_marked();
	test_refused();
	ok(rw_fee_model_parse("monthly", &model, &err) &&
		model == RW_FEE_MONTHLY, "monthly is a model");
	ok(rw_fee_model_parse("hwm", &model, &err) && model == RW_FEE_HWM,
		"hwm is a model");
	ok(!rw_fee_model_parse("HWM ", &model, &err) && err.kind == RW_USAGE,
		"anything else is none");
	return done();
}
