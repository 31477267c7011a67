#include "statement/statement.h"

#include <stdio.h>

#include "base/currency.h"
#include "statement/words.h"

static struct rw_figure *
figure_of(struct rw_statement *s, enum rw_figure_name name)
{
	return &s->figures[name];
}

static void
set_figure(struct rw_statement *s, enum rw_figure_name name, int64_t value)
{
	figure_of(s, name)->value = value;
	figure_of(s, name)->known = true;
}

static void
name_figures(struct rw_statement *s)
{
	static const struct {
		enum rw_word label;
		enum rw_figure_kind kind;
	} names[RW_FIGURES] = {
		[RW_TRADING_DAYS] = {RW_WORD_TRADING_DAYS, RW_FIGURE_COUNT},
		[RW_WINNING_DAYS] = {RW_WORD_WINNING_DAYS, RW_FIGURE_COUNT},
		[RW_LOSING_DAYS] = {RW_WORD_LOSING_DAYS, RW_FIGURE_COUNT},
		[RW_UNCHANGED_DAYS] = {RW_WORD_UNCHANGED_DAYS, RW_FIGURE_COUNT},
		[RW_WINNING_SHARE] = {RW_WORD_WINNING_SHARE, RW_FIGURE_PERCENT},
		[RW_AVERAGE_DAY] = {RW_WORD_AVERAGE_DAY, RW_FIGURE_MONEY},
		[RW_AVERAGE_WIN] = {RW_WORD_AVERAGE_WIN, RW_FIGURE_MONEY},
		[RW_AVERAGE_LOSS] = {RW_WORD_AVERAGE_LOSS, RW_FIGURE_MONEY},
		[RW_BEST_DAY] = {RW_WORD_BEST_DAY, RW_FIGURE_MONEY},
		[RW_WORST_DAY] = {RW_WORD_WORST_DAY, RW_FIGURE_MONEY},
		[RW_GROSS_PROFIT] = {RW_WORD_GROSS_PROFIT, RW_FIGURE_MONEY},
		[RW_GROSS_LOSS] = {RW_WORD_GROSS_LOSS, RW_FIGURE_MONEY},
		[RW_PROFIT_FACTOR] = {RW_WORD_PROFIT_FACTOR, RW_FIGURE_RATIO},
		[RW_WINNING_STREAK] = {RW_WORD_WINNING_STREAK,
			RW_FIGURE_COUNT},
		[RW_LOSING_STREAK] = {RW_WORD_LOSING_STREAK,
			RW_FIGURE_COUNT},
		[RW_MAX_DRAWDOWN] = {RW_WORD_MAX_DRAWDOWN, RW_FIGURE_MONEY},
		[RW_OPENING_BALANCE] = {RW_WORD_OPENING_BALANCE,
			RW_FIGURE_MONEY},
		[RW_CLOSING_BALANCE] = {RW_WORD_CLOSING_BALANCE,
			RW_FIGURE_MONEY},
		[RW_RETURN] = {RW_WORD_RETURN, RW_FIGURE_PERCENT},
		[RW_DRAWDOWN_SHARE] = {RW_WORD_DRAWDOWN_SHARE,
			RW_FIGURE_PERCENT},
	};
	int i;

	for (i = 0; i < RW_FIGURES; i++)
		s->figures[i] = (struct rw_figure){
			.label = rw_word(names[i].label),
			.kind = names[i].kind};
}

/* The number of decimals that every P&L of this month needs. */
static int
find_digits(const struct rw_statement *s)
{
	int digits = s->minor, needed;
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		needed = rw_money_decimals(s->in.days[i].pnl);
		if (needed > digits)
			digits = needed;
	}
	return digits;
}

static bool
add_up(struct rw_statement *s, struct rw_err *err)
{
	int64_t highest = 0, deepest = 0;
	int peak = 0;
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		struct rw_statement_day *day = &s->in.days[i];

		if (!rw_money_add(s->total, day->pnl, &s->total) ||
		    !rw_money_add(s->total, -highest, &day->drawdown))
			return rw_fail(err, RW_DATA, "the sum of daily_pnl is "
				"too large");
		day->cumulative = s->total;
		if (day->drawdown >= 0) {
			highest = s->total;
			day->drawdown = 0;
			peak = day->date.day;
		}
		if (day->drawdown < deepest) {
			deepest = day->drawdown;
			s->peak_day = peak;
			figure_of(s, RW_MAX_DRAWDOWN)->day = day->date.day;
		}
	}
	if (s->in.count > 0)
		set_figure(s, RW_MAX_DRAWDOWN, deepest);
	return true;
}

/* add_up has checked the sum of all days. When the days have different signs,
 * the sums of the winning and of the losing days are larger, so that each needs
 * its own check. */
static bool
count_days(struct rw_statement *s, struct rw_err *err)
{
	int64_t won = 0, lost = 0;
	int64_t wins = 0, losses = 0;
	bool fits = true;
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		int64_t pnl = s->in.days[i].pnl;

		wins += pnl > 0;
		losses += pnl < 0;
		fits = fits && rw_money_add(pnl > 0 ? won : lost, pnl,
			pnl > 0 ? &won : &lost);
	}
	if (!fits)
		return rw_fail(err, RW_DATA, "the sum of daily_pnl is too "
			"large");
	set_figure(s, RW_TRADING_DAYS, (int64_t)s->in.count);
	set_figure(s, RW_WINNING_DAYS, wins);
	set_figure(s, RW_LOSING_DAYS, losses);
	set_figure(s, RW_UNCHANGED_DAYS, (int64_t)s->in.count - wins - losses);
	if (s->in.count > 0) {
		set_figure(s, RW_GROSS_PROFIT, won);
		set_figure(s, RW_GROSS_LOSS, lost);
	}
	return true;
}

