/*
 * A replay of the journals: shared by journal_replay.c (the journals),
 * journal_replay_runs.c (the files of runs) and journal_replay_kept.c (the copy
 * in the run's directory).
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
	struct rw_lock lock;	/* state of the lock before any journal was
				 * read */
	bool is_mailing;	/* the writer of one of its journals is alive */
	bool is_claimed;	/* the run may be alive: it has valid claims */
	bool is_copied;		/* one of its journals is a copy */
	bool is_strange;	/* one of its journals has reports without an
				 * entry */
	size_t orphans;		/* its claims that are no longer valid */
};

struct rw_journal_replay {
	struct rw_ledger *ledger;
	struct rw_moment moment;
	struct rw_journal_reader reader;
	struct rw_record records[RW_REPLAY_BATCH];
	struct rw_ledger_item items[RW_REPLAY_BATCH];
	struct rw_replayed outcome;
	size_t strange;		/* outcomes in the current journal without an
				 * entry in this ledger */
	struct rw_replay_run *runs;
	size_t run_count;
};

/* Reads the files of runs. Call when the journal is locked, before any journal
 * is read: if a run is dead then, none of its journals grows any more. */
bool
rw_journal_replay_look(struct rw_journal_replay *replay, struct rw_err *err);

/* The current journal was settled. True when the file of a run names it, so
 * that it must stay until that run is over. */
bool
rw_journal_replay_keeps(struct rw_journal_replay *replay, const char *name,
	bool is_copy, bool is_strange);

/* For each run that is over: releases the claims that have no "begin" in a
 * journal or, if a journal is missing, marks them as in doubt. Then removes the
 * journals of the run, and finally its file. */
bool
rw_journal_replay_end_runs(struct rw_journal_replay *replay,
	struct rw_err *err);

/* Writes the settled ones among the first n items of the current journal to the
 * directory of the run, for --replay. This is only a copy: a run by hand has no
 * directory, and a write error has no consequences. */
void
rw_journal_replay_keep(const struct rw_journal_replay *replay,
	const char *journal, size_t n);

void
rw_journal_replay_free_runs(struct rw_journal_replay *replay);

#endif
