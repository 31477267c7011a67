/*
 * Reading the journal (work/journal.h, whose errors these are): file by file,
 * of writers that are dead, and in each file outcome by outcome.
 */
#ifndef RW_WORK_JOURNAL_READ_H
#define RW_WORK_JOURNAL_READ_H

#include "work/journal_lines.h"

struct rw_journal_reader {
	char *dir;		/* owned */
	char **names;		/* owned: the files there, by name */
	size_t count, at;	/* at: the one behind the current */
	int lock_fd;		/* readers exclude each other with it */
	struct rw_journal_lines lines;	/* of the current file, locked */
	/* Claims, owned, of what living writers had begun when their files
	 * were passed over. Complete when no file is found any more. */
	char **busy;
	size_t busy_count;
};

/* Lists the journal; an absent directory is an empty one. Waits until no
 * other reader is at work, so that whoever has opened a reader and found
 * nothing may rely on it: what the dead have left was settled. A run that is
 * found dead only later needs a new look before its claims are taken over. */
bool
rw_journal_reader_open(struct rw_journal_reader *reader, struct rw_err *err);

/* The next file whose writer is dead; *found is false behind the last one. */
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

/* The current file goes: everything in it was settled, durably. */
bool
rw_journal_reader_remove(struct rw_journal_reader *reader,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_reader_close(struct rw_journal_reader *reader);

#endif
