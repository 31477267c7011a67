/*
 * Reads the journal: the files of dead writers one after the other, and in each
 * file one outcome after the other. Errors: see journal/journal.h.
 */
#ifndef RW_JOURNAL_READ_H
#define RW_JOURNAL_READ_H

#include "journal/lines_priv.h"

/* Decides whether a writer on another kernel is dead; its lock proves nothing
 * here. For a writer on our kernel the lock decides, and also for a file of
 * release 1.0.0, which does not name its kernel. */
struct rw_journal_judge {
	int64_t now_s;		/* by the ledger's clock; the writer is dead
				 * when the last lease of its claims has
				 * ended */
	bool takes_over;	/* the operator has declared the writer dead */
};

struct rw_journal_reader {
	char *dir;		/* owned */
	struct rw_journal_judge judge;
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": unknown */
	bool owns;		/* no other kernel can have mounted dir, so that
				 * a lock that can be taken proves death */
	char **names;		/* owned: the names of the files, sorted */
	size_t count, at;	/* at: index of the next file */
	int lock_fd;		/* readers exclude each other with it */
	struct rw_journal_lines lines;	/* of the current file, locked */
	/* The names (owned) of files whose writers are or may be alive, and the
	 * claims (owned) of the mails that had begun when these files were
	 * passed over. Complete when no more file is found. */
	char **living;
	size_t living_count;
	char **busy;
	size_t busy_count;
};

/* Lists the journal. A missing directory is an empty journal. judge NULL: no
 * writer on another kernel counts as dead. Waits until no other reader is
 * active. Therefore, when no file is found, all files of dead writers have been
 * settled. If a run is found dead only later, the journal must be read again
 * before the run's claims are taken over. */
bool
rw_journal_reader_open(struct rw_journal_reader *reader,
	const struct rw_journal_judge *judge, struct rw_err *err);

/* The next file whose writer is dead; *found is false after the last one.
 * RW_IO also when the file of a living writer is damaged. */
bool
rw_journal_reader_file(struct rw_journal_reader *reader, bool *found,
	struct rw_err *err);

/* The name of the current file, for messages. */
const char *
rw_journal_reader_name(const struct rw_journal_reader *reader);

/* The next outcome in the file, with the record as rw-mail passed it on. After
 * the last outcome each begin without an outcome is returned as a record that
 * has its identifying members, email_sent false, state and error "in_doubt".
 * *found is false at the end of the file. RW_IO, with the line's number: the
 * line is damaged. A line that is merely incomplete at the end of the file is
 * not an error. */
bool
rw_journal_reader_next(struct rw_journal_reader *reader,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err);

/* Removes a file after all of its outcomes have been settled durably. A missing
 * file is not an error. */
bool
rw_journal_reader_remove(struct rw_journal_reader *reader, const char *name,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_reader_close(struct rw_journal_reader *reader);

#endif
