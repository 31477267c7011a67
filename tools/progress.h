/*
 * The progress line of a tool that reads records: how many are done, how many
 * are to come, and how long that will take.
 */
#ifndef RW_TOOLS_PROGRESS_H
#define RW_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct rw_progress {
	const char *tool;	/* borrowed */
	uint64_t total;		/* lines to come; 0: not known */
	int64_t began_ms, shown_ms;
};

/* Begins now. RW_CONFIG when RW_PROGRESS_TOTAL is no number. */
bool
rw_progress_start(struct rw_progress *progress, const char *tool,
	struct rw_err *err);

/* Shows the line, where there is a terminal for it and the last was not shown
 * a moment ago. */
void
rw_progress_show(struct rw_progress *progress, uint64_t done,
	uint64_t failed);

#endif
