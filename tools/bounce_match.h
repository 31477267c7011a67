/*
 * Finds the entries of the ledger that notices are about, and notes the
 * failures on them.
 *
 * A notice has the beginning of the sum of a mail. The sum of each entry's last
 * sending is computed from the entry, so that a notice is found that arrives
 * before the outcome of the mail is recorded.
 */
#ifndef RW_TOOLS_BOUNCE_MATCH_H
#define RW_TOOLS_BOUNCE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bounce_notice.h"
#include "ledger/ledger.h"

/* Called once for each notice. code: of the failure that is noted, or was. */
typedef void rw_bounce_report(void *context, const struct rw_notice *notice,
	const char *label, const char *code, enum rw_verdict verdict);

struct rw_bounce_match {
	struct rw_ledger *ledger;	/* borrowed */
	rw_bounce_report *report;
	void *context;
	int64_t now;			/* seconds since 1970 */
};

/* Reorders the notices. */
bool
rw_bounce_match(const struct rw_bounce_match *match,
	struct rw_notice *notices, size_t n, struct rw_err *err);

#endif
