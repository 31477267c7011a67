/*
 * The file that a journal is written to. For writer.c only.
 */
#ifndef RW_JOURNAL_WRITER_FILE_PRIV_H
#define RW_JOURNAL_WRITER_FILE_PRIV_H

#include "journal/journal.h"

/* The journal must have a file. */
const char *
rw_journal_own_name(const struct rw_journal *journal);

/* Makes the file if it does not exist yet. */
bool
rw_journal_need_file(struct rw_journal *journal, struct rw_err *err);

/* Adds the name of the journal to the file of the run that made the record's
 * claim. See rw_journal_begin. */
bool
rw_journal_need_name(struct rw_journal *journal, struct rw_record *record,
	struct rw_err *err);

/* Overwrites the first line in one write; its length does not change. */
bool
rw_journal_write_head(struct rw_journal *journal, struct rw_err *err);

#endif
