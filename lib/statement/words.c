/*
 * The statement's words, so that every form of it says the same.
 */
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "statement/statement.h"

void
rw_percent_text(struct rw_buf *out, int64_t percent)
{
	char text[RW_MONEY_SIZE];

	rw_money_grouped(text, percent, 0);
	rw_buf_addf(out, "%s %%", text);
}

static void
add_amount(struct rw_buf *out, int64_t amount, int digits)
{
	char text[RW_MONEY_SIZE];

	rw_money_grouped(text, amount, digits);
	rw_buf_adds(out, text);
}

void
rw_figure_text(const struct rw_statement *statement,
	const struct rw_figure *figure, struct rw_buf *out)
{
	if (!figure->known) {
		rw_buf_adds(out, "n/a");
		return;
	}
	switch (figure->kind) {
	case RW_FIGURE_MONEY:
		add_amount(out, figure->value, statement->digits);
		break;
	case RW_FIGURE_COUNT:
		rw_buf_addf(out, "%" PRId64, figure->value);
		break;
	case RW_FIGURE_RATIO:
		add_amount(out, figure->value, 2);
		break;
	case RW_FIGURE_PERCENT:
		rw_percent_text(out, figure->value);
		break;
	}
}

void
rw_statement_money(const struct rw_statement *statement, int64_t amount,
	int digits, struct rw_buf *out)
{
	add_amount(out, amount, digits);
	rw_buf_addf(out, " %s", statement->in.currency);
}

void
rw_statement_unrounded(const struct rw_statement *s, struct rw_buf *out)
{
	const char *text = s->fee.unrounded;
	size_t left = strcspn(text, ".");

	for (; left > 0; left--, text++) {
		rw_buf_addc(out, *text);
		if (left % 3 == 1 && left > 1)
			rw_buf_addc(out, ',');
	}
	rw_buf_addf(out, "%s %s", text, s->in.currency);
}

/* For a commission that is due: what the rate was applied to. */
static void
add_basis(const struct rw_statement *s, struct rw_buf *out)
{
	rw_percent_text(out, s->in.fee.rate);
	rw_buf_adds(out, " of ");
	rw_statement_money(s, s->fee.base, s->digits, out);
	if (s->in.fee.model == RW_FEE_MONTHLY)
		rw_buf_adds(out, ", the month's net P&L.");
	else if (s->fee.base == s->total)
		rw_buf_adds(out, ", the month's net P&L, all of it above the "
			"high-water mark.");
	else
		rw_buf_adds(out, ", the part of the month's net P&L above the "
			"high-water mark.");
}

void
rw_statement_why(const struct rw_statement *s, struct rw_buf *out)
{
	switch (s->fee.reason) {
	case RW_FEE_DUE:
		add_basis(s, out);
		break;
	case RW_FEE_NO_TRADES:
		rw_buf_adds(out, "No commission: there was no trading day in "
			"this month.");
		break;
	case RW_FEE_NO_PROFIT:
		rw_buf_adds(out, "No commission: the month did not end in "
			"profit.");
		break;
	case RW_FEE_BELOW_MARK:
		rw_buf_adds(out, "No commission: the closing balance of ");
		rw_statement_money(s, s->fee.closing, s->digits, out);
		rw_buf_adds(out, " is not above the high-water mark.");
		break;
	case RW_FEE_FREE:
		rw_buf_adds(out, "No commission: the rate is 0 %.");
		break;
	case RW_FEE_TOO_SMALL:
		rw_buf_adds(out, "No commission: ");
		rw_statement_unrounded(s, out);
		rw_buf_adds(out, " rounds to zero.");
		break;
	}
}

void
rw_statement_rounding(const struct rw_statement *s, struct rw_buf *out)
{
	static const char *const units[] = {
		"1", "0.1", "0.01", "0.001", "0.0001"};

	rw_buf_addf(out, "Once, half up, to %s %s", units[s->minor],
		s->in.currency);
}

void
rw_statement_reference(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "Commission %s", s->number);
}

enum when { ALWAYS, WITH_MONTHLY, WITH_HWM, WITH_BALANCE };

static const struct {
	enum when when;
	struct rw_definition definition;
} definitions[] = {
	{ALWAYS, {"Trading day", "A day with a P&L, also one of zero. It ends "
		"at the market's close in the time zone shown. No day is "
		"estimated or filled in."}},
	{ALWAYS, {"Net P&L", "The sum of the daily P&L of the month."}},
	{ALWAYS, {"Cumulative", "The sum of the daily P&L from the start of "
		"the month to the end of that day."}},
	{ALWAYS, {"Drawdown", "The cumulative P&L less its highest value so "
		"far in the month, which begins at zero. The max drawdown is "
		"the lowest of them."}},
	{ALWAYS, {"Winning day", "A day with a P&L above zero; a losing day "
		"is below. A day of zero is unchanged and ends a streak."}},
	{ALWAYS, {"Averages", "The sum over the number of days, rounded half "
		"up to the decimals shown."}},
	{ALWAYS, {"Profit factor", "Gross profit (the sum of the winning "
		"days) over gross loss (the sum of the losing days)."}},
	{WITH_MONTHLY, {"Commission", "The rate on the month's net P&L when "
		"that is above zero; a loss is not carried into the next "
		"month. Computed exactly and rounded once."}},
	{WITH_HWM, {"Commission", "The rate on the part of the month's net "
		"P&L that lifts the balance above the high-water mark. "
		"Computed exactly and rounded once."}},
	{WITH_HWM, {"High-water mark", "The highest closing balance so far, "
		"before commission. The mark after is the higher of the mark "
		"before and the closing balance."}},
	{WITH_BALANCE, {"Return", "Net P&L over the opening balance. Closing "
		"balance: opening balance plus net P&L, before commission."}},
	{ALWAYS, {"n/a", "The figure cannot be formed from this month's "
		"days."}},
};

static bool
applies(const struct rw_statement *s, enum when when)
{
	switch (when) {
	case ALWAYS:
		return true;
	case WITH_MONTHLY:
		return s->in.fee.model == RW_FEE_MONTHLY;
	case WITH_HWM:
		return s->in.fee.model == RW_FEE_HWM;
	case WITH_BALANCE:
		return s->in.fee.has_opening;
	}
	return false;
}

const struct rw_definition *
rw_statement_definition(const struct rw_statement *s, size_t index)
{
	size_t i;

	for (i = 0; i < sizeof definitions / sizeof *definitions; i++)
		if (applies(s, definitions[i].when) && index-- == 0)
			return &definitions[i].definition;
	return NULL;
}
