/*
 * The counts of a run, or of the ledger: the only source of every summary.
 *
 * Outcomes are counted from the entries whose last change was by the run, and
 * from the history: sent reports always, failed ones until a later run claims
 * them. So the counts are correct at any moment, whatever was killed. Reports
 * that were not passed on have no entry; rw-record counts them.
 */
#ifndef RW_LEDGER_STATUS_H
#define RW_LEDGER_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "ledger/ledger.h"

enum rw_status_count {
	RW_N_SENT,
	RW_N_LINKS,		/* of the sent reports */
	RW_N_ATTACHMENTS,	/* of the sent reports */
	RW_N_BOUNCED,		/* of the sent reports */
	RW_N_FAILED,
	RW_N_IN_DOUBT,
	RW_N_UNFINISHED,	/* claimed, without an outcome so far */
	RW_N_ALREADY_SENT,
	RW_N_UNCHANGED,
	RW_N_CLAIMED_ELSEWHERE,
	RW_N_HELD,
	RW_N_DUPLICATE,
	RW_N_RESENT,		/* were in doubt, and claimed again */
	RW_N_REHEARSED,		/* dry runs: the entries are unchanged */
	RW_N_NOT_DONE,		/* lines that the ledger refused */
	RW_N_MALFORMED,		/* records without a valid id: no entry */
	RW_N_UNREADABLE,	/* lines that are not records */
	RW_N_COUNT
};

struct rw_status_counts {
	const char *run_id;	/* borrowed; NULL: of the whole ledger */
	uint64_t n[RW_N_COUNT];
	int64_t updated_at;	/* time of the last change of an entry; 0:
				 * none */
};

bool
rw_status_count(struct rw_status_counts *counts, struct rw_ledger *ledger,
	const struct rw_ledger_query *query, struct rw_err *err);

/* Of n runs, which counts name, at the cost of one pass over the ledger. */
bool
rw_status_count_runs(struct rw_status_counts *counts, size_t n,
	struct rw_ledger *ledger, struct rw_err *err);

/* True when the ledger has nothing of the run: its name may be misspelt, or the
 * ledger may be the wrong one. */
bool
rw_status_is_unknown(const struct rw_status_counts *counts);

/* One JSON object and a newline. */
void
rw_status_json(const struct rw_status_counts *counts, struct rw_buf *out);

/* For the textfile collector of Prometheus' node exporter. Source:
 * https://prometheus.io/docs/instrumenting/exposition_formats/ */
void
rw_status_prom(const struct rw_status_counts *counts, struct rw_buf *out);

/* All counts except 0 in one line: "4 sent, 3 links, 1 attachments". */
void
rw_status_line(const struct rw_status_counts *counts, struct rw_buf *out);

/* A line for each count that is not 0. */
void
rw_status_words(const struct rw_status_counts *counts, struct rw_buf *out);

#endif
