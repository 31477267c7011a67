/*
 * Time: the wall clock, a monotonic clock, and RFC 3339 in UTC.
 */
#ifndef RW_BASE_CLOCK_H
#define RW_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* "2025-07-01T00:10:00Z" and a NUL, with room for years after 9999. */
#define RW_RFC3339_SIZE 32

/* Milliseconds since 1970, UTC. */
int64_t
rw_clock_now_ms(void);

/* True when a clock can be right: its seconds since 1970 are in the years 2000
 * to 2200. Otherwise RW_CONFIG, naming the clock ("the clock of this host") and
 * its time. A wrong clock would give leases, links and mails wrong dates that
 * cannot be corrected. */
bool
rw_clock_is_sane(const char *clock, int64_t seconds, struct rw_err *err);

/* The same for the wall clock of this host. */
bool
rw_clock_check(struct rw_err *err);

/* Milliseconds since an arbitrary moment; never goes back. For delays. */
int64_t
rw_clock_monotonic_ms(void);

/* The clock of documents: SOURCE_DATE_EPOCH when it is set, else the wall
 * clock; seconds since 1970. RW_CONFIG when the variable is not a number.
 * Source: https://reproducible-builds.org/specs/source-date-epoch/ */
bool
rw_clock_document(int64_t *seconds, struct rw_err *err);

/* seconds since 1970 as RFC 3339, UTC, whole seconds. */
void
rw_rfc3339(char out[RW_RFC3339_SIZE], int64_t seconds);

/* Reads RFC 3339 with any offset, and drops a fraction of a second. False when
 * text is not in this form, or the month does not have the day. */
bool
rw_rfc3339_parse(const char *text, int64_t *seconds);

#endif
