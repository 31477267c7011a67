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
	uint64_t malformed;	/* of the passed or failed lines: records
				 * without a valid follower_id or
				 * report_period */
	uint64_t given_up;	/* of the failed lines: because of an earlier
				 * failure of other lines */
	uint64_t would_send;	/* of the passed lines, in a dry run */
	/* Not counts, but sums over all lines read and all lines written:
	 * rw_hash64 over each line with its newline. */
	uint64_t read_sum, written_sum;
};

/* Whether RW_OUTCOME_FILE is set. */
bool
rw_outcome_is_wanted(void);

/* tool is borrowed for the life of the process. Call first. */
void
rw_outcome_begin(const char *tool);

/* Remembered for rw_outcome_write. reader_gone: the reader of standard output
 * ended before this tool. */
void
rw_outcome_count(const struct rw_filter_counts *counts, bool reader_gone);

/* The month of all lines; NULL: the lines have no common month. Borrowed for
 * the life of the process. */
void
rw_outcome_period(const char *period);

/* Writes the counts, and the causes that rw_log_said returns. Does nothing when
 * RW_OUTCOME_FILE is not set. Call last. RW_IO. */
bool
rw_outcome_write(enum rw_kind worst, struct rw_err *err);

#endif
