/*
 * The months behind: which of the months before those of a run have reports that
 * were not sent, or no finished run. For rw-status --behind.
 */
#ifndef RW_TOOLS_STATUS_BEHIND_H
#define RW_TOOLS_STATUS_BEHIND_H

#include "base/buf.h"
#include "base/period.h"
#include "ledger/ledger.h"

enum rw_behind_format { RW_BEHIND_WORDS, RW_BEHIND_JSON, RW_BEHIND_SHELL };

/* Of the RW_LOOK_BACK months before. Appends them: words in one line (nothing when no month is behind), one JSON
 * array, or shell assignments. file has the lines of the run, whose months are
 * its own; when it has none, period is, and when that is NULL, the last whole
 * month. RW_CONFIG, RW_IO, and the errors of the ledger. */
bool
rw_behind_add(struct rw_buf *out, struct rw_ledger *ledger, const char *file,
	const char *period, enum rw_behind_format format, struct rw_err *err);

#endif
