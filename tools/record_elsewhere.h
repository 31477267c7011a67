/*
 * The file of --elsewhere: the lines that another run has claimed, as they
 * came, for later questions.
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

/* Appends to the file, which it makes if necessary. RW_IO. */
bool
rw_record_elsewhere_open(struct rw_record_elsewhere *elsewhere,
	const char *path, struct rw_err *err);

/* Says what fails; the kind of it. */
enum rw_kind
rw_record_elsewhere_add(struct rw_record_elsewhere *elsewhere,
	const struct rw_line *line);

void
rw_record_elsewhere_close(struct rw_record_elsewhere *elsewhere);

/* Ends the job of a report that --claim leaves out with a line of its own, so
 * that nothing can be missing from the output without a trace. The line has no
 * address: nobody is mailed. */
void
rw_record_name_left(struct rw_job *job, enum rw_fate fate);

#endif
