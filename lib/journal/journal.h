/*
 * The journal of the mail: what rw-mail is about to do, and the outcome. Both
 * are on disk before anything depends on them, so that a crash at any moment
 * loses no outcome. rw-journal(5) is the contract.
 *
 * One file for each process, STATE/journal/RUN.PID.TIME.jRANDOM.jsonl, where
 * RUN is the run's id or "hand". The writer holds flock(LOCK_EX) on it for as
 * long as it lives. The first line names the file and its writer's kernel
 * (journal/line.h); it is written before the file gets its name.
 * Each other line is either
 *
 *	"begin": {"follower_id":...,"report_period":...,"claim":...,
 *	 "revision":...,"sequence":...,"message_id":...,"time":...}
 *
 * with the figures of the record, if it has any, before "time"; or "sent",
 * "failed" or "in_doubt" with the whole record as rw-mail passes it on. Only
 * records with a claim are written, because only these have an entry that can
 * be settled. If the run of a claim has a file (journal/run_file.h), that file
 * names the journal before the first "begin" of the claim is written.
 *
 * A reader settles the files of dead writers: each outcome, and each "begin"
 * without an outcome, which is in doubt. Lines that were not synced may be
 * incomplete or missing at the end; nothing was sent after them. The first line
 * has the number of lines that were certainly synced. If the file has fewer, or
 * if a good line follows a bad one, the journal is damaged.
 *
 * Errors: RW_IO, and RW_CONFIG when no state directory is known.
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

/* The name of the directory. */
bool
rw_journal_dir(struct rw_buf *out, struct rw_err *err);

struct rw_journal {
	char *run;		/* owned */
	char *path;		/* owned; NULL until the first begin */
	int fd;
	struct rw_buf pending;	/* lines that are not on disk yet */
	uint64_t lines;		/* in the file, and pending */
	uint64_t syncs;		/* fdatasync calls so far */
	/* Bytes: the length of the file; the space reserved on the disk; the
	 * space that the outcomes of the begun mails will need. */
	size_t size, reserved, owed;
	struct rw_buf host;	/* this machine's name */
	struct rw_journal_head head;
	/* Owned: the runs whose files name this journal. */
	char **runs;
	size_t run_count;
	bool broken;		/* a write failed: no more lines are accepted */
};

/* Names the run (NULL: "hand"). The file is made by the first begin.
 * RW_CONFIG when run_id cannot be a file's name. */
bool
rw_journal_open(struct rw_journal *journal, const char *run_id,
	struct rw_err *err);

/* Adds "this record is about to be sent", which is on disk after the next sync.
 * Reserves disk space for this line and its outcome, so that a full disk is
 * detected here, and an outcome can always be written. RW_IN_DOUBT: the file of
 * the claim's run, or a journal that it names, is missing; the mail may have
 * begun in that journal. */
bool
rw_journal_begin(struct rw_journal *journal, struct rw_record *record,
	const char *message_id, struct rw_err *err);

/* Adds the outcome and the record in its current form. */
void
rw_journal_outcome(struct rw_journal *journal, const struct rw_record *record,
	enum rw_outcome outcome);

/* Writes and syncs all added lines with one fdatasync, if there are any. After
 * a failure, every later begin and sync fails. A removed file is a failure. */
bool
rw_journal_sync(struct rw_journal *journal, struct rw_err *err);

/* True when every journal that the files of our runs name still exists.
 * RW_IN_DOUBT: one is missing, and the mail that we are about to send may have
 * begun in it. */
bool
rw_journal_is_complete(const struct rw_journal *journal, struct rw_err *err);

/* Releases the lock. The file stays until a reader has settled it. */
void
rw_journal_close(struct rw_journal *journal);

#endif
