/* What is found out about other runs while a batch is worked off. */
#include "work/ledger_steps.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void
rw_known_clear(struct rw_known *known)
{
	size_t i;

	for (i = 0; i < known->n; i++)
		free(known->runs[i].run_id);
	for (i = 0; i < known->busy_count; i++)
		free(known->busy[i]);
	free(known->busy);
	known->busy = NULL;
	known->n = known->busy_count = 0;
	known->frozen = false;
	known->moment = (struct rw_moment){0};
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
	struct rw_ledger *ledger = context;
	struct rw_known *known = &ledger->known;
	struct rw_lock lock;
	size_t i;

	for (i = 0; i < known->n; i++)
		if (strcmp(known->runs[i].run_id, run_id) == 0)
			return rw_liveness(entry, ledger->self,
				&known->runs[i].lock);
	if (known->frozen)
		return RW_LIFE_ALIVE;
	rw_run_look(ledger->self, run_id, &lock);
	learn(known, run_id, &lock);
	return rw_liveness(entry, ledger->self, &lock);
}

struct rw_judge
rw_ledger_judge(struct rw_ledger *ledger)
{
	return (struct rw_judge){.self = ledger->self,
		.moment = ledger->known.moment,
		.take_over_s = ledger->takes_over ? ledger->take_over_s :
			INT64_MIN, .ask = ask, .context = ledger};
}

enum rw_standing
rw_ledger_standing(struct rw_ledger *ledger, const struct rw_entry *entry)
{
	struct rw_judge judge = rw_ledger_judge(ledger);

	return rw_claim_standing(entry, &judge);
}

bool
rw_ledger_is_mailing(const struct rw_ledger *ledger,
	const struct rw_entry *entry)
{
	const char *claim = rw_entry_text(entry, RW_F_CLAIM);
	size_t i;

	for (i = 0; claim != NULL && i < ledger->known.busy_count; i++)
		if (strcmp(ledger->known.busy[i], claim) == 0)
			return true;
	return false;
}
