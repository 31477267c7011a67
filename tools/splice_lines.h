/*
 * The lines of one file as rw-splice compares them: only by follower and month,
 * as every tool reads these members.
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
	uint64_t whole;			/* complete lines, of an incomplete
					 * file */
	bool torn_counts;		/* a last line without a newline counts
					 * as well */
	const struct rw_period *period;	/* NULL: no month was requested */
	/* of the current line */
	uint64_t count;			/* lines so far, including this line */
	uint64_t sum;			/* rw_hash64 of these lines */
	const char *text;		/* as it came; NULL: too long */
	size_t len;
	bool readable;
	const char *key;		/* borrowed; only when readable */
	struct rw_buf made;		/* the key */
};

/* Appends the key by which two lines are the same report. */
void
rw_splice_add_key(struct rw_record *record, struct rw_buf *out);

/* The first member of these groups that differs between the two lines, byte for
 * byte; NULL: none. The members of the key are not compared. looks_up: the stage
 * may add a high-water mark and a date of issue, as rw-record --lookup does. */
const char *
rw_splice_changed(const struct rw_line *given, const struct rw_line *wrote,
	unsigned groups, bool looks_up);

/* A hash of all members but those that rw-mail and rw-record --result set: an
 * outcome, state and error. The order of members does not count. */
uint64_t
rw_splice_identity(const struct rw_line *line);

/* torn_counts: a last line without a newline counts as a line; in the file of a
 * tool that was killed, it does not. RW_IO, RW_CONFIG (RW_MAX_LINE). */
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
