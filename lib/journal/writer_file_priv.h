/*
 * The file that a journal is written to. For writer.c alone.
 */
#ifndef RW_JOURNAL_WRITER_FILE_PRIV_H
#define RW_JOURNAL_WRITER_FILE_PRIV_H

#include "journal/journal.h"

/* There must be one. */
const char *
rw_journal_own_name(const struct rw_journal *journal);

/* Makes it, when there is none yet. */
bool
rw_journal_need_file(struct rw_journal *journal, struct rw_err *err);

/* Names it in the file of the run whose claim the record has. See
 * rw_journal_begin. */
bool
rw_journal_need_name(struct rw_journal *journal, struct rw_record *record,
	struct rw_err *err);

/* Writes the first line anew: over the one that is there, in one piece, and of
 * the same length. */
bool
rw_journal_write_head(struct rw_journal *journal, struct rw_err *err);

#endif
