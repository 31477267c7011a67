/*
 * Decides whether a mail still fits into the lease of its claim. When the lease
 * ends, another host may claim the report, and a mail that is accepted later
 * would be sent twice. All functions are pure arithmetic on one clock,
 * rw_boot_clock_ms of this kernel, so that setting the wall clock neither ends
 * nor extends a lease.
 *
 * Source of the timeouts: RFC 5321, section 4.5.3.2. Up to the final dot the
 * sum of the waits has no reliable limit. After the dot there is only the wait
 * for the answer to it.
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

/* The end of a line's lease, by rw_boot_clock_ms. A line of release 1.0.0 has
 * no boot ID; it was made on this host, and the end of its lease is converted
 * from the wall clock. RW_LOCKED: the claim was made on another host, or on
 * this host before it was restarted, so that no clock of this kernel measures
 * its lease. */
bool
rw_lease_find_end(const struct rw_boot_end *line,
	const struct rw_lease_now *now, int64_t *end_ms, struct rw_err *err);

/* True when a mail may begin: at least 15 minutes of the lease are left, or
 * more when the timeout for the answer to the final dot is longer.
 * RW_LOCKED. */
bool
rw_lease_allows(int64_t end_ms, int64_t now_ms, int64_t dot_timeout_ms,
	struct rw_err *err);

/* The last moment at which the final dot may be sent. */
int64_t
rw_lease_end_by_ms(int64_t end_ms, int64_t dot_timeout_ms);

#endif
