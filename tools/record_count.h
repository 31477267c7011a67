/*
 * Counts that rw-record keeps for a run, in addition to the states of entries.
 */
#ifndef RW_TOOLS_RECORD_COUNT_H
#define RW_TOOLS_RECORD_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "filter.h"
#include "record_priv.h"

/* True when earlier stages have already processed and reported the lines of
 * this mode. */
bool
rw_record_is_asking(enum rw_record_mode mode);

/* At the end: fates counts the outcomes of the lines. */
bool
rw_record_count(struct rw_ledger *ledger, const struct rw_record_work *work,
	const uint64_t *fates, const struct rw_filter_counts *counts,
	struct rw_err *err);

#endif
