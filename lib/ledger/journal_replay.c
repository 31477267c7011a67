/* Replays the journals of dead rw-mail processes into the ledger. */
#include "ledger/journal_replay_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/boot.h"
#include "base/fault.h"

enum { BATCH = RW_REPLAY_BATCH };

/* Up to BATCH outcomes of the current file. */
static bool
gather(struct rw_journal_replay *replay, size_t *n, struct rw_err *err)
{
	enum rw_outcome ignored;
	bool found = true;

	for (*n = 0; *n < BATCH; (*n)++) {
		if (!rw_journal_reader_next(&replay->reader,
		    &replay->records[*n], &ignored, &found, err))
			return false;
		if (!found)
			return true;
		replay->items[*n].record = &replay->records[*n];
	}
	return true;
}

static void
tally(struct rw_journal_replay *replay, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (replay->items[i].known)
			continue;
		if (replay->items[i].fate == RW_FATE_NOT_DONE &&
		    rw_entry_state(&replay->items[i].old) == RW_STATE_NONE)
			replay->strange++;
		else if (replay->items[i].fate == RW_FATE_NOT_DONE)
			replay->outcome.lost++;
		else if (replay->items[i].fate == RW_FATE_IN_DOUBT)
			replay->outcome.in_doubt++;
		else
			replay->outcome.settled++;
	}
}

static bool
replay_file(struct rw_journal_replay *replay, struct rw_err *err)
{
	const char *name = rw_journal_reader_name(&replay->reader);
	bool is_copy;
	size_t n;

	replay->strange = 0;
	do {
		if (!gather(replay, &n, err))
			return false;
		if (n > 0 && !rw_ledger_settle(replay->ledger, replay->items, n,
		    true, err))
			return false;
		rw_journal_replay_keep(replay, name, n);
		tally(replay, n);
	} while (n == BATCH);
	rw_fault("journal-replayed");
	/* A different ledger with the same state directory needs it; a ledger
	 * that was restored has lost what only this file knows. */
	replay->outcome.strange += replay->strange;
	is_copy = replay->reader.lines.checked &&
		!rw_journal_lines_are_original(&replay->reader.lines);
	if (rw_journal_replay_keeps(replay, name, is_copy,
	    replay->strange > 0) || replay->strange > 0)
		return true;
	return rw_journal_reader_remove(&replay->reader, name, err);
}

static bool
replay_files(struct rw_journal_replay *replay, struct rw_err *err)
{
	struct rw_ledger *ledger = replay->ledger;
	/* --take-over does not cover processes that began after it. */
	const struct rw_journal_judge judge = {replay->moment.now_s,
		ledger->takes_over == &ledger->taken_over &&
		!ledger->has_replayed};
	bool found = true;

	if (!rw_journal_reader_open(&replay->reader, &judge, err) ||
	    !rw_journal_replay_look(replay, err))
		return false;
	ledger->has_replayed = true;
	for (;;) {
		if (!rw_journal_reader_file(&replay->reader, &found, err))
			return false;
		if (!found)
			return rw_journal_replay_end_runs(replay, err);
		if (!replay_file(replay, err))
			return false;
	}
}

/* The claims that living rw-mail processes have begun. If one process of a run
 * by hand lives, the free locks of the others prove nothing. */
static void
take_busy(struct rw_known *known, struct rw_journal_replay *replay)
{
	struct rw_journal_reader *reader = &replay->reader;
	size_t i, k;

	for (i = 0; i < replay->run_count; i++)
		for (k = 0; k < known->n; k++)
			if (replay->runs[i].is_mailing &&
			    strcmp(known->runs[k].run_id,
			    replay->runs[i].id) == 0)
				known->runs[k].lock.is = RW_LOCK_MISSING;
	known->busy = reader->busy;
	known->busy_count = reader->busy_count;
	reader->busy = NULL;
	reader->busy_count = 0;
}

static bool
know_moment(struct rw_journal_replay *replay, struct rw_err *err)
{
	struct rw_ledger *ledger = replay->ledger;

	replay->moment.boot_ms = rw_boot_clock_ms();
	if (!ledger->backend->begin(ledger->handle, false,
	    &replay->moment.now_s, err))
		return false;
	ledger->backend->rollback(ledger->handle);
	return true;
}

static void
free_replay(struct rw_journal_replay *replay)
{
	size_t i;

	rw_journal_reader_close(&replay->reader);
	for (i = 0; i < BATCH; i++) {
		rw_record_free(&replay->records[i]);
		rw_ledger_item_free(&replay->items[i]);
	}
	rw_journal_replay_free_runs(replay);
	free(replay);
}

static void
add_outcome(struct rw_replayed *sum, const struct rw_replayed *outcome)
{
	sum->settled += outcome->settled;
	sum->in_doubt += outcome->in_doubt;
	sum->lost += outcome->lost;
	sum->strange += outcome->strange;
}

bool
rw_journal_replay_all(struct rw_ledger *ledger, struct rw_known *known,
	struct rw_replayed *outcome, struct rw_err *err)
{
	struct rw_journal_replay *replay;
	bool good;

	if (ledger->dry_run)
		return true;
	replay = calloc(1, sizeof *replay);
	if (replay == NULL)
		return rw_fail_memory(err, "the journal");
	replay->ledger = ledger;
	replay->reader.lock_fd = -1;
	good = know_moment(replay, err) && replay_files(replay, err);
	if (good && known != NULL)
		take_busy(known, replay);
	if (good && outcome != NULL)
		add_outcome(outcome, &replay->outcome);
	free_replay(replay);
	return good;
}

bool
rw_ledger_replay_journals(struct rw_ledger *ledger,
	struct rw_replayed *outcome, struct rw_err *err)
{
	return rw_journal_replay_all(ledger, NULL, outcome, err);
}
