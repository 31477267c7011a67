/*
 * A replay of the journals: what journal_replay.c (the journals) and the two
 * below it share: journal_replay_runs.c (the files of runs) and
 * journal_replay_kept.c (a second record).
 */
#ifndef RW_LEDGER_JOURNAL_REPLAY_PRIV_H
#define RW_LEDGER_JOURNAL_REPLAY_PRIV_H

#include "journal/read.h"
#include "journal/run_file.h"
#include "ledger/steps_priv.h"

enum { RW_REPLAY_BATCH = 100 };

struct rw_replay_run {
	char *id;		/* owned */
	struct rw_journal_run file;
	struct rw_lock lock;	/* looked at before any journal was read */
	bool is_mailing;	/* the writer of one of its journals lives */
	bool is_claimed;	/* it may live: it has claims that hold */
	bool is_copied;		/* one of its journals is a copy */
	bool is_strange;	/* one of them has reports without an entry */
	size_t orphans;		/* its claims that hold no more */
};

struct rw_journal_replay {
	struct rw_ledger *ledger;
	struct rw_moment moment;
	struct rw_journal_reader reader;
	struct rw_record records[RW_REPLAY_BATCH];
	struct rw_ledger_item items[RW_REPLAY_BATCH];
	struct rw_replayed outcome;
	size_t strange;		/* of the file: without an entry here */
	struct rw_replay_run *runs;
	size_t run_count;
};

/* Reads the files of runs, once the journal is locked, and before any journal
 * is read: of a run that is dead by then no journal grows any more. */
bool
rw_journal_replay_look(struct rw_journal_replay *replay, struct rw_err *err);

/* The journal at hand was settled. Whether the file of a run names it, so that
 * it stays until that run is over. */
bool
rw_journal_replay_keeps(struct rw_journal_replay *replay, const char *name,
	bool is_copy, bool is_strange);

/* Of each run that is over: frees what no journal begins, or, when something of
 * its journal is missing, puts it in doubt; then removes its journals, and at
 * last its file. */
bool
rw_journal_replay_end_runs(struct rw_journal_replay *replay,
	struct rw_err *err);

/* Writes the first n items of the journal at hand that were settled to the
 * directory of the run, for --replay. It is a second record: a run typed by
 * hand has no directory, and nothing depends on what cannot be written. */
void
rw_journal_replay_keep(const struct rw_journal_replay *replay,
	const char *journal, size_t n);

void
rw_journal_replay_free_runs(struct rw_journal_replay *replay);

#endif
