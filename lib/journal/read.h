/*
 * Reads the journal: the files of dead writers one after the other, and in each
 * file one outcome after the other. Errors: see journal/journal.h.
 */
#ifndef RW_JOURNAL_READ_H
#define RW_JOURNAL_READ_H

#include "journal/lines_priv.h"

/* Decides whether a writer on another kernel is dead, for which its lock proves
 * nothing. On our kernel the lock decides, and also for a file of release
 * 1.0.0, which does not name its kernel. */
struct rw_journal_judge {
	int64_t now_s;		/* the ledger's clock: dead, when the last
				 * lease of its claims has ended */
	bool takes_over;	/* the operator has declared it dead */
};

struct rw_journal_reader {
	char *dir;		/* owned */
	struct rw_journal_judge judge;
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": not known */
	bool owns;		/* no other kernel can have dir mounted: a
				 * lock that can be taken proves death */
	char **names;		/* owned: the files there, by name */
	size_t count, at;	/* at: the one behind the current */
	int lock_fd;		/* readers exclude each other with it */
	struct rw_journal_lines lines;	/* of the current file, locked */
	/* Of the files whose writers live, or may: their names, owned, and the
	 * claims, owned, of what had begun in them when they were passed over.
	 * Complete when no file is found any more. */
	char **living;
	size_t living_count;
	char **busy;
	size_t busy_count;
};

/* Lists the journal; a missing directory is an empty journal. judge NULL: no
 * writer on another kernel counts as dead. Waits until no other reader is
 * active. Therefore, when no file is found, everything that dead writers left
 * was settled. If a run is found dead only later, the journal must be read
 * again before its claims are taken over. */
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

/* The next outcome in the file, as rw-mail passed the record on; behind the
 * last of them each open begin as a record of its identifying members with
 * email_sent false, state and error "in_doubt". *found is false when the file
 * is done. RW_IO for a line that is damaged (not merely torn at the end of
 * the file), naming it. */
bool
rw_journal_reader_next(struct rw_journal_reader *reader,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err);

/* Removes a file whose outcomes were all settled durably. A missing file is not
 * an error. */
bool
rw_journal_reader_remove(struct rw_journal_reader *reader, const char *name,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_reader_close(struct rw_journal_reader *reader);

#endif
