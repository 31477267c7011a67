/*
 * The sources and options for the reports due for a month, and the counts; see
 * followers/due.h.
 */
#ifndef RW_FOLLOWERS_DUE_OPTIONS_H
#define RW_FOLLOWERS_DUE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "followers/commission.h"
#include "followers/followers.h"
#include "followers/gate.h"
#include "followers/selection.h"

struct rw_due_options {
	struct rw_followers followers;		/* closed by the caller */
	struct rw_days days;
	struct rw_commissions commissions;	/* {0}: none */
	struct rw_selection *selection;		/* borrowed until the end */
	struct rw_gate *gate;	/* counts the reports of all shards; may be
				 * NULL; borrowed until the end */
	struct rw_period period;
	bool is_over;		/* the month is over: each day must be final */
	bool accept;		/* days that are not final count, and
				 * differences from commissions do not */
	bool names_all;		/* name each follower who is left out, not only
				 * ten */
	const char *ignored;	/* ids whose days are ignored without a warning:
				 * separated by commas or blanks; may be NULL */
	/* Gets errors (RW_ERROR, with a kind), warnings and notices. */
	void (*say)(void *context, enum rw_level level,
		const struct rw_err *what);
	void *context;
};

struct rw_due_counts {
	uint64_t due, failed;		/* failed: due, with an error */
	uint64_t left_out;		/* followers who get no report */
	uint64_t days;			/* of the month, of all followers */
	uint64_t open;			/* of the days: not finalised */
	uint64_t repeated;		/* twice with the same total */
	uint64_t without_follower;	/* ids that have days and are not among
					 * the followers */
	uint64_t left_out_with_days;
	uint64_t commissions;		/* rows that were read */
	uint64_t differing;		/* of the rows: different, including
					 * accepted ones */
	char newest[RW_DATE_SIZE];		/* newest day of the month; "":
						 * none */
	char newest_final[RW_DATE_SIZE];
};

#endif
