/*
 * RW_LOOK_BACK, which rw-status --behind uses and rw-options checks.
 */
#ifndef RW_TOOLS_LOOK_BACK_H
#define RW_TOOLS_LOOK_BACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { RW_LOOK_BACK_MOST = 120 };

/* How many months before its own a run looks at; by default 3. RW_CONFIG. */
bool
rw_look_back_read(uint64_t *months, struct rw_err *err);

#endif
