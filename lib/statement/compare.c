#include "statement/compare.h"

/* ---- the year --------------------------------------------------------------- */

static struct rw_period
months_before(struct rw_period period, int n)
{
	int months = period.year * 12 + period.month - 1 - n;

	return (struct rw_period){.year = months / 12,
		.month = months % 12 + 1};
}

static void
set_return(struct rw_year_month *month, bool has_opening, int64_t opening)
{
	int64_t share;

	month->has_return = has_opening && opening > 0 && rw_money_divide(
		month->pnl, opening, 4, &share) &&
		!__builtin_mul_overflow(share, 100, &month->yield);
}

static void
place_month(struct rw_year *year, const struct rw_earlier_month *earlier)
{
	struct rw_year_month *month = year->months;

	for (; month < year->months + RW_YEAR_MONTHS; month++) {
		if (month->period.year != earlier->period.year ||
		    month->period.month != earlier->period.month)
			continue;
		month->known = true;
		month->pnl = earlier->pnl;
		month->commission = earlier->commission;
		set_return(month, earlier->has_opening, earlier->opening);
	}
}

/* The sum with the statement's own month. */
static bool
add_own(struct rw_earlier_sum *sum, const struct rw_statement *s,
	struct rw_err *err)
{
	if (sum->months++ == 0)
		sum->first = s->in.period;
	return (rw_money_add(sum->pnl, s->total, &sum->pnl) &&
		rw_money_add(sum->commission, s->fee.amount,
		&sum->commission)) || rw_fail(err, RW_DATA, "the sum of the "
		"months is too large");
}

static bool
compare_year(struct rw_statement *s, struct rw_err *err)
{
	const struct rw_earlier *earlier = &s->in.earlier;
	struct rw_year *year = &s->year;
	struct rw_year_month *own = &year->months[RW_YEAR_MONTHS - 1];
	size_t i;

	year->known = earlier->all.months > 0;
	if (!year->known)
		return true;
	for (i = 0; i < RW_YEAR_MONTHS; i++)
		year->months[i].period = months_before(s->in.period,
			RW_YEAR_MONTHS - 1 - (int)i);
	for (i = 0; i < earlier->count; i++)
		place_month(year, &earlier->months[i]);
	own->known = true;
	own->pnl = s->total;
	own->commission = s->fee.amount;
	set_return(own, s->in.fee.has_opening, s->in.fee.opening);
	year->this_year = earlier->year;
	year->all = earlier->all;
	return add_own(&year->this_year, s, err) &&
		add_own(&year->all, s, err);
}

/* ---- a correction ------------------------------------------------------------ */

static void
add_row(struct rw_statement *s, const struct rw_correction *row)
{
	s->corrections[s->correction_count++] = *row;
}

static void
add_if_changed(struct rw_statement *s, const struct rw_correction *row)
{
	if (row->had != row->has || (row->had && row->then != row->now))
		add_row(s, row);
}

static void
compare_days(struct rw_statement *s)
{
	const struct rw_replaced *then = &s->in.replaced;
	struct rw_correction row;
	size_t at = 0;
	int day;

	for (day = 1; day <= RW_REPLACED_DAYS; day++) {
		row = (struct rw_correction){.kind = RW_CORRECTED_DAY,
			.day = day, .had = then->has_day[day],
			.then = then->days[day]};
		if (at < s->in.count && s->in.days[at].date.day == day) {
			row.has = true;
			row.now = s->in.days[at++].pnl;
		}
		add_if_changed(s, &row);
	}
}

static void
compare_replaced(struct rw_statement *s)
{
	const struct rw_replaced *then = &s->in.replaced;

	if (then->revision == 0)
		return;
	add_row(s, &(struct rw_correction){RW_CORRECTED_PNL, 0,
		then->has_pnl, true, then->pnl, s->total});
	add_row(s, &(struct rw_correction){RW_CORRECTED_COMMISSION, 0,
		then->has_commission, true, then->commission, s->fee.amount});
	/* A percentage from the settings is on no line. */
	if (then->has_rate)
		add_if_changed(s, &(struct rw_correction){RW_CORRECTED_RATE, 0,
			true, true, then->rate, s->in.fee.rate});
	if (then->has_days)
		add_if_changed(s, &(struct rw_correction){
			RW_CORRECTED_OPENING, 0, then->has_opening,
			s->in.fee.has_opening, then->opening,
			s->in.fee.opening});
	if (then->has_days)
		compare_days(s);
}

bool
rw_statement_compare(struct rw_statement *s, struct rw_err *err)
{
	compare_replaced(s);
	return compare_year(s, err);
}
