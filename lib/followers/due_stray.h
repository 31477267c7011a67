/*
 * Days that belong to no follower of the list, and the followers to whom they
 * may belong. A day whose follower_id is a number, or has blanks around it,
 * probably belongs to the follower whose id is that text; a sum without the day
 * would be wrong. The same applies to a day that its source knows to be wrong,
 * and could not return in order.
 *
 * A source returns all of these days first. Their memory is bounded; too many
 * of them are RW_CONFIG.
 */
#ifndef RW_FOLLOWERS_DUE_STRAY_H
#define RW_FOLLOWERS_DUE_STRAY_H

#include "base/arena.h"
#include "followers/due_options.h"

struct rw_strays {
	char last[RW_FOLLOWER_ID_SIZE];	/* the last id without a follower */
	struct rw_arena arena;
	struct rw_stray {
		const char *meant, *why;	/* in the arena */
	} *items;
	size_t count, room;
};

/* Reports the first ten of possibly many. */
bool
rw_due_names(const struct rw_due_options *options, uint64_t n);

bool
rw_due_ignores(const struct rw_due_options *options, const char *id);

/* Adds a day of no follower read so far. */
bool
rw_strays_pass(struct rw_strays *strays, const struct rw_due_options *options,
	const struct rw_day *day, struct rw_due_counts *counts,
	struct rw_err *err);

/* Why the days of this follower are incomplete; NULL: they are complete. */
const char *
rw_strays_of(const struct rw_strays *strays, const char *id);

void
rw_strays_free(struct rw_strays *strays);

#endif
