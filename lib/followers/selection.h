/*
 * Which followers are asked for: all, some by name, or a share of them.
 *
 * A shard is a stable share: a follower's place depends on the id alone, so
 * that adding followers moves nobody between shards.
 */
#ifndef RW_FOLLOWERS_SELECTION_H
#define RW_FOLLOWERS_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"

struct rw_selected {
	char *id;
	char month[RW_PERIOD_SIZE];	/* "": any */
	bool seen;
};

struct rw_selection {
	struct rw_selected *ids;	/* sorted once asked */
	size_t count, room;
	bool named;			/* some are named: nobody else */
	bool sorted;
	uint64_t shard, shards;		/* shard of 1 to shards; 0: all */
	uint64_t other_months;		/* lines of a file that were passed
					 * over */
};

/* {0} selects all. */
void
rw_selection_free(struct rw_selection *selection);

/* All months of this follower. RW_USAGE when it is not a valid follower_id. */
bool
rw_selection_add(struct rw_selection *selection, const char *id,
	struct rw_err *err);

/* Adds those of a file, "-" for standard input: one id a line, or JSON lines
 * with a follower_id, as rw-status writes them. A line of another month than
 * period is passed over; without a period (NULL) a line that names a month
 * asks for that one alone. RW_UNREADABLE names a line that is neither. */
bool
rw_selection_read(struct rw_selection *selection, const char *path,
	const struct rw_period *period, struct rw_err *err);

/* "1/4" to "4/4"; RW_USAGE otherwise. */
bool
rw_selection_shard(struct rw_selection *selection, const char *text,
	struct rw_err *err);

/* In whatever month. */
bool
rw_selection_names(struct rw_selection *selection, const char *id);

/* Remembers that the follower was there. */
bool
rw_selection_has(struct rw_selection *selection, const char *id,
	struct rw_period period);

/* The next named follower from *at on who was not there (and would be in the
 * shard); NULL: none. */
const char *
rw_selection_missing(struct rw_selection *selection, size_t *at);

#endif
