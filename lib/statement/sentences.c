#include "statement/sentences.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "statement/words.h"

/* ---- figures ----------------------------------------------------------- */

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
		rw_buf_adds(out, rw_word(RW_WORD_NOT_AVAILABLE));
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

/* ---- head and foot ----------------------------------------------------- */

static void
add_month(const struct rw_statement *s, struct rw_buf *out)
{
	char month[32];

	rw_period_words(month, s->in.period);
	rw_buf_adds(out, month);
}

void
rw_statement_days(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "1 \xe2\x80\x93 %d ", rw_period_days(s->in.period));
	add_month(s, out);
}

void
rw_statement_title(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "%s, ", rw_word(RW_WORD_MONTHLY_STATEMENT));
	add_month(s, out);
}

void
rw_statement_subject(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "%s %s", rw_word(RW_WORD_STATEMENT), s->number);
}

void
rw_statement_page(const char *page, const char *pages, struct rw_buf *out)
{
	rw_buf_addf(out, "Page %s of %s", page, pages);
}

/* ---- results ----------------------------------------------------------- */

void
rw_statement_wins(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "%" PRId64 " of %zu",
		s->figures[RW_WINNING_DAYS].value, s->in.count);
}

void
rw_statement_on_day(const struct rw_statement *s, int day, struct rw_buf *out)
{
	rw_buf_addf(out, ", %d ", day);
	add_month(s, out);
}

void
rw_statement_day_note(const struct rw_statement *s,
	const struct rw_figure *figure, struct rw_buf *out)
{
	rw_buf_adds(out, s->in.currency);
	if (figure->day == 0)
		return;
	rw_statement_on_day(s, figure->day, out);
}

void
rw_statement_no_days(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_adds(out, "There was no trading day in ");
	add_month(s, out);
	rw_buf_addc(out, '.');
}

void
rw_statement_cumulative_note(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_adds(out, "month's end ");
	rw_statement_money(s, s->total, s->digits, out);
}

/* 1st, 22nd, 13th */
static const char *
ordinal(int day)
{
	if (day / 10 == 1)
		return "th";
	return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" :
		day % 10 == 3 ? "rd" : "th";
}

static void
add_day(const struct rw_statement *s, const char *word,
	enum rw_figure_name name, struct rw_buf *out)
{
	rw_buf_adds(out, word);
	rw_statement_money(s, s->figures[name].value, s->digits, out);
	if (name == RW_MAX_DRAWDOWN && s->figures[RW_DRAWDOWN_SHARE].known) {
		rw_buf_adds(out, " (");
		rw_percent_text(out, s->figures[RW_DRAWDOWN_SHARE].value);
		rw_buf_addc(out, ')');
	}
	rw_buf_addf(out, " on the %d%s", s->figures[name].day,
		ordinal(s->figures[name].day));
}

void
rw_statement_drawdown_note(const struct rw_statement *s, struct rw_buf *out)
{
	if (s->figures[RW_MAX_DRAWDOWN].value < 0)
		add_day(s, "lowest ", RW_MAX_DRAWDOWN, out);
	else
		rw_buf_adds(out, s->in.currency);
}

void
rw_statement_daily_note(const struct rw_statement *s, struct rw_buf *out)
{
	if (rw_statement_is_flat(s)) {
		rw_buf_adds(out, s->in.currency);
	} else if (s->in.count == 1) {
		add_day(s, "", RW_BEST_DAY, out);
	} else {
		add_day(s, "best ", RW_BEST_DAY, out);
		add_day(s, ", worst ", RW_WORST_DAY, out);
	}
}

/* ---- commission -------------------------------------------------------- */

/* For a commission that is due: the amount that the rate was applied to. */
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

/* By how much the balance is below the mark, and the consequence. */
static void
add_below_mark(const struct rw_statement *s, struct rw_buf *out)
{
	int64_t below = s->fee.mark_after - s->fee.closing;

	if (s->in.fee.model != RW_FEE_HWM || below <= 0)
		return;
	rw_buf_addc(out, ' ');
	rw_statement_money(s, below, s->digits, out);
	rw_buf_adds(out, " below the mark: the next ");
	rw_statement_money(s, below, s->digits, out);
	rw_buf_adds(out, " are free of commission.");
}

static void
add_reason(const struct rw_statement *s, struct rw_buf *out)
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
rw_statement_why(const struct rw_statement *s, struct rw_buf *out)
{
	add_reason(s, out);
	add_below_mark(s, out);
}

void
rw_statement_rounding(const struct rw_statement *s, struct rw_buf *out)
{
	static const char *const units[] = {
		"1", "0.1", "0.01", "0.001", "0.0001"};

	rw_buf_addf(out, "Once, half up, to %s %s", units[s->minor],
		s->in.currency);
}

/* ---- definitions ------------------------------------------------------- */

enum when { ALWAYS, WITH_MONTHLY, WITH_HWM, WITH_BALANCE };

static const struct {
	enum when when;
	enum rw_word term, meaning;
} definitions[] = {
	{ALWAYS, RW_WORD_TRADING_DAY, RW_WORD_MEANS_TRADING_DAY},
	{ALWAYS, RW_WORD_NET_PNL, RW_WORD_MEANS_NET_PNL},
	{ALWAYS, RW_WORD_CUMULATIVE, RW_WORD_MEANS_CUMULATIVE},
	{ALWAYS, RW_WORD_DRAWDOWN, RW_WORD_MEANS_DRAWDOWN},
	{ALWAYS, RW_WORD_WINNING_DAY, RW_WORD_MEANS_WINNING_DAY},
	{ALWAYS, RW_WORD_AVERAGES, RW_WORD_MEANS_AVERAGES},
	{ALWAYS, RW_WORD_PROFIT_FACTOR, RW_WORD_MEANS_PROFIT_FACTOR},
	{WITH_MONTHLY, RW_WORD_COMMISSION, RW_WORD_MEANS_COMMISSION_MONTHLY},
	{WITH_HWM, RW_WORD_COMMISSION, RW_WORD_MEANS_COMMISSION_HWM},
	{WITH_HWM, RW_WORD_MARK, RW_WORD_MEANS_MARK},
	{WITH_BALANCE, RW_WORD_RETURN, RW_WORD_MEANS_RETURN},
	{ALWAYS, RW_WORD_NOT_AVAILABLE, RW_WORD_MEANS_NOT_AVAILABLE},
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

bool
rw_statement_definition(const struct rw_statement *s, size_t index,
	struct rw_definition *definition)
{
	size_t i;

	for (i = 0; i < sizeof definitions / sizeof *definitions; i++) {
		if (!applies(s, definitions[i].when) || index-- != 0)
			continue;
		definition->term = rw_word(definitions[i].term);
		definition->meaning = rw_word(definitions[i].meaning);
		return true;
	}
	return false;
}
