/*
 * Processes batches. All kinds have the same steps: read the entries, decide
 * for each line, write the decisions on condition that the entries are
 * unchanged, and repeat with the lines that lost the race. The decisions are in
 * the step_*.c files.
 */
#include "ledger/steps_priv.h"

#include <stdlib.h>

#include "base/boot.h"

/* If a line loses the race so often in a row, something is wrong. */
enum { ROUNDS = 50 };

bool
rw_batch_not_done(struct rw_ledger_item *item)
{
	item->fate = RW_FATE_NOT_DONE;
	return false;
}

void
rw_batch_start(struct rw_ledger_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		items[i].done = items[i].known = false;
		items[i].fate = RW_FATE_NOT_DONE;
		items[i].must_be_there = items[i].replaces = false;
		rw_entry_reset(&items[i].old);
	}
}

/* True for a fate that is not counted here, because status.c counts it by the
 * states of the entries. */
static bool
is_counted(enum rw_fate fate)
{
	return rw_fate_drops(fate) || fate == RW_FATE_RESENT ||
		fate == RW_FATE_REHEARSED || fate == RW_FATE_FAILED_AGAIN ||
		fate == RW_FATE_SUPERSEDED || fate == RW_FATE_NOT_DONE;
}

static bool
is_asked_later(const struct rw_step *step, enum rw_fate fate)
{
	return step->terms != NULL && step->terms->shares &&
		(fate == RW_FATE_CLAIMED_ELSEWHERE ||
		fate == RW_FATE_CLAIMED_BY_HAND);
}

/* For both passes. */
static bool
allocate(struct rw_batch *batch, struct rw_err *err)
{
	size_t n = batch->n;

	if (n == 0 || batch->slots != NULL)
		return true;
	batch->slots = calloc(n, sizeof *batch->slots);
	batch->changes = calloc(n, sizeof *batch->changes);
	batch->todo = calloc(n, sizeof *batch->todo);
	return (batch->slots != NULL && batch->changes != NULL &&
		batch->todo != NULL) ||
		rw_fail_memory(err, "%zu lines", n);
}

static struct rw_key
key_of(struct rw_ledger_item *item)
{
	rw_period_text(item->period, item->record->period);
	return (struct rw_key){item->record->follower_id, item->period};
}

static bool
load(struct rw_batch *batch, size_t todo, size_t round, struct rw_err *err)
{
	const struct rw_ledger *ledger = batch->ledger;
	const struct rw_step *step = batch->step;
	bool thorough = step->thorough || round > 0;
	struct rw_ledger_item *item;
	size_t i, n = 0;

	for (i = 0; i < todo; i++) {
		item = batch->todo[i];
		if (round == 0 && !ledger->dry_run &&
		    step->is_blind != NULL && step->is_blind(item))
			continue;
		thorough = thorough || item->must_be_there;
		batch->slots[n++] = (struct rw_slot){key_of(item), &item->old};
	}
	return n == 0 || ledger->backend->load(ledger->handle, batch->slots,
		n, thorough, err);
}

/* Decides for the first todo items of the list, and moves the items that need a
 * write to its start, parallel to their changes. */
static size_t
decide(struct rw_batch *batch, size_t todo, size_t round)
{
	struct rw_ledger_item *item;
	struct rw_change change;
	size_t i, n = 0;

	for (i = 0; i < todo; i++) {
		item = batch->todo[i];
		change = (struct rw_change){key_of(item), &item->change,
			.expected = rw_entry_text(&item->old, RW_F_CLAIM)};
		rw_entry_reset(&item->change);
		if (!batch->step->decide(batch, item, round, &change))
			continue;
		batch->changes[n] = change;
		batch->todo[n++] = item;
	}
	return n;
}

static size_t
keep_unsaved(struct rw_batch *batch, size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++)
		if (!batch->changes[i].saved)
			batch->todo[left++] = batch->todo[i];
	return left;
}

static bool
work_off(struct rw_batch *batch, size_t todo, struct rw_err *err)
{
	const struct rw_ledger *ledger = batch->ledger;
	size_t round;

	for (round = 0; todo > 0; round++) {
		if (round == ROUNDS)
			return rw_fail(err, RW_UNREACHABLE, "%s: other "
				"processes keep changing the entry of %s",
				rw_ledger_name(ledger),
				batch->todo[0]->record->follower_id);
		if (!load(batch, todo, round, err))
			return false;
		todo = decide(batch, todo, round);
		if (todo == 0 || ledger->dry_run)
			return true;
		if (!ledger->backend->save(ledger->handle, batch->changes,
		    todo, err))
			return false;
		todo = keep_unsaved(batch, todo);
	}
	return true;
}

/* The counts of the batch become valid only when it is committed. */
static void
count(const struct rw_batch *batch, struct rw_counts *counts)
{
	const struct rw_step *step = batch->step;
	const struct rw_ledger_item *item;

	for (item = batch->items; item < batch->items + batch->n; item++) {
		if (!step->uncounted && is_counted(item->fate) &&
		    !item->done && !is_asked_later(step, item->fate))
			rw_counts_add(counts, rw_fate_name(item->fate), 1);
		if (item->replaces)
			rw_counts_add(counts,
				rw_fate_name(RW_FATE_SUPERSEDED), 1);
	}
}

static bool
finish_batch(struct rw_batch *batch, struct rw_err *err)
{
	const struct rw_step *step = batch->step;
	struct rw_ledger *ledger = batch->ledger;
	struct rw_counts counts = ledger->counts;
	size_t i;

	count(batch, &counts);
	if (step->end != NULL && !step->end(batch, err))
		return false;
	if ((step->writes && !rw_counts_write(ledger, &counts, err)) ||
	    !ledger->backend->commit(ledger->handle, err))
		return false;
	ledger->counts = counts;
	for (i = 0; i < batch->n; i++)
		batch->items[i].done =
			batch->items[i].fate != RW_FATE_POSTPONED;
	return true;
}

bool
rw_batch_pass(struct rw_batch *batch, struct rw_err *err)
{
	struct rw_ledger *ledger = batch->ledger;
	size_t i, todo = 0;

	if (!allocate(batch, err))
		return false;
	for (i = 0; i < batch->n; i++)
		if (!batch->items[i].done)
			batch->todo[todo++] = &batch->items[i];
	/* Before anything is read: entries that are read later can only have
	 * later leases. */
	batch->boot_ms = rw_boot_clock_ms();
	if (!ledger->backend->begin(ledger->handle,
	    batch->step->writes && !ledger->dry_run, &batch->now, err))
		return false;
	if (!batch->known.frozen)
		batch->known.moment = (struct rw_moment){batch->now,
			batch->boot_ms};
	if (work_off(batch, todo, err) && finish_batch(batch, err))
		return true;
	ledger->backend->rollback(ledger->handle);
	return false;
}

bool
rw_batch_once(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	struct rw_batch batch = {.ledger = ledger, .step = step,
		.items = items, .n = n};
	bool good = rw_batch_pass(&batch, err);

	rw_batch_free(&batch);
	return good;
}

void
rw_batch_free(struct rw_batch *batch)
{
	rw_known_free(&batch->known);
	free(batch->slots);
	free(batch->changes);
	free(batch->todo);
}
