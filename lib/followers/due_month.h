/*
 * One follower's month: the days that count. For due.c.
 */
#ifndef RW_FOLLOWERS_DUE_MONTH_H
#define RW_FOLLOWERS_DUE_MONTH_H

#include "base/buf.h"
#include "followers/followers.h"

enum { RW_MONTH_DAYS = 31 };

struct rw_month {
	struct rw_month_day {
		char date[RW_DATE_SIZE];	/* first member, for sorting */
		int64_t amount;
		bool is_open;
	} days[RW_MONTH_DAYS];
	size_t count;
	bool is_unordered;		/* by date */
	uint64_t seen;			/* in any form */
};

void
rw_month_begin(struct rw_month *month);

/* False, with RW_DATA in why, when the day cannot count. *repeated: the day
 * already existed with the same total, and counts once; it is final when one of
 * the two is final. */
bool
rw_month_take(struct rw_month *month, const struct rw_day *day,
	bool *repeated, struct rw_err *why);

/* The next day, from *at on, that is not final; NULL: none. Borrowed. */
const char *
rw_month_open(const struct rw_month *month, size_t *at);

/* The days that count, as the bits of a gate (followers/gate.h). */
uint32_t
rw_month_days(const struct rw_month *month);

/* Appends the member daily_pnl, the days in order. */
void
rw_month_write(struct rw_month *month, struct rw_buf *json);

#endif
