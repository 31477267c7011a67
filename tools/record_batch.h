/*
 * A batch of lines on its way through the ledger: what rw-record's filter hands
 * to a thread, and takes back.
 */
#ifndef RW_TOOLS_RECORD_BATCH_H
#define RW_TOOLS_RECORD_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "filter.h"
#include "record_priv.h"
#include "ledger/ledger.h"

/* Belongs to the thread that works on it while it is at work. */
struct rw_record_batch {
	struct rw_task task;
	const struct rw_record_work *work;
	struct rw_ledger *first;	/* the connection of the first batch;
					 * borrowed */
	struct rw_job *jobs[RW_RECORD_BATCH];
	struct rw_ledger_item items[RW_RECORD_BATCH];
	size_t n;			/* 0: none is at work */
	bool good;			/* the outcome */
	int64_t took_ms;		/* for it */
	struct rw_err err;		/* when it is not */
	/* private */
	struct rw_ledger *ledger;	/* NULL: not opened yet */
	uint64_t keys[RW_RECORD_BATCH];	/* of the reports; in order */
};

/* Takes those of the first n jobs, at most limit, in order, up to one whose report is
 * at work in another batch: what a line finds in the ledger is what the lines
 * before it have left there. others are count many, this one among them. */
void
rw_record_batch_fill(struct rw_record_batch *batch, struct rw_job **jobs,
	size_t n, size_t limit, const struct rw_record_batch *others,
	size_t count);

/* What a pool of threads does with it; opens another connection for a batch
 * that has none. */
void
rw_record_batch_run(void *unused, struct rw_task *task);

/* Drops its lines. */
void
rw_record_batch_drop(struct rw_record_batch *batch);

void
rw_record_batch_free(struct rw_record_batch *batch);

#endif
