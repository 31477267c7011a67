/*
 * rw-record as a filter: the lines are gathered into batches, and while the
 * ledger works on one, the next is read.
 */
#ifndef RW_TOOLS_RECORD_FILTER_H
#define RW_TOOLS_RECORD_FILTER_H

#include "cli.h"
#include "record_priv.h"
#include "ledger/ledger.h"

/* From standard input to its end, which --result reaches whatever becomes of
 * the ledger. Everything that went wrong has been said when it returns; the
 * result is the worst kind. The ledger is borrowed. */
enum rw_kind
rw_record_filter(const struct rw_record_work *work, struct rw_ledger *ledger,
	const struct rw_common *common);

#endif
