/*
 * rw-record as a filter: the lines are gathered into batches. While the ledger
 * processes a batch, the next batch is read.
 */
#ifndef RW_TOOLS_RECORD_FILTER_H
#define RW_TOOLS_RECORD_FILTER_H

#include "cli.h"
#include "record_priv.h"
#include "ledger/ledger.h"

/* Processes standard input. --result reads to the end of the input even when
 * the ledger fails. All failures have been logged on return; the result is the
 * worst kind. The ledger is borrowed. */
enum rw_kind
rw_record_filter(const struct rw_record_work *work, struct rw_ledger *ledger,
	const struct rw_common *common);

#endif
