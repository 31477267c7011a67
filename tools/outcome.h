/*
 * The outcome of a tool, for the script that runs it: one JSON object with the
 * counts of lines and the causes of failures, appended to the file that
 * RW_OUTCOME_FILE names (report-worker(7)). The script need not parse English.
 */
#ifndef RW_TOOLS_OUTCOME_H
#define RW_TOOLS_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Each field but the last two counts lines. */
struct rw_filter_counts {
	uint64_t read, passed, failed, dropped, unreadable;
	uint64_t malformed;	/* of those passed or failed: records without
				 * a valid follower_id or report_period */
	uint64_t given_up;	/* of those failed: for an earlier failure of
				 * others */
	uint64_t would_send;	/* of those passed, in a dry run */
	/* Of all lines that were read, and of all that were written:
	 * rw_hash64 over each with its newline. Not lines. */
	uint64_t read_sum, written_sum;
};

/* Whether RW_OUTCOME_FILE is set. */
bool
rw_outcome_is_wanted(void);

/* tool is borrowed for good. Call first. */
void
rw_outcome_begin(const char *tool);

/* Remembered for rw_outcome_write. reader_gone: the reader of standard output
 * ended before this tool. */
void
rw_outcome_count(const struct rw_filter_counts *counts, bool reader_gone);

/* The one month that all lines are of; NULL: there is none. Borrowed for
 * good. */
void
rw_outcome_period(const char *period);

/* Writes the counts, and the causes that rw_log_said has; nothing unless
 * RW_OUTCOME_FILE is set. Call last. RW_IO. */
bool
rw_outcome_write(enum rw_kind worst, struct rw_err *err);

#endif
