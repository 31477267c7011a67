/*
 * Days that belong to no follower of the list, and whose they may be: one with
 * a number or with blanks around it as its follower_id is of the follower whose
 * id is that text, and a sum without it would be wrong. So is one that its
 * source knows to be wrong, and could not bring in order.
 *
 * A source brings all of these first. Their memory is bounded; more of them are
 * RW_CONFIG.
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

/* The first ten of what may be many. */
bool
rw_due_names(const struct rw_due_options *options, uint64_t n);

bool
rw_due_ignores(const struct rw_due_options *options, const char *id);

/* That day is of no follower read so far. */
bool
rw_strays_pass(struct rw_strays *strays, const struct rw_due_options *options,
	const struct rw_day *day, struct rw_due_counts *counts,
	struct rw_err *err);

/* Why the days of this follower are not all there; NULL: they are. */
const char *
rw_strays_of(const struct rw_strays *strays, const char *id);

void
rw_strays_free(struct rw_strays *strays);

#endif
