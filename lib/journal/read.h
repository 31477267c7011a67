/*
 * Reading the journal (journal/journal.h, whose errors these are): file by file,
 * of writers that are dead, and in each file outcome by outcome.
 */
#ifndef RW_JOURNAL_READ_H
#define RW_JOURNAL_READ_H

#include "journal/lines_priv.h"

/* How the writer of a file is judged whose kernel is not ours, and whose lock
 * says nothing therefore. On ours the lock decides, as it does for a file of
 * release 1.0.0, which does not name its kernel. */
struct rw_journal_judge {
	int64_t now_s;		/* the ledger's clock: dead, when the last
				 * lease of its claims has ended */
	bool takes_over;	/* the operator's word that it is dead */
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

/* Lists the journal; an absent directory is an empty one. judge NULL: no writer
 * on another kernel counts as dead. Waits until no other reader is at work, so that whoever has opened a reader and found
 * nothing may rely on it: what the dead have left was settled. A run that is
 * found dead only later needs a new look before its claims are taken over. */
bool
rw_journal_reader_open(struct rw_journal_reader *reader,
	const struct rw_journal_judge *judge, struct rw_err *err);

/* The next file whose writer is dead; *found is false behind the last one.
 * RW_IO also when the file of a living one is damaged. */
bool
rw_journal_reader_file(struct rw_journal_reader *reader, bool *found,
	struct rw_err *err);

/* The current file's name, for messages. */
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

/* A file goes: everything in it was settled, durably. It is fine when it is
 * gone already. */
bool
rw_journal_reader_remove(struct rw_journal_reader *reader, const char *name,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_reader_close(struct rw_journal_reader *reader);

#endif
