/*
 * The lines that runs have recorded: for each run, the oldest first, the file
 * DIR/runs/RUN_ID/done, then RUN_ID/folded. rw-record --result passed on the
 * lines in done. A later run replayed the lines in folded from the journal. A
 * line is in these files only if the ledger already had it.
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
	size_t part;		/* index of the next file of the run */
	int fd;			/* of the current file; -1: none */
	struct rw_reader reader;
	struct rw_buf path;	/* of the current file */
	const char *newest;	/* run that had a file so far; NULL: none */
	size_t found;		/* number of runs that had a file */
	const char *oldest;	/* the oldest of these runs; NULL: none */
	int64_t oldest_at;	/* time of its last change, in seconds */
};

bool
rw_run_lines_open(struct rw_run_lines *lines, const char *dir,
	struct rw_err *err);

/* The next line, with its file in lines->path and its number in
 * lines->reader.number; text is borrowed until the next call. *found is false
 * after the last one. */
bool
rw_run_lines_next(struct rw_run_lines *lines, const char **text, size_t *len,
	bool *found, struct rw_err *err);

/* Accepts {.fd = -1}. */
void
rw_run_lines_close(struct rw_run_lines *lines);

#endif
