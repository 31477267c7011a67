#include "statement/expected.h"

#include "base/money.h"
#include "record/change.h"

bool
rw_expected_read(struct rw_expected *expected, struct rw_record *record,
	struct rw_err *err)
{
	return rw_record_optional_money(record, RW_M_EXPECTED_TOTAL_PNL,
			&expected->has_total, &expected->total, err) &&
		rw_record_optional_money(record, RW_M_EXPECTED_COMMISSION,
			&expected->has_amount, &expected->amount, err) &&
		rw_record_optional_money(record, RW_M_EXPECTED_COMMISSION_PCT,
			&expected->has_rate, &expected->rate, err);
}

static bool
is_same_money(int64_t a, int64_t b, int digits)
{
	return rw_money_round(a, digits, &a) && rw_money_round(b, digits, &b) &&
		a == b;
}

/* The platform keeps four decimals. Rounding these again would make 24.70 of
 * 24.69496, although the correct amount is 24.69. */
static bool
is_same_amount(const struct rw_expected *expected,
	const struct rw_statement *s)
{
	int64_t kept;

	return is_same_money(expected->amount, s->fee.amount, s->minor) ||
		(rw_money_percent(s->fee.base, s->in.fee.rate,
		RW_MONEY_DECIMALS, &kept) && kept == expected->amount);
}

static void
differ_in(struct rw_buf *differ, const char *member, int64_t expected,
	const char *ours, int64_t amount, const struct rw_statement *s)
{
	char one[RW_MONEY_SIZE], other[RW_MONEY_SIZE];

	rw_money_text(one, expected, s->minor);
	rw_money_text(other, amount, s->minor);
	rw_buf_addf(differ, "%s%s is %s %s, and %s %s", differ->len > 0 ?
		"; " : "", member, one, s->in.currency, ours, other);
}

static void
tell_rates(struct rw_buf *differ, const struct rw_expected *expected,
	const struct rw_statement *s)
{
	char one[RW_MONEY_SIZE], other[RW_MONEY_SIZE];

	if (!expected->has_rate || expected->rate == s->in.fee.rate)
		return;
	rw_money_text(one, expected->rate, 0);
	rw_money_text(other, s->in.fee.rate, 0);
	rw_buf_addf(differ, " (expected_commission_pct is %s, and "
		"commission_pct %s)", one, other);
}

static void
tell_change(struct rw_buf *differ, const struct rw_expected *expected,
	const struct rw_statement *s)
{
	char total[RW_MONEY_SIZE], largest[RW_MONEY_SIZE];
	char times[RW_MONEY_SIZE];

	rw_money_text(total, s->total, s->minor);
	rw_money_text(largest, expected->largest, s->minor);
	rw_money_text(times, expected->max_change, 0);
	rw_buf_addf(differ, "%sthe P&L is %s %s, more than %s times that of "
		"the largest month in the ledger, %s (RW_MAX_CHANGE)",
		differ->len > 0 ? "; " : "", total, s->in.currency, times,
		largest);
}

bool
rw_expected_check(const struct rw_expected *expected,
	const struct rw_statement *s, struct rw_err *err)
{
	struct rw_buf differ = {0};
	bool same;

	if (expected->has_total &&
	    !is_same_money(expected->total, s->total, s->minor))
		differ_in(&differ, RW_M_EXPECTED_TOTAL_PNL, expected->total,
			"the days add up to", s->total, s);
	if (expected->has_amount && s->in.fee.model == RW_FEE_MONTHLY &&
	    !is_same_amount(expected, s)) {
		differ_in(&differ, RW_M_EXPECTED_COMMISSION, expected->amount,
			"the commission comes to", s->fee.amount, s);
		tell_rates(&differ, expected, s);
	}
	if (rw_change_is_over(s->total, expected->largest,
	    expected->max_change))
		tell_change(&differ, expected, s);
	same = differ.len == 0 && rw_buf_ok(&differ, "a comparison", err);
	if (differ.len > 0)
		rw_fail(err, RW_DATA, "%s", rw_buf_text(&differ));
	rw_buf_free(&differ);
	return same;
}
