/*
 * What runs have recorded, line by line: DIR/runs/RUN_ID/done of each run, the
 * oldest run first, and RUN_ID/folded behind it. The former is what rw-record
 * --result passed on, the latter what a later run took from the journal; a line
 * is in either only after the ledger had it.
 *
 * Errors: RW_IO: DIR cannot be read. RW_CONFIG: DIR has no runs.
 */
#ifndef RW_LEDGER_RUN_LINES_H
#define RW_LEDGER_RUN_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/jsonl.h"

struct rw_run_lines {
	char *dir;		/* owned: DIR/runs */
	char **runs;		/* owned: their ids, in order */
	size_t count, at;	/* at: the current one */
	size_t part;		/* of its files: the one behind the current */
	int fd;			/* of the current file; -1: none */
	struct rw_reader reader;
	struct rw_buf path;	/* of the current file */
	const char *newest;	/* run that had a file so far; NULL: none */
	size_t found;		/* runs that had one */
	const char *oldest;	/* the first of them; NULL: none */
	int64_t oldest_at;	/* when that was written last, in seconds */
};

bool
rw_run_lines_open(struct rw_run_lines *lines, const char *dir,
	struct rw_err *err);

/* The next line, with the file in lines->path and its number in
 * lines->reader.number; text is borrowed until the next call. *found is false
 * behind the last one. */
bool
rw_run_lines_next(struct rw_run_lines *lines, const char **text, size_t *len,
	bool *found, struct rw_err *err);

/* Accepts {.fd = -1}. */
void
rw_run_lines_close(struct rw_run_lines *lines);

#endif
