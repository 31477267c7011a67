/*
 * RW_MAX_CHANGE: a follower's month is withheld when its P&L is more than this
 * factor times the follower's largest month in the ledger.
 */
#ifndef RW_RECORD_CHANGE_H
#define RW_RECORD_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* The factor in ten-thousandths; 0 when it is not set. RW_CONFIG when it is not
 * a decimal above 0. */
bool
rw_change_read_setting(int64_t *factor, struct rw_err *err);

/* Whether total, of either sign, is more than factor times largest. factor 0
 * or largest 0: never. */
bool
rw_change_is_over(int64_t total, int64_t largest, int64_t factor);

#endif
