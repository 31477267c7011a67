#include "record_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

/* Two reports may have the same key; this is harmless. */
static uint64_t
key_of(const struct rw_record *record)
{
	uint64_t month = (uint64_t)record->period.year * 12 +
		(uint64_t)record->period.month;

	return rw_hash64(RW_HASH64_START ^ month, record->follower_id,
		strlen(record->follower_id));
}

static int
compare_keys(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool
is_at_work(uint64_t key, const struct rw_record_batch *others, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (others[i].n > 0 && bsearch(&key, others[i].keys,
		    others[i].n, sizeof key, compare_keys) != NULL)
			return true;
	return false;
}

void
rw_record_batch_fill(struct rw_record_batch *batch, struct rw_job **jobs,
	size_t n, size_t limit, const struct rw_record_batch *others,
	size_t count)
{
	uint64_t key;
	size_t i;

	for (i = 0; i < n && i < limit; i++) {
		key = key_of(&jobs[i]->record);
		if (is_at_work(key, others, count))
			break;
		batch->keys[i] = key;
		batch->jobs[i] = jobs[i];
		batch->items[i].record = &jobs[i]->record;
	}
	qsort(batch->keys, i, sizeof *batch->keys, compare_keys);
	batch->n = i;
}

/* ---- on its thread ----------------------------------------------------- */

static bool
work_off(struct rw_record_batch *batch)
{
	const struct rw_record_work *work = batch->work;
	struct rw_err *err = &batch->err;

	if (batch->ledger == NULL && !rw_ledger_open_another(&batch->ledger,
	    batch->first, err))
		return false;
	switch (work->mode) {
	case RW_RECORD_LOOKUP:
		return rw_ledger_lookup(batch->ledger, &work->terms,
			batch->items, batch->n, err);
	case RW_RECORD_CLAIM:
		return rw_ledger_claim(batch->ledger, &work->terms,
			batch->items, batch->n, err);
	case RW_RECORD_RESULT:
		return rw_ledger_result(batch->ledger, batch->items, batch->n,
			err);
	case RW_RECORD_RESOLVE:
		return rw_ledger_resolve(batch->ledger, &work->resolution,
			batch->items, batch->n, err);
	case RW_RECORD_FREE:
	case RW_RECORD_AUDIT:
		return rw_ledger_audit(batch->ledger, &work->terms,
			work->mode == RW_RECORD_FREE, batch->items, batch->n,
			err);
	case RW_RECORD_NOTHING:
		break;
	}
	return rw_fail(err, RW_BUG, "nothing to do");
}

void
rw_record_batch_run(void *unused, struct rw_task *task)
{
	struct rw_record_batch *batch =
		(struct rw_record_batch *)(void *)task;

	int64_t began = rw_clock_monotonic_ms();

	(void)unused;
	batch->good = work_off(batch);
	batch->took_ms = rw_clock_monotonic_ms() - began;
}

/* ------------------------------------------------------------------------ */

void
rw_record_batch_drop(struct rw_record_batch *batch)
{
	while (batch->n > 0)
		rw_job_drop(batch->jobs[--batch->n]);
}

void
rw_record_batch_free(struct rw_record_batch *batch)
{
	size_t i;

	for (i = 0; i < RW_RECORD_BATCH; i++)
		rw_ledger_item_free(&batch->items[i]);
	if (batch->ledger != batch->first)
		rw_ledger_close(batch->ledger);
}
