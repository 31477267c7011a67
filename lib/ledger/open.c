/* The ledger, independent of the back end: opens it, counts, and lists it. */
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/config.h"
#include "ledger/steps_priv.h"

static bool
choose_backend(const struct rw_backend **backend, struct rw_err *err)
{
	char *uri = NULL;

	if (!rw_config_secret("MONGO_URI", &uri, err))
		return false;
	*backend = uri != NULL ? &rw_backend_mongo : &rw_backend_sqlite;
	rw_config_forget(uri);
	return true;
}

/* mark distinguishes the counts of several connections. */
static bool
open_with(struct rw_ledger **ledger, const struct rw_backend *backend,
	enum rw_ledger_purpose purpose, const struct rw_self *self,
	const char *mark, bool dry_run, struct rw_err *err)
{
	struct rw_ledger *new = calloc(1, sizeof *new);

	if (new == NULL)
		return rw_fail_memory(err, "the ledger");
	new->backend = backend;
	new->self = self;
	new->dry_run = dry_run;
	snprintf(new->worker, sizeof new->worker, "%s%s", self->nonce, mark);
	if (dry_run && purpose == RW_LEDGER_WRITE)
		purpose = RW_LEDGER_READ;
	if (!backend->open(&new->handle, purpose, err)) {
		free(new);
		return false;
	}
	*ledger = new;
	return true;
}

bool
rw_ledger_open(struct rw_ledger **ledger, enum rw_ledger_purpose purpose,
	const struct rw_self *self, bool dry_run, struct rw_err *err)
{
	const struct rw_backend *backend;

	return choose_backend(&backend, err) && open_with(ledger, backend,
		purpose, self, "", dry_run, err);
}

size_t
rw_ledger_at_once(const struct rw_ledger *ledger)
{
	return ledger->backend->at_once;
}

bool
rw_ledger_open_another(struct rw_ledger **another,
	const struct rw_ledger *ledger, struct rw_err *err)
{
	if (!open_with(another, ledger->backend, RW_LEDGER_WRITE,
	    ledger->self, "b", ledger->dry_run, err))
		return false;
	(*another)->takes_over = ledger->takes_over;
	return true;
}

void
rw_ledger_close(struct rw_ledger *ledger)
{
	if (ledger == NULL)
		return;
	free(ledger->later.months);
	rw_journal_used_free(&ledger->used);
	rw_journal_used_free(&ledger->taken_over);
	ledger->backend->close(ledger->handle);
	free(ledger);
}

bool
rw_ledger_verify(struct rw_ledger *ledger, struct rw_err *err)
{
	return ledger->backend->verify == NULL ||
		ledger->backend->verify(ledger->handle, err);
}

bool
rw_ledger_prove(struct rw_ledger *ledger, bool thorough, struct rw_err *err)
{
	return ledger->dry_run || ledger->backend->prove == NULL ||
		ledger->backend->prove(ledger->handle, ledger->worker,
		thorough, err);
}

bool
rw_ledger_is_current(struct rw_ledger *ledger, struct rw_err *err)
{
	return ledger->backend->is_current == NULL ||
		ledger->backend->is_current(ledger->handle, err);
}

bool
rw_ledger_make_current(struct rw_ledger *ledger, struct rw_err *err)
{
	return ledger->dry_run || ledger->backend->make_current == NULL ||
		ledger->backend->make_current(ledger->handle, err);
}

const char *
rw_ledger_name(const struct rw_ledger *ledger)
{
	return ledger->backend->name(ledger->handle);
}

void
rw_ledger_item_free(struct rw_ledger_item *item)
{
	rw_entry_free(&item->old);
	rw_entry_free(&item->change);
}

/* ---- counts ------------------------------------------------------------ */

void
rw_counts_add(struct rw_counts *counts, const char *name, uint64_t lines)
{
	size_t i = 0;

	while (i < counts->n && strcmp(counts->items[i].name, name) != 0)
		i++;
	if (i == RW_COUNTS_MAX)
		return;
	if (i == counts->n) {
		snprintf(counts->items[i].name, sizeof counts->items[i].name,
			"%s", name);
		counts->items[counts->n++].lines = 0;
	}
	counts->items[i].lines += lines;
	counts->changed = true;
}

bool
rw_counts_write(struct rw_ledger *ledger, struct rw_counts *counts,
	struct rw_err *err)
{
	if (!counts->changed || ledger->dry_run)
		return true;
	counts->changed = false;
	return ledger->backend->count(ledger->handle, ledger->self->run_id,
		ledger->worker, counts->items, counts->n, err);
}

void
rw_ledger_count(struct rw_ledger *ledger, const char *name, uint64_t lines)
{
	if (lines > 0)
		rw_counts_add(&ledger->counts, name, lines);
}

bool
rw_ledger_flush(struct rw_ledger *ledger, struct rw_err *err)
{
	int64_t now;

	if (!ledger->counts.changed || ledger->dry_run)
		return true;
	if (!ledger->backend->begin(ledger->handle, true, &now, err))
		return false;
	if (rw_counts_write(ledger, &ledger->counts, err) &&
	    ledger->backend->commit(ledger->handle, err))
		return true;
	ledger->backend->rollback(ledger->handle);
	return false;
}

/* ---- listing ----------------------------------------------------------- */

bool
rw_ledger_each(struct rw_ledger *ledger, const struct rw_ledger_query *query,
	rw_ledger_visit *visit, void *context, struct rw_err *err)
{
	struct rw_entry room = {0};
	bool good = ledger->backend->each(ledger->handle, query, &room, visit,
		context, err);

	rw_entry_free(&room);
	return good;
}

bool
rw_ledger_each_count(struct rw_ledger *ledger, const char *run_id,
	rw_ledger_tally *tally, void *context, struct rw_err *err)
{
	return ledger->backend->each_count(ledger->handle, run_id, tally,
		context, err);
}

bool
rw_ledger_newest(struct rw_ledger *ledger, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return ledger->backend->newest(ledger->handle, period, err);
}

bool
rw_ledger_oldest(struct rw_ledger *ledger, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return ledger->backend->oldest(ledger->handle, period, err);
}

/* ---- the history of runs ------------------------------------------------ */

bool
rw_ledger_note_run(struct rw_ledger *ledger, const struct rw_ledger_run *run,
	struct rw_err *err)
{
	int64_t now;

	if (ledger->dry_run)
		return true;
	if (!ledger->backend->begin(ledger->handle, true, &now, err))
		return false;
	if (ledger->backend->note_run(ledger->handle, run, err) &&
	    ledger->backend->commit(ledger->handle, err))
		return true;
	ledger->backend->rollback(ledger->handle);
	return false;
}

bool
rw_ledger_each_run(struct rw_ledger *ledger, const char *run_id,
	const char *period, rw_ledger_visit_run *visit, void *context,
	struct rw_err *err)
{
	return ledger->backend->each_run(ledger->handle, run_id, period, visit,
		context, err);
}
