/*
 * The state directory, which only our user may write to.
 */
#ifndef RW_BASE_STATE_DIR_H
#define RW_BASE_STATE_DIR_H

#include <stdbool.h>

#include "base/err.h"

/* Creates the directory with mode 0700 if it does not exist. It must belong to
 * our user; if others may write to it, its mode is reset to 0700 with a
 * warning.
 *
 * Errors: RW_CONFIG when it, or a ledger that RW_LEDGER names outside it,
 * belongs to another user, or when it is a directory of the system, such as
 * /tmp; RW_IO when it cannot be created or opened. */
bool
rw_state_dir_prepare(const char *path, struct rw_err *err);

#endif
