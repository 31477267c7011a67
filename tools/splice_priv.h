/*
 * Declarations that rw-splice's files share.
 */
#ifndef RW_TOOLS_SPLICE_PRIV_H
#define RW_TOOLS_SPLICE_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/period.h"
#include "splice_lines.h"

struct rw_splice {
	bool subset, all, is_whole, mailed, rehearsed;
	const char *outcome, *stage, *ended;
	struct rw_splice_lines given, wrote;
	uint64_t unreadable;	/* of the given lines */
	/* The month of all written lines; "": they have no common month. */
	char month[RW_PERIOD_SIZE];
	bool months_differ;
};

/* The next line of either file; counts and months are noted. */
bool
rw_splice_next_given(struct rw_splice *s, bool *more, struct rw_err *err);

bool
rw_splice_next_wrote(struct rw_splice *s, bool *found, struct rw_err *err);

/* True when the counts in the stage's outcome match the files, and add up. Both
 * files have been read to the end. RW_BUG. */
bool
rw_splice_check_outcome(const struct rw_splice *s, struct rw_err *err);

/* True when WROTE says of each report of GIVEN that it was, or would be, sent.
 * RW_DATA names the other reports. */
bool
rw_splice_compare_sets(struct rw_splice *s, struct rw_err *err);

#endif
