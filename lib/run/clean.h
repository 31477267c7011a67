/*
 * Removes what runs that are over have left. Errors: RW_IO.
 */
#ifndef RW_RUN_CLEAN_H
#define RW_RUN_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Of each run under state, the state directory, of which nobody is alive: its
 * reports; and when its lock is older than keep_days, all of it. A run whose
 * lock proves nothing here, because another kernel has made it on a file system
 * that several may have mounted, or because it is missing, may be alive: all of
 * it is removed when it is older than keep_days and 30 days. */
bool
rw_run_clean(const char *state, uint64_t keep_days, struct rw_err *err);

#endif
