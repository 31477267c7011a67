#include "statement/fee.h"

#include <string.h>

static const int64_t whole = 100 * RW_MONEY_ONE;

static bool
check_terms(const struct rw_fee_terms *terms, struct rw_err *err)
{
	if (terms->rate < 0 || terms->rate > whole)
		return rw_fail(err, RW_DATA, "commission_pct is not between 0 "
			"and 100");
	if (terms->model == RW_FEE_MONTHLY)
		return true;
	if (!terms->has_mark)
		return rw_fail(err, RW_DATA, "the fee model hwm needs "
			"high_water_mark, from the line or the ledger");
	if (!terms->has_opening)
		return rw_fail(err, RW_DATA, "the fee model hwm needs "
			"opening_balance");
	return true;
}

/* Computes the part of the P&L above the mark, and both balances. */
static bool
above_mark(const struct rw_fee_terms *terms, int64_t total,
	struct rw_fee *fee, struct rw_err *err)
{
	int64_t above;

	if (!rw_money_add(terms->opening, total, &fee->closing) ||
	    !rw_money_add(fee->closing, -terms->mark, &above))
		return rw_fail(err, RW_DATA, "the closing balance is too large");
	fee->mark_after = fee->closing > terms->mark ? fee->closing :
		terms->mark;
	fee->base = above < total ? above : total;
	return true;
}

static enum rw_fee_reason
find_reason(const struct rw_fee_terms *terms, int64_t total, size_t days,
	const struct rw_fee *fee)
{
	if (days == 0)
		return RW_FEE_NO_TRADES;
	if (total <= 0)
		return RW_FEE_NO_PROFIT;
	if (fee->base == 0)
		return RW_FEE_BELOW_MARK;
	if (terms->rate == 0)
		return RW_FEE_FREE;
	return fee->amount == 0 ? RW_FEE_TOO_SMALL : RW_FEE_DUE;
}

bool
rw_fee_compute(const struct rw_fee_terms *terms, int64_t total, size_t days,
	struct rw_fee *fee, struct rw_err *err)
{
	*fee = (struct rw_fee){.base = total};
	if (!check_terms(terms, err))
		return false;
	if (terms->model == RW_FEE_HWM &&
	    !above_mark(terms, total, fee, err))
		return false;
	if (fee->base < 0)
		fee->base = 0;
	if (!rw_money_percent(fee->base, terms->rate, terms->digits,
	    &fee->amount))
		return rw_fail(err, RW_DATA, "the commission is too large");
	rw_money_percent_text(fee->unrounded, fee->base, terms->rate,
		terms->digits);
	fee->reason = find_reason(terms, total, days, fee);
	return true;
}

bool
rw_fee_model_parse(const char *text, enum rw_fee_model *model,
	struct rw_err *err)
{
	if (strcmp(text, "monthly") == 0)
		*model = RW_FEE_MONTHLY;
	else if (strcmp(text, "hwm") == 0)
		*model = RW_FEE_HWM;
	else
		return rw_fail(err, RW_USAGE, "\"%s\" is not a fee model: "
			"expected monthly or hwm", text);
	return true;
}
