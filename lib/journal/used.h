/*
 * Which claims have had their mail, as far as no ledger knows it yet.
 */
#ifndef RW_JOURNAL_USED_H
#define RW_JOURNAL_USED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The claims for which some rw-mail has begun a mail, and no --claim has
 * settled its journal since. A claim is good for one mail. Each is kept as 64
 * bits of a hash, since claims are random and there may be one a line. */
struct rw_journal_used {
	uint64_t *slots;	/* owned; 0: empty */
	size_t count, room;	/* room is a power of two */
	bool loaded;
};

/* Reads all journals; they stay. used is {0}, and to be freed even when that
 * fails. */
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
