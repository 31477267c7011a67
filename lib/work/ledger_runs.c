/* What is found out about other runs while a batch is worked off. */
#include "work/ledger_steps.h"

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
}

static void
learn(struct rw_known *known, const char *run_id, bool alive)
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
	runs[known->n].alive = alive;
	if (runs[known->n].run_id != NULL)
		known->n++;
}

bool
rw_ledger_is_alive(void *context, const char *run_id)
{
	struct rw_ledger *ledger = context;
	struct rw_known *known = &ledger->known;
	bool alive;
	size_t i;

	for (i = 0; i < known->n; i++)
		if (strcmp(known->runs[i].run_id, run_id) == 0)
			return known->runs[i].alive;
	if (known->frozen)
		return true;
	alive = rw_run_is_alive(ledger->self, run_id);
	learn(known, run_id, alive);
	return alive;
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
