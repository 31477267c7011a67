/*
 * The lines of one file as rw-splice compares them: by follower and month, as
 * every tool reads these, and by nothing else.
 */
#ifndef RW_TOOLS_SPLICE_LINES_H
#define RW_TOOLS_SPLICE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/period.h"
#include "record/record.h"

struct rw_splice_lines {
	const char *path;		/* borrowed */
	struct rw_reader reader;
	struct rw_record record;
	uint64_t whole;			/* lines that end; of a torn file */
	bool torn_counts;		/* so does a last line without an end */
	const struct rw_period *period;	/* NULL: none was asked for */
	/* of the line at hand */
	uint64_t count;			/* this and those before */
	const char *text;		/* as it came; NULL: too long */
	size_t len;
	bool readable;
	const char *key;		/* borrowed; only when readable */
	struct rw_buf made;		/* the key */
};

/* Appends what makes two lines the same report. */
void
rw_splice_add_key(struct rw_record *record, struct rw_buf *out);

/* The first member of these groups that the two lines do not have alike, byte
 * for byte; NULL: there is none. Those of the key are not compared, nor the
 * mark, which rw-record --lookup may bring. */
const char *
rw_splice_changed(const struct rw_line *given, const struct rw_line *wrote,
	unsigned groups);

/* torn_counts: a last line without its newline is a line as well; a file that
 * a tool was killed over has one that is not. RW_IO, RW_CONFIG (RW_MAX_LINE). */
bool
rw_splice_lines_open(struct rw_splice_lines *lines, const char *path,
	bool torn_counts, const struct rw_period *period, struct rw_err *err);

/* Accepts {0}. */
void
rw_splice_lines_close(struct rw_splice_lines *lines);

/* *found is false at the end. RW_IO. */
bool
rw_splice_lines_next(struct rw_splice_lines *lines, bool *found,
	struct rw_err *err);

#endif
