/* Finds the outcomes of reports that were due, without changing anything. */
#include "ledger/steps_priv.h"

#include <string.h>

static bool
is_ours(const struct rw_ledger *ledger, const struct rw_entry *entry)
{
	const char *run_id = rw_entry_text(entry, RW_F_RUN_ID);

	return run_id != NULL && strcmp(run_id, ledger->self->run_id) == 0;
}

/* --again and --revise require a sending by this run. */
static enum rw_fate
judge_sent(const struct rw_ledger *ledger, const struct rw_entry *entry,
	const struct rw_terms *terms)
{
	if ((terms->again || terms->revise) && !is_ours(ledger, entry))
		return RW_FATE_NOT_AGAIN;
	return RW_FATE_ALREADY_SENT;
}

/* If this run left the report in doubt, it did not hold the report. */
static enum rw_fate
judge_doubt(const struct rw_ledger *ledger, const struct rw_entry *entry,
	const struct rw_terms *terms)
{
	return terms->hold && !is_ours(ledger, entry) ? RW_FATE_HELD :
		RW_FATE_LEFT_IN_DOUBT;
}

static enum rw_fate
judge_claimed(struct rw_batch *batch, const struct rw_entry *entry,
	const struct rw_terms *terms)
{
	if (is_ours(batch->ledger, entry))
		return RW_FATE_UNFINISHED;
	switch (rw_batch_standing(batch, entry)) {
	case RW_IS_CLAIMED:
		return RW_FATE_CLAIMED_ELSEWHERE;
	case RW_IS_IN_DOUBT:
		return terms->hold ? RW_FATE_HELD : RW_FATE_LEFT_IN_DOUBT;
	case RW_IS_FREE:
	case RW_IS_SENT:
	case RW_IS_ORPHANED:
	case RW_IS_OURS:
		break;
	}
	return RW_FATE_UNFINISHED;
}

static bool
decide_audit(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	const struct rw_terms *terms = batch->step->terms;

	(void)round;
	(void)change;
	switch (rw_entry_state(&item->old)) {
	case RW_STATE_SENT:
		item->fate = judge_sent(batch->ledger, &item->old, terms);
		break;
	case RW_STATE_IN_DOUBT:
		item->fate = judge_doubt(batch->ledger, &item->old, terms);
		break;
	case RW_STATE_CLAIMED:
		item->fate = judge_claimed(batch, &item->old, terms);
		break;
	case RW_STATE_FAILED:
		item->fate = RW_FATE_LEFT_FAILED;
		break;
	case RW_STATE_NONE:
	default:
		item->fate = RW_FATE_UNCLAIMED;
	}
	return false;
}

/* Another run had claimed it when this run tried to claim it. */
static bool
decide_free(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	decide_audit(batch, item, round, change);
	/* In doubt, but not settled yet: the lease has ended. */
	if (item->fate == RW_FATE_UNCLAIMED ||
	    (rw_entry_state(&item->old) == RW_STATE_CLAIMED &&
	    item->fate != RW_FATE_CLAIMED_ELSEWHERE &&
	    !is_ours(batch->ledger, &item->old)))
		item->fate = RW_FATE_LOOKED_UP;
	return false;
}

bool
rw_ledger_audit(struct rw_ledger *ledger, const struct rw_terms *terms,
	bool wants_free, struct rw_ledger_item *items, size_t n,
	struct rw_err *err)
{
	const struct rw_step step = {.thorough = true, .uncounted = true,
		.terms = terms,
		.decide = wants_free ? decide_free : decide_audit};

	rw_batch_start(items, n);
	return rw_batch_once(ledger, &step, items, n, err);
}

const struct rw_entry *
rw_ledger_item_entry(const struct rw_ledger_item *item)
{
	return &item->old;
}
