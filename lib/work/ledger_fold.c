/* The journals of dead rw-mail processes become outcomes in the ledger. */
#include "work/ledger_steps.h"

#include <stdlib.h>

#include "base/fault.h"
#include "work/journal_read.h"

enum { BATCH = 100 };

struct fold {
	struct rw_ledger *ledger;
	struct rw_journal_reader reader;
	struct rw_record records[BATCH];
	struct rw_ledger_item items[BATCH];
	struct rw_folded folded;
	size_t strange;		/* of the file: without an entry here */
};

/* Up to BATCH outcomes of the current file. */
static bool
gather(struct fold *fold, size_t *n, struct rw_err *err)
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
tally(struct fold *fold, size_t n)
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
fold_file(struct fold *fold, struct rw_err *err)
{
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
	return fold->strange > 0 ||
		rw_journal_reader_remove(&fold->reader, err);
}

static bool
fold_files(struct fold *fold, struct rw_err *err)
{
	bool found = true;

	if (!rw_journal_reader_open(&fold->reader, err))
		return false;
	for (;;) {
		if (!rw_journal_reader_file(&fold->reader, &found, err))
			return false;
		if (!found)
			return true;
		if (!fold_file(fold, err))
			return false;
	}
}

/* What a living rw-mail has begun. */
static void
take_busy(struct rw_known *known, struct rw_journal_reader *reader)
{
	known->busy = reader->busy;
	known->busy_count = reader->busy_count;
	reader->busy = NULL;
	reader->busy_count = 0;
}

bool
rw_ledger_fold(struct rw_ledger *ledger, struct rw_folded *folded,
	struct rw_err *err)
{
	/* Recording the outcomes begins with nothing known. */
	struct rw_known known = ledger->known;
	struct fold *fold;
	bool good;
	size_t i;

	if (ledger->dry_run)
		return true;
	fold = calloc(1, sizeof *fold);
	if (fold == NULL)
		return rw_fail(err, RW_BUG, "no memory for the journal");
	fold->ledger = ledger;
	ledger->known = (struct rw_known){0};
	good = fold_files(fold, err);
	rw_known_clear(&ledger->known);
	free(ledger->known.runs);
	ledger->known = known;
	if (good)
		take_busy(&ledger->known, &fold->reader);
	if (good && folded != NULL) {
		folded->settled += fold->folded.settled;
		folded->in_doubt += fold->folded.in_doubt;
		folded->lost += fold->folded.lost;
		folded->strange += fold->folded.strange;
	}
	rw_journal_reader_close(&fold->reader);
	for (i = 0; i < BATCH; i++) {
		rw_record_free(&fold->records[i]);
		rw_ledger_item_free(&fold->items[i]);
	}
	free(fold);
	return good;
}
