/*
 * rw-record --replay: records the outcomes of earlier runs in a ledger that has
 * lost them.
 */
#ifndef RW_TOOLS_RECORD_REPLAY_H
#define RW_TOOLS_RECORD_REPLAY_H

#include "base/err.h"
#include "ledger/ledger.h"

/* dir: a state directory, or "--none": the operator states that nothing is left
 * to replay. Prints the findings on standard output. */
enum rw_kind
rw_record_replay(struct rw_ledger *ledger, const struct rw_self *self,
	const char *dir);

/* After --init: warns when the ledger has no entries, but this state directory
 * has outcomes to replay. */
void
rw_record_offer_replay(struct rw_ledger *ledger, const struct rw_self *self);

#endif
