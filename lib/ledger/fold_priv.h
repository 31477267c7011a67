/*
 * What ledger_fold.c (journals) and ledger_fold_run.c (the files of runs)
 * share, and nobody else sees.
 */
#ifndef RW_LEDGER_FOLD_PRIV_H
#define RW_LEDGER_FOLD_PRIV_H

#include "journal/read.h"
#include "journal/run_file.h"
#include "ledger/steps_priv.h"

enum { RW_FOLD_BATCH = 100 };

struct rw_fold_run {
	char *id;		/* owned */
	struct rw_journal_run file;
	struct rw_lock lock;	/* looked at before any journal was read */
	bool is_mailing;	/* the writer of one of its journals lives */
	bool is_claimed;	/* it may live: it has claims that hold */
	bool is_copied;		/* one of its journals is a copy */
	bool is_strange;	/* one of them has reports without an entry */
	size_t orphans;		/* its claims that hold no more */
};

struct rw_fold {
	struct rw_ledger *ledger;
	struct rw_moment moment;
	struct rw_journal_reader reader;
	struct rw_record records[RW_FOLD_BATCH];
	struct rw_ledger_item items[RW_FOLD_BATCH];
	struct rw_folded folded;
	size_t strange;		/* of the file: without an entry here */
	struct rw_fold_run *runs;
	size_t run_count;
};

/* Reads the files of runs, once the journal is locked, and before any journal
 * is read: of a run that is dead by then no journal grows any more. */
bool
rw_fold_look(struct rw_fold *fold, struct rw_err *err);

/* The journal at hand was settled. Whether the file of a run names it, so that
 * it stays until that run is over. */
bool
rw_fold_keeps(struct rw_fold *fold, const char *name, bool is_copy,
	bool is_strange);

/* Of each run that is over: frees what no journal begins, or, when something of
 * its journal is missing, puts it in doubt; then removes its journals, and at
 * last its file. */
bool
rw_fold_end_runs(struct rw_fold *fold, struct rw_err *err);

void
rw_fold_free_runs(struct rw_fold *fold);

#endif
