/*
 * rw-gen --unchanged: corrections without a change, which rw-gen does not make.
 */
#ifndef RW_TOOLS_GEN_UNCHANGED_H
#define RW_TOOLS_GEN_UNCHANGED_H

#include <stdint.h>

#include "base/buf.h"
#include "filter.h"

struct rw_gen_unchanged {
	const char *path;	/* file for their lines; NULL: unchanged
				 * corrections are made */
	int fd;
	struct rw_buf names;
	uint64_t n;
};

/* path may be NULL. RW_IO. */
bool
rw_gen_unchanged_open(struct rw_gen_unchanged *unchanged, const char *path,
	struct rw_err *err);

/* Ends the job: its line goes to the file. */
void
rw_gen_unchanged_take(struct rw_gen_unchanged *unchanged, struct rw_job *job);

/* Reports the number of unchanged corrections, and frees the memory. */
void
rw_gen_unchanged_close(struct rw_gen_unchanged *unchanged);

#endif
