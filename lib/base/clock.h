/*
 * Time: the wall clock, a clock that only goes forward, and RFC 3339 in UTC.
 */
#ifndef RW_BASE_CLOCK_H
#define RW_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* "2025-07-01T00:10:00Z" and its NUL, with room for years past 9999. */
#define RW_RFC3339_SIZE 32

/* Milliseconds since 1970, UTC. */
int64_t
rw_clock_now_ms(void);

/* Whether a clock can be right: seconds since 1970 that are in the years 2000
 * to 2200. RW_CONFIG names the clock ("the clock of this host") and what it
 * says. Leases, links and mails that a wrong clock dated would be wrong for
 * ever. */
bool
rw_clock_is_sane(const char *clock, int64_t seconds, struct rw_err *err);

/* The same of this host's wall clock. */
bool
rw_clock_check(struct rw_err *err);

/* Milliseconds since some moment; never goes back. For delays. */
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

/* Reads RFC 3339 with any offset; a fraction of a second is dropped. False
 * when text is none. */
bool
rw_rfc3339_parse(const char *text, int64_t *seconds);

#endif
