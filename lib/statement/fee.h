/*
 * The exact commission on one month.
 *
 * monthly: for a month that ends in profit the commission is rate x P&L. For
 * any other month it is zero, and the loss is not carried into the next month.
 *
 * hwm: the commission is charged only on the part of the month's P&L that lifts
 * the balance above its highest value so far. The balance is the opening
 * balance plus the P&L, before commission. The base is at most the month's P&L,
 * so that a deposit never counts as profit.
 *
 * The amount is rounded once, half away from zero, to the currency's minor
 * unit. All amounts and percentages are in the units of base/money.h.
 *
 * Errors: RW_DATA for a rate outside 0 to 100, for hwm without a mark or an
 * opening balance (a missing one never counts as 0), and for an overflow.
 */
#ifndef RW_STATEMENT_FEE_H
#define RW_STATEMENT_FEE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/money.h"

enum rw_fee_model {
	RW_FEE_MONTHLY,
	RW_FEE_HWM,
};

struct rw_fee_terms {
	enum rw_fee_model model;
	int64_t rate;		/* percent: 20 percent is 200000 */
	int digits;		/* decimals of the currency's minor unit */
	bool has_opening, has_mark;
	int64_t opening, mark;	/* balances, for hwm */
};

/* Why the amount is what it is. */
enum rw_fee_reason {
	RW_FEE_DUE,
	RW_FEE_NO_TRADES,	/* no trading day in the month */
	RW_FEE_NO_PROFIT,	/* the month's P&L is zero or less */
	RW_FEE_BELOW_MARK,	/* the balance ends at the mark or below it */
	RW_FEE_FREE,		/* the rate is 0 percent */
	RW_FEE_TOO_SMALL,	/* less than half a minor unit */
};

struct rw_fee {
	enum rw_fee_reason reason;
	int64_t base;		/* what the rate applies to; 0 or more */
	int64_t amount;		/* rounded */
	char unrounded[RW_MONEY_SIZE];	/* base x rate / 100 in full */
	int64_t closing;	/* balance; only for hwm */
	int64_t mark_after;	/* only for hwm */
};

/* days: the number of trading days that total is the sum of. */
bool
rw_fee_compute(const struct rw_fee_terms *terms, int64_t total, size_t days,
	struct rw_fee *fee, struct rw_err *err);

/* "monthly" or "hwm". */
bool
rw_fee_model_parse(const char *text, enum rw_fee_model *model,
	struct rw_err *err);

#endif
