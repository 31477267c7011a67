/*
 * Reads one file of the journal. For read.c only.
 */
#ifndef RW_JOURNAL_LINES_PRIV_H
#define RW_JOURNAL_LINES_PRIV_H

#include "journal/journal.h"

/* A begin. */
struct rw_journal_begun {
	char *text;	/* owned: the line */
	size_t len;
	char *claim;	/* owned */
};

struct rw_journal_lines {
	const char *name;	/* the file's, borrowed; NULL: none is open */
	int fd;			/* owned */
	struct rw_reader reader;
	struct rw_journal_begun *begun;	/* mails without an outcome so far */
	size_t begun_count, begun_room;
	bool at_end;
	bool checked;		/* by the name: each line has a checksum, and
				 * the first one is a head */
	struct rw_journal_head head;	/* once it was read */
	uint64_t good;		/* undamaged lines so far */
	uint64_t torn;		/* number of the first damaged line; 0: none */
};

/* Takes ownership of fd; lines must have no open file. */
void
rw_journal_lines_open(struct rw_journal_lines *lines, int fd,
	const char *name);

/* Reads the first line of a checked file. */
bool
rw_journal_lines_head(struct rw_journal_lines *lines, struct rw_err *err);

/* True when the file is the original, and not a copy. */
bool
rw_journal_lines_are_original(const struct rw_journal_lines *lines);

/* See rw_journal_reader_next. */
bool
rw_journal_lines_next(struct rw_journal_lines *lines,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err);

/* Reads to the end. Afterwards "begun" has all mails without an outcome. */
bool
rw_journal_lines_skip(struct rw_journal_lines *lines, struct rw_err *err);

/* Accepts {0}. */
void
rw_journal_lines_close(struct rw_journal_lines *lines);

#endif
