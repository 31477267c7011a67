/*
 * A batch of lines that the ledger processes. rw-record's filter hands it to a
 * thread, and takes it back.
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

/* While a thread processes the batch, the batch belongs to that thread. */
struct rw_record_batch {
	struct rw_task task;
	const struct rw_record_work *work;
	struct rw_ledger *first;	/* the connection of the first batch;
					 * borrowed */
	struct rw_job *jobs[RW_RECORD_BATCH];
	struct rw_ledger_item items[RW_RECORD_BATCH];
	size_t n;			/* 0: the batch is not in use */
	bool good;			/* the outcome */
	int64_t took_ms;		/* for the batch */
	struct rw_err err;		/* when not good */
	/* private */
	struct rw_ledger *ledger;	/* NULL: not opened yet */
	uint64_t keys[RW_RECORD_BATCH];	/* of the reports; in order */
};

/* Takes at most limit of the first n jobs, in order, up to the first job whose
 * report another batch is processing. Each line therefore finds in the ledger
 * the result of the lines before it. others has count batches, including this
 * one. */
void
rw_record_batch_fill(struct rw_record_batch *batch, struct rw_job **jobs,
	size_t n, size_t limit, const struct rw_record_batch *others,
	size_t count);

/* The work function of the pool. Opens a new connection for a batch that has
 * none. */
void
rw_record_batch_run(void *unused, struct rw_task *task);

/* Drops its lines. */
void
rw_record_batch_drop(struct rw_record_batch *batch);

void
rw_record_batch_free(struct rw_record_batch *batch);

#endif
