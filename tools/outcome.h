/*
 * The outcome of a tool, for the script that runs it: one JSON object with the
 * counts of lines, in the file that RW_OUTCOME_FILE names (rw-lines(5)). The
 * script need not parse English.
 */
#ifndef RW_TOOLS_OUTCOME_H
#define RW_TOOLS_OUTCOME_H

#include <stdbool.h>

#include "base/err.h"
#include "filter.h"

/* Nothing is written when RW_OUTCOME_FILE is not set. reader_gone: the reader
 * of standard output ended before this tool. RW_IO. */
bool
rw_outcome_write(const char *tool, const struct rw_filter_counts *counts,
	bool reader_gone, struct rw_err *err);

#endif
