/*
 * How batches are worked off. Every kind goes the same way: read the entries,
 * decide for each line, write what was decided if nobody was faster, and look
 * again at those where somebody was. What is decided stands in the rw_step
 * functions.
 */
#include "ledger/steps_priv.h"

#include <stdlib.h>

#include "base/boot.h"

/* Somebody was faster so many times in a row: something is wrong. */
enum { ROUNDS = 50 };

bool
rw_ledger_not_done(struct rw_ledger_item *item)
{
	item->fate = RW_FATE_NOT_DONE;
	return false;
}

void
rw_ledger_start(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n)
{
	size_t i;

	rw_known_clear(&ledger->known);
	for (i = 0; i < n; i++) {
		items[i].done = items[i].known = false;
		items[i].fate = RW_FATE_NOT_DONE;
		items[i].must_be_there = items[i].replaces = false;
		rw_entry_reset(&items[i].old);
	}
}

/* What an entry says by its state is counted there, when somebody asks. */
static bool
is_counted(enum rw_fate fate)
{
	return rw_fate_drops(fate) || fate == RW_FATE_RESENT ||
		fate == RW_FATE_REHEARSED ||
		fate == RW_FATE_SUPERSEDED || fate == RW_FATE_NOT_DONE;
}

static bool
is_asked_later(const struct rw_step *step, enum rw_fate fate)
{
	return step->terms != NULL && step->terms->shares &&
		(fate == RW_FATE_CLAIMED_ELSEWHERE ||
		fate == RW_FATE_CLAIMED_BY_HAND);
}

static bool
grow(struct rw_ledger *ledger, size_t n, struct rw_err *err)
{
	if (n <= ledger->room)
		return true;
	free(ledger->slots);
	free(ledger->changes);
	free(ledger->todo);
	ledger->slots = calloc(n, sizeof *ledger->slots);
	ledger->changes = calloc(n, sizeof *ledger->changes);
	ledger->todo = calloc(n, sizeof *ledger->todo);
	ledger->room = 0;
	if (ledger->slots == NULL || ledger->changes == NULL ||
	    ledger->todo == NULL)
		return rw_fail(err, RW_BUG, "no memory for %zu lines", n);
	ledger->room = n;
	return true;
}

static struct rw_key
key_of(struct rw_ledger_item *item)
{
	rw_period_text(item->period, item->record->period);
	return (struct rw_key){item->record->follower_id, item->period};
}

static bool
load(struct rw_ledger *ledger, const struct rw_step *step, size_t todo,
	size_t round, struct rw_err *err)
{
	bool thorough = step->thorough || round > 0;
	struct rw_ledger_item *item;
	size_t i, n = 0;

	for (i = 0; i < todo; i++) {
		item = ledger->todo[i];
		if (round == 0 && !ledger->dry_run &&
		    step->is_blind != NULL && step->is_blind(item))
			continue;
		thorough = thorough || item->must_be_there;
		ledger->slots[n++] = (struct rw_slot){key_of(item),
			&item->old};
	}
	return n == 0 || ledger->backend->load(ledger->handle, ledger->slots,
		n, thorough, err);
}

/* Decides for the first todo items of the list; those that want something
 * written move to its start, beside their changes. */
static size_t
decide(struct rw_ledger *ledger, const struct rw_step *step, size_t todo,
	size_t round)
{
	struct rw_ledger_item *item;
	struct rw_change change;
	size_t i, n = 0;

	for (i = 0; i < todo; i++) {
		item = ledger->todo[i];
		change = (struct rw_change){key_of(item), &item->change,
			.expected = rw_entry_text(&item->old, RW_F_CLAIM)};
		rw_entry_reset(&item->change);
		if (!step->decide(ledger, step, item, round, &change))
			continue;
		ledger->changes[n] = change;
		ledger->todo[n++] = item;
	}
	return n;
}

static size_t
keep_unsaved(struct rw_ledger *ledger, size_t n)
{
	size_t i, left = 0;

	for (i = 0; i < n; i++)
		if (!ledger->changes[i].saved)
			ledger->todo[left++] = ledger->todo[i];
	return left;
}

static bool
work_off(struct rw_ledger *ledger, const struct rw_step *step, size_t todo,
	struct rw_err *err)
{
	size_t round;

	for (round = 0; todo > 0; round++) {
		if (round == ROUNDS)
			return rw_fail(err, RW_UNREACHABLE, "%s: somebody "
				"keeps changing the entry of %s",
				rw_ledger_name(ledger),
				ledger->todo[0]->record->follower_id);
		if (!load(ledger, step, todo, round, err))
			return false;
		todo = decide(ledger, step, todo, round);
		if (todo == 0 || ledger->dry_run)
			return true;
		if (!ledger->backend->save(ledger->handle, ledger->changes,
		    todo, err))
			return false;
		todo = keep_unsaved(ledger, todo);
	}
	return true;
}

static bool
finish(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	struct rw_counts counts = ledger->counts;
	size_t i;

	for (i = 0; i < n && !step->uncounted; i++)
		if (is_counted(items[i].fate) && !items[i].done &&
		    !is_asked_later(step, items[i].fate))
			rw_counts_add(&counts, rw_fate_name(items[i].fate),
				1);
	for (i = 0; i < n; i++)
		if (items[i].replaces)
			rw_counts_add(&counts, rw_fate_name(
				RW_FATE_SUPERSEDED), 1);
	if (step->end != NULL && !step->end(ledger, items, n, err))
		return false;
	if ((step->writes && !rw_counts_write(ledger, &counts, err)) ||
	    !ledger->backend->commit(ledger->handle, err))
		return false;
	ledger->counts = counts;
	for (i = 0; i < n; i++)
		items[i].done = items[i].fate != RW_FATE_POSTPONED;
	return true;
}

bool
rw_ledger_pass(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	size_t i, todo = 0;

	if (!grow(ledger, n, err))
		return false;
	for (i = 0; i < n; i++)
		if (!items[i].done)
			ledger->todo[todo++] = &items[i];
	/* Before anything is read: of what is read later less has ended. */
	ledger->boot_ms = rw_boot_clock_ms();
	if (!ledger->backend->begin(ledger->handle,
	    step->writes && !ledger->dry_run, &ledger->now, err))
		return false;
	if (!ledger->known.frozen)
		ledger->known.moment = (struct rw_moment){ledger->now,
			ledger->boot_ms};
	if (work_off(ledger, step, todo, err) &&
	    finish(ledger, step, items, n, err))
		return true;
	ledger->backend->rollback(ledger->handle);
	return false;
}

static bool
has_postponed(const struct rw_ledger_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (items[i].fate == RW_FATE_POSTPONED)
			return true;
	return false;
}

bool
rw_ledger_pass_twice(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	if (!rw_ledger_pass(ledger, step, items, n, err))
		return false;
	if (!has_postponed(items, n))
		return true;
	if (!rw_ledger_fold(ledger, NULL, err))
		return false;
	ledger->known.frozen = true;
	return rw_ledger_pass(ledger, step, items, n, err);
}
