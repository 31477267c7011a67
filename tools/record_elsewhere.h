/*
 * The file of --elsewhere: unchanged copies of the lines that other runs have
 * claimed, so that the ledger can be asked about them later.
 */
#ifndef RW_TOOLS_RECORD_ELSEWHERE_H
#define RW_TOOLS_RECORD_ELSEWHERE_H

#include <stdbool.h>

#include "base/err.h"
#include "filter.h"
#include "ledger/claim.h"
#include "wire/jsonl.h"

struct rw_record_elsewhere {
	const char *path;	/* NULL: lines are not kept; borrowed */
	int fd;
};

/* Appends to the file; creates it if necessary. RW_IO. */
bool
rw_record_elsewhere_open(struct rw_record_elsewhere *elsewhere,
	const char *path, struct rw_err *err);

/* Logs a failure, and returns its kind. */
enum rw_kind
rw_record_elsewhere_add(struct rw_record_elsewhere *elsewhere,
	const struct rw_line *line);

void
rw_record_elsewhere_close(struct rw_record_elsewhere *elsewhere);

/* Ends the job of a report that --claim leaves out. Writes a line for it, so
 * that no report can disappear from the output without a trace. The line has no
 * address, so that it cannot be mailed. */
void
rw_record_name_left(struct rw_job *job, enum rw_fate fate);

#endif
