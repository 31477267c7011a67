/*
 * The stages of rw-report and how they end, in words: one table.
 */
#ifndef RW_TOOLS_STAGES_H
#define RW_TOOLS_STAGES_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_stage {
	const char *name;	/* of its files: "claim" */
	char tool[40];		/* "rw-record --claim" */
	bool is_store;		/* its failure keeps nobody from being mailed */
	bool asks;		/* status 1: its words are about the run */
	const char *words_1, *words_75;	/* NULL: as any stage */
};

/* Of a name that is not in the table, "rw-NAME" is the tool. The name is
 * borrowed. */
struct rw_stage
rw_stage_of(const char *name);

/* What a status, as a shell has it (empty: the stage has none), counts as: a
 * tool that is not there is a matter of configuration, a crash is a bug, and
 * whatever else ends a stage has aborted it. */
int
rw_stage_settled(const char *status);

/* The kind of such a status. */
enum rw_kind
rw_stage_kind(int settled);

/* Appends "rw-mail ended with status 1". */
void
rw_stage_describe(const struct rw_stage *stage, const char *status,
	struct rw_buf *out);

/* The list that it is named in at the end of a run: "" for status 0, else
 * "unsent", "failed", "aborted" or, when it could only not write because its
 * reader had ended, "cut". */
const char *
rw_stage_group(const struct rw_stage *stage, const char *status,
	bool reader_gone);

/* The worst of the statuses, in the one order that all tools know (base/err.h);
 * 0 when there is none. */
int
rw_stage_worst(char *const *statuses);

#endif
