/*
 * The reports due for a month: followers joined with their days. Both are read
 * in parallel, once, so that memory does not grow with their number.
 *
 * A follower without days has an empty daily_pnl. A day that cannot count
 * (malformed, duplicate with a different total, or not finalised although the
 * month is over) makes the report an error of rw-list, RW_DATA, because a sum
 * without that day would be wrong. A difference from the platform's own figures
 * (followers/commission.h) and a malformed member of the follower have the same
 * effect.
 */
#ifndef RW_FOLLOWERS_DUE_H
#define RW_FOLLOWERS_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "followers/due_options.h"

struct rw_due;

bool
rw_due_new(struct rw_due **due, const struct rw_due_options *options,
	struct rw_err *err);

/* The next report due; it may carry an error (see above). Borrowed until the
 * next call; NULL after the last one. */
bool
rw_due_next(struct rw_due *due, struct rw_record **record,
	struct rw_err *err);

const struct rw_due_counts *
rw_due_counts(const struct rw_due *due);

/* Accepts NULL. */
void
rw_due_free(struct rw_due *due);

#endif
