/*
 * The selected followers: all, some by name, or a share of them.
 *
 * A shard is a stable share: a follower's shard depends only on the id, so that
 * new followers do not change the shards of others.
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
	struct rw_selected *ids;	/* sorted at the first query */
	size_t count, room;
	bool named;			/* only the named followers are
					 * selected */
	bool sorted;
	uint64_t shard, shards;		/* shard of 1 to shards; 0: all */
	uint64_t other_months;		/* lines of a file that were skipped */
};

/* {0} selects all. */
void
rw_selection_free(struct rw_selection *selection);

/* All months of this follower. RW_USAGE when it is not a valid follower_id. */
bool
rw_selection_add(struct rw_selection *selection, const char *id,
	struct rw_err *err);

/* Adds the followers in a file, "-" for standard input: one id on each line, or
 * JSON lines with a follower_id, as rw-status writes them. A line for a month
 * other than period is skipped; without a period (NULL), a line with a month
 * selects only that month. RW_UNREADABLE names a line of any other form. */
bool
rw_selection_read(struct rw_selection *selection, const char *path,
	const struct rw_period *period, struct rw_err *err);

/* "1/4" to "4/4"; RW_USAGE otherwise. */
bool
rw_selection_shard(struct rw_selection *selection, const char *text,
	struct rw_err *err);

/* Those that were selected without a month are selected in this month. */
void
rw_selection_set_month(struct rw_selection *selection,
	struct rw_period period);

/* Changes *period to the next later month of the selection; from {0} on, these
 * are all months. False: there is none. */
bool
rw_selection_next_month(const struct rw_selection *selection,
	struct rw_period *period);

/* True when the follower is selected in any month. */
bool
rw_selection_names(struct rw_selection *selection, const char *id);

/* Notes that the follower exists. */
bool
rw_selection_has(struct rw_selection *selection, const char *id,
	struct rw_period period);

/* The next named follower, from *at on, who was not found (and belongs to the
 * shard); NULL: none. */
const char *
rw_selection_missing(struct rw_selection *selection, size_t *at);

#endif
