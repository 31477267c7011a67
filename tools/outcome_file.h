/*
 * Reads the file that outcome.h writes: one object for each process that ended
 * with this RW_OUTCOME_FILE. From an incomplete file, as many outcomes are
 * returned as can be read; a missing file has none.
 */
#ifndef RW_TOOLS_OUTCOME_FILE_H
#define RW_TOOLS_OUTCOME_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/jsonl.h"

/* {0} is a file without outcomes. */
struct rw_outcome_file {
	struct rw_buf text;
	size_t at;
	/* the current outcome */
	struct rw_line line;
	const char *tool;	/* borrowed until the next outcome; never
				 * NULL */
	bool reader_gone;
	uint64_t would_send, more;
	uint64_t read, passed, failed, dropped, unreadable, without_follower;
	bool has_without_follower;
	const char *period;	/* NULL: it has none */
	/* as a word of 16 hexadecimal digits; NULL: the outcome has none */
	const char *read_sum, *written_sum;
};

/* Strings are borrowed from the current outcome. */
struct rw_outcome_cause {
	const char *level, *message;
	const char *subject;	/* NULL: none */
	uint64_t count;
};

void
rw_outcome_file_open(struct rw_outcome_file *file, const char *path);

void
rw_outcome_file_close(struct rw_outcome_file *file);

bool
rw_outcome_file_next(struct rw_outcome_file *file);

/* Walks the causes of the current outcome: start with *at 0. */
bool
rw_outcome_file_cause(struct rw_outcome_file *file, size_t *at,
	struct rw_outcome_cause *cause);

/* Whether the last outcome in the file says that its process read and wrote the
 * lines of these sums (struct rw_filter_counts). RW_BUG. */
bool
rw_outcome_file_agrees(const char *path, uint64_t read_sum,
	uint64_t written_sum, struct rw_err *err);

#endif
