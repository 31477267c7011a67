/*
 * rw-record --replay: what runs have recorded, recorded in a ledger that has
 * lost it.
 */
#ifndef RW_TOOLS_RECORD_REPLAY_H
#define RW_TOOLS_RECORD_REPLAY_H

#include "base/err.h"
#include "ledger/ledger.h"

/* dir: a state directory, or "--none": there is nothing, by the operator's
 * word. Says what was found on standard output. */
enum rw_kind
rw_record_replay(struct rw_ledger *ledger, const struct rw_self *self,
	const char *dir);

/* After --init: warns when the ledger has no entries and this state directory
 * has some to replay. */
void
rw_record_offer_replay(struct rw_ledger *ledger, const struct rw_self *self);

#endif
