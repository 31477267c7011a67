/* Processes batches that may depend on journals of dead rw-mail processes. */
#include "ledger/steps_priv.h"

static bool
has_postponed(const struct rw_ledger_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (items[i].fate == RW_FATE_POSTPONED)
			return true;
	return false;
}

static bool
pass_again(struct rw_batch *batch, struct rw_err *err)
{
	if (!rw_journal_replay_all(batch->ledger, &batch->known, NULL,
	    err))
		return false;
	batch->known.frozen = true;
	return rw_batch_pass(batch, err);
}

bool
rw_batch_twice(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	struct rw_batch batch = {.ledger = ledger, .step = step,
		.items = items, .n = n};
	bool good = rw_batch_pass(&batch, err) && (!has_postponed(items, n) ||
		pass_again(&batch, err));

	rw_batch_free(&batch);
	return good;
}
