#include "followers/due_month.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "followers/gate.h"

void
rw_month_begin(struct rw_month *month)
{
	month->count = 0;
	month->seen = 0;
	month->is_unordered = false;
}

/* Days nearly always come in order; then the day is new. */
static struct rw_month_day *
find_day(struct rw_month *month, const char *date)
{
	size_t i;

	if (month->count == 0 || (!month->is_unordered &&
	    strcmp(date, month->days[month->count - 1].date) > 0))
		return NULL;
	for (i = 0; i < month->count; i++)
		if (strcmp(month->days[i].date, date) == 0)
			return &month->days[i];
	return NULL;
}

/* If the figure is the same, the platform's nightly job wrote the day again. */
static bool
repeat(struct rw_month_day *there, const struct rw_day *day,
	struct rw_err *why)
{
	char one[RW_MONEY_SIZE], other[RW_MONEY_SIZE];

	if (there->amount == day->amount) {
		there->is_open = there->is_open && day->is_open;
		return true;
	}
	rw_money_text(one, there->amount, 2);
	rw_money_text(other, day->amount, 2);
	return rw_fail(why, RW_DATA, "duplicate day with a different figure: "
		"%s instead of %s", other, one);
}

bool
rw_month_take(struct rw_month *month, const struct rw_day *day,
	bool *repeated, struct rw_err *why)
{
	struct rw_month_day *there;

	month->seen++;
	*repeated = false;
	if (day->wrong.kind != RW_OK) {
		*why = day->wrong;
		return false;
	}
	there = find_day(month, day->date);
	*repeated = there != NULL;
	if (there != NULL)
		return repeat(there, day, why);
	if (month->count == RW_MONTH_DAYS)
		return rw_fail(why, RW_DATA, "there are more than %d days",
			RW_MONTH_DAYS);
	if (month->count > 0 && strcmp(day->date,
	    month->days[month->count - 1].date) < 0)
		month->is_unordered = true;
	there = &month->days[month->count++];
	memcpy(there->date, day->date, sizeof there->date);
	there->amount = day->amount;
	there->is_open = day->is_open;
	return true;
}

const char *
rw_month_open(const struct rw_month *month, size_t *at)
{
	while (*at < month->count)
		if (month->days[(*at)++].is_open)
			return month->days[*at - 1].date;
	return NULL;
}

uint32_t
rw_month_days(const struct rw_month *month)
{
	uint32_t days = month->seen > 0 ? RW_GATE_OTHER : 0;
	size_t i;

	for (i = 0; i < month->count; i++)
		days |= UINT32_C(1) << atoi(month->days[i].date + 8);
	return days;
}

static int
compare_days(const void *a, const void *b)
{
	const struct rw_month_day *x = a, *y = b;

	return strcmp(x->date, y->date);
}

void
rw_month_write(struct rw_month *month, struct rw_buf *json)
{
	char text[RW_MONEY_SIZE];
	size_t i;

	if (month->is_unordered)
		qsort(month->days, month->count, sizeof month->days[0],
			compare_days);
	rw_buf_addc(json, '{');
	for (i = 0; i < month->count; i++) {
		rw_money_text(text, month->days[i].amount, 2);
		rw_buf_adds(json, i > 0 ? ",\"" : "\"");
		rw_buf_adds(json, month->days[i].date);
		rw_buf_adds(json, "\":\"");
		rw_buf_adds(json, text);
		rw_buf_addc(json, '"');
	}
	rw_buf_addc(json, '}');
}
