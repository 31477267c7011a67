/*
 * The history of runs, for rw-status --runs.
 */
#ifndef RW_TOOLS_STATUS_RUNS_H
#define RW_TOOLS_STATUS_RUNS_H

#include "base/buf.h"
#include "ledger/ledger.h"

/* Appends a line for each run, the newest first: JSON, or a table with the times
 * of the zone. period may be NULL. */
bool
rw_status_add_runs(struct rw_buf *out, struct rw_ledger *ledger,
	const char *period, bool json, const char *zone, struct rw_err *err);

/* Whether the ledger has the run in its history. */
bool
rw_status_has_run(struct rw_ledger *ledger, const char *run_id, bool *has,
	struct rw_err *err);

#endif
