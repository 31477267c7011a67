/* The journals of dead rw-mail processes become outcomes in the ledger. */
#include "ledger/fold_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/boot.h"
#include "base/fault.h"

enum { BATCH = RW_FOLD_BATCH };

/* Up to BATCH outcomes of the current file. */
static bool
gather(struct rw_fold *fold, size_t *n, struct rw_err *err)
{
	enum rw_outcome ignored;
	bool found = true;

	for (*n = 0; *n < BATCH; (*n)++) {
		if (!rw_journal_reader_next(&fold->reader, &fold->records[*n],
		    &ignored, &found, err))
			return false;
		if (!found)
			return true;
		fold->items[*n].record = &fold->records[*n];
	}
	return true;
}

static void
tally(struct rw_fold *fold, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (fold->items[i].known)
			continue;
		if (fold->items[i].fate == RW_FATE_NOT_DONE &&
		    rw_entry_state(&fold->items[i].old) == RW_STATE_NONE)
			fold->strange++;
		else if (fold->items[i].fate == RW_FATE_NOT_DONE)
			fold->folded.lost++;
		else if (fold->items[i].fate == RW_FATE_IN_DOUBT)
			fold->folded.in_doubt++;
		else
			fold->folded.settled++;
	}
}

static bool
fold_file(struct rw_fold *fold, struct rw_err *err)
{
	const char *name = rw_journal_reader_name(&fold->reader);
	size_t n;

	fold->strange = 0;
	do {
		if (!gather(fold, &n, err))
			return false;
		if (n > 0 && !rw_ledger_settle(fold->ledger, fold->items, n,
		    true, err))
			return false;
		rw_ledger_keep_folded(fold->ledger,
			rw_journal_reader_name(&fold->reader), fold->items, n);
		tally(fold, n);
	} while (n == BATCH);
	rw_fault("journal-folded");
	/* Another ledger that shares this state directory needs it, and one
	 * that was restored has lost what this file alone knows. */
	fold->folded.strange += fold->strange;
	if (rw_fold_keeps(fold, name, fold->reader.lines.checked &&
	    !rw_journal_lines_are_original(&fold->reader.lines),
	    fold->strange > 0) || fold->strange > 0)
		return true;
	return rw_journal_reader_remove(&fold->reader, name, err);
}

static bool
fold_files(struct rw_fold *fold, struct rw_err *err)
{
	struct rw_ledger *ledger = fold->ledger;
	/* Whoever begins after the operator has spoken is not meant. */
	const struct rw_journal_judge judge = {fold->moment.now_s,
		ledger->takes_over == &ledger->taken_over &&
		!ledger->has_folded};
	bool found = true;

	if (!rw_journal_reader_open(&fold->reader, &judge, err) ||
	    !rw_fold_look(fold, err))
		return false;
	ledger->has_folded = true;
	for (;;) {
		if (!rw_journal_reader_file(&fold->reader, &found, err))
			return false;
		if (!found)
			return rw_fold_end_runs(fold, err);
		if (!fold_file(fold, err))
			return false;
	}
}

/* What living rw-mail processes have begun. And for a run of which one lives,
 * typed by hand, the lock of the others proves nothing. */
static void
take_busy(struct rw_known *known, struct rw_fold *fold)
{
	struct rw_journal_reader *reader = &fold->reader;
	size_t i, k;

	for (i = 0; i < fold->run_count; i++)
		for (k = 0; k < known->n; k++)
			if (fold->runs[i].is_mailing &&
			    strcmp(known->runs[k].run_id,
			    fold->runs[i].id) == 0)
				known->runs[k].lock.is = RW_LOCK_MISSING;
	known->busy = reader->busy;
	known->busy_count = reader->busy_count;
	reader->busy = NULL;
	reader->busy_count = 0;
}

static bool
know_moment(struct rw_fold *fold, struct rw_err *err)
{
	struct rw_ledger *ledger = fold->ledger;

	fold->moment.boot_ms = rw_boot_clock_ms();
	if (!ledger->backend->begin(ledger->handle, false,
	    &fold->moment.now_s, err))
		return false;
	ledger->backend->rollback(ledger->handle);
	return true;
}

static void
free_fold(struct rw_fold *fold)
{
	size_t i;

	rw_journal_reader_close(&fold->reader);
	for (i = 0; i < BATCH; i++) {
		rw_record_free(&fold->records[i]);
		rw_ledger_item_free(&fold->items[i]);
	}
	rw_fold_free_runs(fold);
	free(fold);
}

bool
rw_ledger_fold(struct rw_ledger *ledger, struct rw_folded *folded,
	struct rw_err *err)
{
	/* Recording the outcomes begins with nothing known. */
	struct rw_known known = ledger->known;
	struct rw_fold *fold;
	bool good;

	if (ledger->dry_run)
		return true;
	fold = calloc(1, sizeof *fold);
	if (fold == NULL)
		return rw_fail(err, RW_BUG, "no memory for the journal");
	fold->ledger = ledger;
	fold->reader.lock_fd = -1;
	ledger->known = (struct rw_known){0};
	good = know_moment(fold, err) && fold_files(fold, err);
	rw_known_clear(&ledger->known);
	free(ledger->known.runs);
	ledger->known = known;
	if (good)
		take_busy(&ledger->known, fold);
	if (good && folded != NULL) {
		folded->settled += fold->folded.settled;
		folded->in_doubt += fold->folded.in_doubt;
		folded->lost += fold->folded.lost;
		folded->strange += fold->folded.strange;
	}
	free_fold(fold);
	return good;
}
