/*
 * The progress line of a tool that reads records: the number of finished
 * records, the number of remaining records, and the time that these will take.
 */
#ifndef RW_TOOLS_PROGRESS_H
#define RW_TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct rw_progress {
	const char *tool;	/* borrowed */
	uint64_t total;		/* expected lines; 0: unknown */
	int64_t began_ms, shown_ms;
};

/* Starts the clock of the progress line. RW_CONFIG when RW_PROGRESS_TOTAL is
 * not a number. */
bool
rw_progress_start(struct rw_progress *progress, const char *tool,
	struct rw_err *err);

/* Shows the line, if there is a terminal for it and the previous line is not
 * too recent. */
void
rw_progress_show(struct rw_progress *progress, uint64_t done,
	uint64_t failed);

#endif
