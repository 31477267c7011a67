/*
 * Days of an unexpected form: decides which of them are certainly not in a
 * month. All others may be in the month, and a sum without them would be wrong.
 *
 * The time zone of a point in time is unknown, so a time less than two days
 * before or after the month may be in it.
 */
#ifndef RW_FOLLOWERS_ODD_DAY_H
#define RW_FOLLOWERS_ODD_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/period.h"

/* A text that begins with a year and a month: "2025/6/3", "2025-06-03T22:00". */
bool
rw_odd_text_is_elsewhere(const char *text, struct rw_period period);

/* Milliseconds since 1970. */
bool
rw_odd_instant_is_elsewhere(int64_t ms, struct rw_period period);

/* A number can mean YYYYMMDD; a time since 1970 in seconds, milliseconds,
 * microseconds or nanoseconds; or days since 1970 or (as in workbooks) 1900.
 * True when at least one of these meanings is in the years 2000 to 2099, and no
 * such meaning is in the month. */
bool
rw_odd_number_is_elsewhere(int64_t number, struct rw_period period);

#endif