static void
find_extremes(struct rw_statement *s)
{
	struct rw_figure *best = figure_of(s, RW_BEST_DAY);
	struct rw_figure *worst = figure_of(s, RW_WORST_DAY);
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		const struct rw_statement_day *day = &s->in.days[i];

		if (!best->known || day->pnl > best->value) {
			set_figure(s, RW_BEST_DAY, day->pnl);
			best->day = day->date.day;
		}
		if (!worst->known || day->pnl < worst->value) {
			set_figure(s, RW_WORST_DAY, day->pnl);
			worst->day = day->date.day;
		}
	}
}

static void
find_streaks(struct rw_statement *s)
{
	int64_t winning = 0, losing = 0;
	size_t i;

	if (s->in.count == 0)
		return;
	set_figure(s, RW_WINNING_STREAK, 0);
	set_figure(s, RW_LOSING_STREAK, 0);
	for (i = 0; i < s->in.count; i++) {
		int64_t pnl = s->in.days[i].pnl;

		winning = pnl > 0 ? winning + 1 : 0;
		losing = pnl < 0 ? losing + 1 : 0;
		if (winning > figure_of(s, RW_WINNING_STREAK)->value)
			set_figure(s, RW_WINNING_STREAK, winning);
		if (losing > figure_of(s, RW_LOSING_STREAK)->value)
			set_figure(s, RW_LOSING_STREAK, losing);
	}
}

static void
set_quotient(struct rw_statement *s, enum rw_figure_name name,
	int64_t numerator, int64_t denominator, int digits)
{
	int64_t value;

	if (rw_money_divide(numerator, denominator, digits, &value))
		set_figure(s, name, value);
}

static void
find_ratios(struct rw_statement *s)
{
	int64_t days = figure_of(s, RW_TRADING_DAYS)->value;
	int64_t wins = figure_of(s, RW_WINNING_DAYS)->value;
	int64_t losses = figure_of(s, RW_LOSING_DAYS)->value;
	int64_t won = figure_of(s, RW_GROSS_PROFIT)->value;
	int64_t lost = figure_of(s, RW_GROSS_LOSS)->value;

	set_quotient(s, RW_WINNING_SHARE, 100 * wins, days, 1);
	set_quotient(s, RW_AVERAGE_DAY, s->total, days * RW_MONEY_ONE,
		s->digits);
	set_quotient(s, RW_AVERAGE_WIN, won, wins * RW_MONEY_ONE, s->digits);
	set_quotient(s, RW_AVERAGE_LOSS, lost, losses * RW_MONEY_ONE,
		s->digits);
	set_quotient(s, RW_PROFIT_FACTOR, won, -lost, 2);
}

static bool
find_balances(struct rw_statement *s, struct rw_err *err)
{
	int64_t opening = s->in.fee.opening, closing, share;

	if (!s->in.fee.has_opening)
		return true;
	if (!rw_money_add(opening, s->total, &closing))
		return rw_fail(err, RW_DATA, "the closing balance is too "
			"large");
	set_figure(s, RW_OPENING_BALANCE, opening);
	set_figure(s, RW_CLOSING_BALANCE, closing);
	if (opening > 0 && rw_money_divide(s->total, opening, 4, &share) &&
	    share < INT64_MAX / 100 && share > INT64_MIN / 100)
		set_figure(s, RW_RETURN, 100 * share);
	return true;
}

/* The deepest drawdown in percent of the highest balance before it. Unknown
 * when a balance is not above zero, or too large. */
static void
find_drawdown_share(struct rw_statement *s)
{
	int64_t deepest = 0, peak, share;
	size_t i;

	if (!s->in.fee.has_opening || s->in.count == 0)
		return;
	for (i = 0; i < s->in.count; i++) {
		const struct rw_statement_day *day = &s->in.days[i];

		if (!rw_money_add(s->in.fee.opening, day->cumulative -
		    day->drawdown, &peak) || peak <= 0 ||
		    !rw_money_divide(day->drawdown, peak, 4, &share) ||
		    share < INT64_MIN / 100)
			return;
		deepest = share < deepest ? share : deepest;
	}
	set_figure(s, RW_DRAWDOWN_SHARE, 100 * deepest);
}

bool
rw_statement_is_flat(const struct rw_statement *s)
{
	return s->figures[RW_WINNING_DAYS].value == 0 &&
		s->figures[RW_LOSING_DAYS].value == 0;
}

bool
rw_statement_build(struct rw_statement *s,
	const struct rw_statement_input *input, struct rw_err *err)
{
	char period[RW_PERIOD_SIZE];

	*s = (struct rw_statement){.in = *input};
	rw_period_text(period, input->period);
	if (!rw_currency_digits(input->currency, &s->minor, err))
		return false;
	snprintf(s->number, sizeof s->number, "%s-%s", period,
		input->follower_id);
	if (input->revision > 1)
		snprintf(s->number, sizeof s->number, "%s-%s-r%lld", period,
			input->follower_id, (long long)input->revision);
	if (s->in.issued.year == 0)
		s->in.issued = rw_date_later((struct rw_date){
			input->period.year, input->period.month, 1},
			(unsigned)rw_period_days(input->period));
	name_figures(s);
	s->digits = find_digits(s);
	if (!add_up(s, err) || !count_days(s, err) || !find_balances(s, err))
		return false;
	find_extremes(s);
	find_streaks(s);
	find_ratios(s);
	find_drawdown_share(s);
	s->in.fee.digits = s->minor;
	return rw_fee_compute(&s->in.fee, s->total, s->in.count, &s->fee, err);
}
