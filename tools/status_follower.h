/*
 * All that the ledger knows of a follower, for the person who answers the
 * follower's call: each month and each sending, in order.
 */
#ifndef RW_TOOLS_STATUS_FOLLOWER_H
#define RW_TOOLS_STATUS_FOLLOWER_H

#include "base/buf.h"
#include "ledger/ledger.h"
#include "status_entry.h"

/* Appends a table of the entries that query names and of their history. */
bool
rw_status_add_history(struct rw_buf *out, struct rw_ledger *ledger,
	const struct rw_ledger_query *query, const struct rw_status_view *view,
	struct rw_err *err);

#endif
