/* Finds out whether other runs are alive while a batch is processed. */
#include "ledger/steps_priv.h"

#include <stdlib.h>
#include <string.h>

#include "journal/run_file.h"

void
rw_known_free(struct rw_known *known)
{
	size_t i;

	for (i = 0; i < known->n; i++)
		free(known->runs[i].run_id);
	for (i = 0; i < known->busy_count; i++)
		free(known->busy[i]);
	free(known->runs);
	free(known->busy);
	*known = (struct rw_known){0};
}

static void
learn(struct rw_known *known, const char *run_id, const struct rw_lock *lock)
{
	struct rw_known_run *runs = known->runs;

	if (known->n == known->room) {
		runs = realloc(runs, (known->room + 16) * sizeof *runs);
		if (runs == NULL)
			return;
		known->runs = runs;
		known->room += 16;
	}
	runs[known->n].run_id = strdup(run_id);
	runs[known->n].lock = *lock;
	if (runs[known->n].run_id != NULL)
		known->n++;
}

/* For rw_claim_standing. */
static enum rw_life
ask(void *context, const struct rw_entry *entry)
{
	const char *run_id = rw_entry_text(entry, RW_F_RUN_ID);
	struct rw_batch *batch = context;
	const struct rw_self *self = batch->ledger->self;
	struct rw_known *known = &batch->known;
	struct rw_lock lock;
	size_t i;

	for (i = 0; i < known->n; i++)
		if (strcmp(known->runs[i].run_id, run_id) == 0)
			return rw_liveness(entry, self,
				&known->runs[i].lock);
	if (known->frozen)
		return RW_LIFE_ALIVE;
	rw_run_look(self, run_id, &lock);
	learn(known, run_id, &lock);
	return rw_liveness(entry, self, &lock);
}

/* ---- taking over ------------------------------------------------------- */

static bool
remember(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct rw_ledger *ledger = context;
	const char *claim = rw_entry_text(entry, RW_F_CLAIM);

	return rw_entry_state(entry) != RW_STATE_CLAIMED || claim == NULL ||
		rw_journal_used_add(&ledger->taken_over, claim, err);
}

/* All current claims, but no later ones. */
bool
rw_ledger_take_over(struct rw_ledger *ledger, struct rw_err *err)
{
	const struct rw_ledger_query all = {0};

	ledger->takes_over = &ledger->taken_over;
	return rw_ledger_each(ledger, &all, remember, ledger, err);
}

bool
rw_ledger_is_taken_over(const struct rw_ledger *ledger,
	const struct rw_entry *entry)
{
	return ledger->takes_over != NULL && rw_journal_used_has(
		ledger->takes_over, rw_entry_text(entry, RW_F_CLAIM));
}

static bool
is_taken_over(void *context, const struct rw_entry *entry)
{
	const struct rw_batch *batch = context;

	return rw_ledger_is_taken_over(batch->ledger, entry);
}

/* ---- judging ----------------------------------------------------------- */

struct rw_judge
rw_batch_judge(struct rw_batch *batch)
{
	return (struct rw_judge){.self = batch->ledger->self,
		.moment = batch->known.moment,
		.is_taken_over = is_taken_over, .ask = ask, .context = batch};
}

/* A claim that is no longer valid. */
static bool
is_left(const struct rw_entry *entry, enum rw_standing standing)
{
	return rw_entry_state(entry) == RW_STATE_CLAIMED &&
		(standing == RW_IS_ORPHANED || standing == RW_IS_IN_DOUBT);
}

enum rw_standing
rw_batch_standing_by(const struct rw_batch *batch,
	const struct rw_entry *entry, const struct rw_judge *judge)
{
	enum rw_standing standing = rw_claim_standing(entry, judge);

	if (!is_left(entry, standing) || !batch->known.frozen)
		return standing;
	if (rw_batch_is_mailing(batch, entry))
		return RW_IS_CLAIMED;
	return rw_journal_run_is_of(rw_entry_text(entry, RW_F_CLAIM)) ?
		RW_IS_IN_DOUBT : standing;
}

enum rw_standing
rw_batch_standing(struct rw_batch *batch, const struct rw_entry *entry)
{
	struct rw_judge judge = rw_batch_judge(batch);

	return rw_batch_standing_by(batch, entry, &judge);
}

bool
rw_batch_must_replay(const struct rw_batch *batch,
	const struct rw_entry *entry, enum rw_standing standing)
{
	return !batch->known.frozen && is_left(entry, standing);
}

bool
rw_batch_is_mailing(const struct rw_batch *batch,
	const struct rw_entry *entry)
{
	const char *claim = rw_entry_text(entry, RW_F_CLAIM);
	size_t i;

	for (i = 0; claim != NULL && i < batch->known.busy_count; i++)
		if (strcmp(batch->known.busy[i], claim) == 0)
			return true;
	return false;
}
