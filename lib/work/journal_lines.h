/*
 * One file of the journal, read. For journal_read.c alone.
 */
#ifndef RW_WORK_JOURNAL_LINES_H
#define RW_WORK_JOURNAL_LINES_H

#include "work/journal.h"

/* What a begin says of its record. */
struct rw_journal_begun {
	char *text;	/* owned: the line */
	size_t len;
	char *claim;	/* owned */
};

struct rw_journal_lines {
	const char *name;	/* the file's, borrowed; NULL: none is open */
	int fd;			/* owned */
	struct rw_reader reader;
	struct rw_journal_begun *begun;	/* without an outcome so far */
	size_t begun_count, begun_room;
	bool at_end;
	uint64_t torn;		/* number of an unreadable line; 0: none */
};

/* Takes fd; lines has none open. */
void
rw_journal_lines_open(struct rw_journal_lines *lines, int fd,
	const char *name);

/* See rw_journal_reader_next. */
bool
rw_journal_lines_next(struct rw_journal_lines *lines,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err);

/* Reads to the end, so that begun is all that has no outcome. */
bool
rw_journal_lines_skip(struct rw_journal_lines *lines, struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_lines_close(struct rw_journal_lines *lines);

#endif
