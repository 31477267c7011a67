/*
 * Whether a mail still fits into the lease of its claim. When the lease ends,
 * another host may take the report, and a mail that is accepted later would
 * be the second one. Pure arithmetic on one clock, this host's, by which the
 * line's lease_until is written.
 *
 * Source of the waits: RFC 5321, section 4.5.3.2. Up to the final dot they
 * have no sum that could be relied on; from there on it is the wait for the
 * answer to it.
 */
#ifndef RW_WORK_LEASE_H
#define RW_WORK_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Whether a mail may begin: 15 minutes are left, or more when the answer to
 * the final dot is waited for so long. RW_LOCKED. */
bool
rw_lease_allows(int64_t lease_until_s, int64_t now_s, int64_t dot_timeout_ms,
	struct rw_err *err);

/* The last moment at which the final dot may be sent. */
int64_t
rw_lease_end_by_ms(int64_t lease_until_s, int64_t dot_timeout_ms);

#endif
