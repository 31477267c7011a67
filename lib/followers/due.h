/*
 * The reports due of a month: followers joined with their days. Both are read
 * side by side, once, so that memory does not grow with their number.
 *
 * A follower without days has an empty daily_pnl. A day that cannot count (of
 * another form, twice with different totals, not finalised though the month is
 * over) makes the report an error of rw-list, RW_DATA: a sum without that day
 * would be wrong. So does what the platform's own account of the month has
 * differently (followers/commission.h), and a member of the follower of an
 * unexpected form.
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
 * next call; NULL behind the last one. */
bool
rw_due_next(struct rw_due *due, struct rw_record **record,
	struct rw_err *err);

const struct rw_due_counts *
rw_due_counts(const struct rw_due *due);

/* Accepts NULL. */
void
rw_due_free(struct rw_due *due);

#endif
