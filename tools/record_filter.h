/*
 * rw-record as a filter: the lines are gathered into batches, and while the
 * ledger works on one, the next is read.
 */
#ifndef RW_TOOLS_RECORD_FILTER_H
#define RW_TOOLS_RECORD_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"
#include "work/ledger.h"

/* Lines in one batch at most: bounds what a commit holds, and what it costs to
 * wait for it. */
enum { RW_RECORD_BATCH = 500 };

enum rw_record_mode {
	RW_RECORD_NOTHING,
	RW_RECORD_LOOKUP,
	RW_RECORD_CLAIM,
	RW_RECORD_RESULT,
	RW_RECORD_RESOLVE,
};

struct rw_record_work {
	enum rw_record_mode mode;
	struct rw_terms terms;
	bool resolve_sent;
	size_t batch;		/* 1 to RW_RECORD_BATCH */
};

/* From standard input to its end, which --result reaches whatever becomes of
 * the ledger. Everything that went wrong has been said when it returns; the
 * result is the worst kind. The ledger is borrowed. */
enum rw_kind
rw_record_filter(const struct rw_record_work *work, struct rw_ledger *ledger,
	const struct rw_common *common);

#endif
