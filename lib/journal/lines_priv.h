/*
 * One file of the journal, read. For journal_read.c alone.
 */
#ifndef RW_JOURNAL_LINES_PRIV_H
#define RW_JOURNAL_LINES_PRIV_H

#include "journal/journal.h"

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
	bool checked;		/* by the name: each line has a checksum, and
				 * the first one is a head */
	struct rw_journal_head head;	/* once it was read */
	uint64_t good;		/* lines so far that are as they were written */
	uint64_t torn;		/* number of the first one that is not; 0 */
};

/* Takes fd; lines has none open. */
void
rw_journal_lines_open(struct rw_journal_lines *lines, int fd,
	const char *name);

/* Reads the first line of a checked file. */
bool
rw_journal_lines_head(struct rw_journal_lines *lines, struct rw_err *err);

/* Whether the file is the one that was written, and not a copy of it. */
bool
rw_journal_lines_are_original(const struct rw_journal_lines *lines);

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
