/*
 * Days of an unexpected form: which of them are surely not of a month. All
 * others may be, and a sum without them would be wrong.
 *
 * A time of day has no time zone that could be trusted, so that what is less
 * than two days away from the month may be in it.
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

/* YYYYMMDD, or a time since 1970 in seconds, milliseconds, microseconds or
 * nanoseconds, or days since 1970 or (as in workbooks) 1900: in none of the
 * ways in which it is of the years 2000 to 2099 is it of the month, and there is
 * at least one. */
bool
rw_odd_number_is_elsewhere(int64_t number, struct rw_period period);

#endif
