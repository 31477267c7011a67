/*
 * rw-gen --unchanged: corrections that correct nothing, which are not made.
 */
#ifndef RW_TOOLS_GEN_UNCHANGED_H
#define RW_TOOLS_GEN_UNCHANGED_H

#include <stdint.h>

#include "base/buf.h"
#include "filter.h"

struct rw_gen_unchanged {
	const char *path;	/* that gets their lines; NULL: they are made */
	int fd;
	struct rw_buf names;
	uint64_t n;
};

/* path: NULL for none. RW_IO. */
bool
rw_gen_unchanged_open(struct rw_gen_unchanged *unchanged, const char *path,
	struct rw_err *err);

/* Ends the job: its line goes to the file. */
void
rw_gen_unchanged_take(struct rw_gen_unchanged *unchanged, struct rw_job *job);

/* Says once how many there were, and frees. */
void
rw_gen_unchanged_close(struct rw_gen_unchanged *unchanged);

#endif
