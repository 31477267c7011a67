/*
 * Whether a mail still fits into the lease of its claim. When the lease ends,
 * another host may take the report, and a mail that is accepted later would
 * be the second one. Pure arithmetic on one clock, rw_boot_clock_ms of this
 * kernel: a wall clock that is set neither ends nor extends a lease.
 *
 * Source of the waits: RFC 5321, section 4.5.3.2. Up to the final dot
 * their sum has no reliable limit; after it there is only the wait for the
 * answer to the dot.
 */
#ifndef RW_MAIL_LEASE_H
#define RW_MAIL_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/boot.h"
#include "base/err.h"

/* The current time, by both clocks. */
struct rw_lease_now {
	const char *boot_id;	/* of this kernel; "": unknown */
	int64_t boot_ms;	/* rw_boot_clock_ms */
	int64_t wall_ms;	/* rw_clock_now_ms */
};

/* When the lease on a line ends, by rw_boot_clock_ms. A line without a boot id,
 * as release 1.0.0 made them, is of this host, and its end is converted from
 * the wall clock. RW_LOCKED: another kernel made the claim, or this one before
 * it was restarted; no clock here can be trusted for it. */
bool
rw_lease_find_end(const struct rw_boot_end *line,
	const struct rw_lease_now *now, int64_t *end_ms, struct rw_err *err);

/* Whether a mail may begin: 15 minutes are left, or more when the timeout for
 * the answer to the final dot is longer. RW_LOCKED. */
bool
rw_lease_allows(int64_t end_ms, int64_t now_ms, int64_t dot_timeout_ms,
	struct rw_err *err);

/* The last moment at which the final dot may be sent. */
int64_t
rw_lease_end_by_ms(int64_t end_ms, int64_t dot_timeout_ms);

#endif
