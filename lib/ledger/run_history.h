/*
 * The history of runs in the ledger, in report_runs: when each run began and
 * ended, where, and how. Times are seconds since 1970.
 */
#ifndef RW_LEDGER_RUN_HISTORY_H
#define RW_LEDGER_RUN_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct rw_ledger;

/* Strings are borrowed. */
struct rw_ledger_run {
	const char *run_id;
	const char *host;
	const char *period;	/* NULL: reports of several months */
	const char *shard;	/* "1/4"; NULL: all followers */
	int64_t began_at;
	int64_t ended_at;	/* 0: it has not ended, or was killed */
	int64_t status;		/* of a run that has ended */
	bool is_whole;		/* of all followers (of its shard), not of
				 * some that were named */
	bool is_finished;	/* it has asked the ledger about every report
				 * that was due */
};

/* Writes the run in place of what the ledger has of it. */
bool
rw_ledger_note_run(struct rw_ledger *ledger, const struct rw_ledger_run *run,
	struct rw_err *err);

/* run is borrowed for the call. False, with err set, ends the listing. */
typedef bool rw_ledger_visit_run(void *context,
	const struct rw_ledger_run *run, struct rw_err *err);

/* The newest first. run_id and period select; NULL: all. A ledger of an earlier
 * release has none. */
bool
rw_ledger_each_run(struct rw_ledger *ledger, const char *run_id,
	const char *period, rw_ledger_visit_run *visit, void *context,
	struct rw_err *err);

#endif
