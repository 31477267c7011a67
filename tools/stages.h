/*
 * The stages of rw-report and how they end, in words: one table.
 */
#ifndef RW_TOOLS_STAGES_H
#define RW_TOOLS_STAGES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_stage {
	const char *name;	/* name of its files: "claim" */
	char tool[40];		/* "rw-record --claim" */
	bool is_store;		/* its failure does not prevent the mail */
	bool asks;		/* with status 1, its message is about the
				 * run */
	const char *words_1, *words_75;	/* NULL: the common words */
};

/* For a name that is not in the table, the tool is "rw-NAME". The name is
 * borrowed. */
struct rw_stage
rw_stage_of(const char *name);

/* Converts a shell's status of a stage (empty: the stage did not run) to one of
 * ours: a missing tool is a fault of the configuration, a crash is a bug, and
 * any other foreign status means that the stage was aborted. */
int
rw_stage_settled(const char *status);

/* The kind of such a status. */
enum rw_kind
rw_stage_kind(int settled);

/* Appends "rw-mail ended with status 1". */
void
rw_stage_describe(const struct rw_stage *stage, const char *status,
	struct rw_buf *out);

/* The list that names the stage at the end of a run: "" for status 0, otherwise
 * "unsent", "failed" or "aborted", or "cut" when the stage only failed to write
 * because its reader had ended. */
const char *
rw_stage_group(const struct rw_stage *stage, const char *status,
	bool reader_gone);

/* The worst of the statuses, in the one order that all tools know (base/err.h);
 * 0 when there is none. */
int
rw_stage_worst(char *const *statuses);

#endif
