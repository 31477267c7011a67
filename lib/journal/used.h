/*
 * The claims for which a mail has begun, and whose outcome is not in the ledger
 * yet.
 */
#ifndef RW_JOURNAL_USED_H
#define RW_JOURNAL_USED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The claims for which a mail has begun in any journal that was not settled. A
 * claim is valid for one mail. Claims are random and there may be one for each
 * line, so that each claim is kept as a 64-bit hash. */
struct rw_journal_used {
	uint64_t *slots;	/* owned; 0: empty */
	size_t count, room;	/* room is a power of two */
	bool loaded;
};

/* Reads all journals without settling them. used is {0} before; the caller
 * frees it, also after a failure. */
bool
rw_journal_used_load(struct rw_journal_used *used, struct rw_err *err);

bool
rw_journal_used_add(struct rw_journal_used *used, const char *claim,
	struct rw_err *err);

bool
rw_journal_used_has(const struct rw_journal_used *used, const char *claim);

void
rw_journal_used_free(struct rw_journal_used *used);

#endif
