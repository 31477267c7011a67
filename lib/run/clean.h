/*
 * Removes the files of dead runs. Errors: RW_IO.
 */
#ifndef RW_RUN_CLEAN_H
#define RW_RUN_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Removes the reports of each dead run under state, the state directory. When
 * its lock is older than keep_days, all files of the run are removed.
 *
 * A run may be alive when its lock is missing, or when the lock was made by
 * another kernel on a file system that several kernels may have mounted. All
 * files of such a run are removed when it is older than both keep_days and 30
 * days. */
bool
rw_run_clean(const char *state, uint64_t keep_days, struct rw_err *err);

#endif
