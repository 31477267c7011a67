/*
 * The journal of the mail: what rw-mail was about to do, and the outcome, on
 * disk before anybody acts on it, so that a crash anywhere leaves the truth
 * behind. rw-journal(5) is the contract.
 *
 * One file for each process, STATE/journal/RUN.PID.TIME.jRANDOM.jsonl, where
 * RUN is the run's id or "hand". The writer holds flock(LOCK_EX) on it for as
 * long as it lives. The first line names the file and its writer's kernel
 * (journal/line.h); the file has it from the moment that it has a name.
 * Each other line is either
 *
 *	"begin": {"follower_id":...,"report_period":...,"claim":...,
 *	 "revision":...,"sequence":...,"message_id":...,"time":...}
 *
 * with the figures of the record before "time", as far as it has any, or, as
 * "sent", "failed" or "in_doubt", a whole record as rw-mail passes it on. Only
 * records with a claim belong in it: without one there is no entry that could
 * be settled. Before the first begin of a claim whose run has a file
 * (journal/run_file.h) that file names the journal.
 *
 * A reader settles the files of the dead: each outcome, and each begin that
 * none follows, which is in doubt. What a writer has not synced may be torn or
 * missing at the end; nothing was sent on the strength of it. The first line
 * says how much was synced at least: when less is there, or a line that is not
 * as it was written has a good one behind it, the journal is damaged.
 *
 * Errors: RW_IO, and RW_CONFIG when there is no place for state.
 */
#ifndef RW_JOURNAL_JOURNAL_H
#define RW_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "journal/line.h"
#include "record/record.h"

enum rw_outcome {
	RW_SENT,
	RW_FAILED,
	RW_DOUBTFUL,
};

/* The directory's name. */
bool
rw_journal_dir(struct rw_buf *out, struct rw_err *err);

struct rw_journal {
	char *run;		/* owned */
	char *path;		/* owned; NULL until the first begin */
	int fd;
	struct rw_buf pending;	/* lines that are not on disk yet */
	uint64_t lines;		/* in the file, and pending */
	uint64_t syncs;		/* fdatasync calls so far */
	/* Bytes: the file's length; room taken on the disk; room that the
	 * outcomes of what has begun will need. */
	size_t size, reserved, owed;
	struct rw_buf host;	/* this machine's name */
	struct rw_journal_head head;
	/* Owned: the runs, of the claims begun here, whose files name us. */
	char **runs;
	size_t run_count;
	bool broken;		/* a write failed: nothing is promised now */
};

/* Names the run (NULL: "hand"). The file is made by the first begin.
 * RW_CONFIG when run_id cannot be a file's name. */
bool
rw_journal_open(struct rw_journal *journal, const char *run_id,
	struct rw_err *err);

/* Adds "this record is about to be sent"; on disk after the next sync. Takes
 * room on the disk for this line and the outcome, so that a disk that fills up
 * stops a begin, here, and never an outcome. RW_IN_DOUBT: the claim's run has
 * lost its file, or a journal, which may have begun it before. */
bool
rw_journal_begin(struct rw_journal *journal, struct rw_record *record,
	const char *message_id, struct rw_err *err);

/* Adds the outcome with the record in its present form. */
void
rw_journal_outcome(struct rw_journal *journal, const struct rw_record *record,
	enum rw_outcome outcome);

/* One fdatasync for all that was added; nothing when there is nothing. After a
 * failure every later begin and sync fails too; a file that was removed
 * counts as a failure. */
bool
rw_journal_sync(struct rw_journal *journal, struct rw_err *err);

/* Whether every journal that the files of our runs name still exists.
 * RW_IN_DOUBT: one is missing, and the mail that we are about to send may have
 * begun in it. */
bool
rw_journal_is_complete(const struct rw_journal *journal, struct rw_err *err);

/* Gives the lock back. The file stays until a reader has settled it. */
void
rw_journal_close(struct rw_journal *journal);

#endif
