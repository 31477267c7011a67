/*
 * rw-record --resolve: its options, and the claims of a dead host.
 */
#ifndef RW_TOOLS_RECORD_RESOLVE_H
#define RW_TOOLS_RECORD_RESOLVE_H

#include "cli.h"
#include "record_priv.h"
#include "ledger/ledger.h"

/* word: the value of --resolve, or NULL. Sets the resolution's member sent.
 * RW_USAGE when the options contradict each other. */
bool
rw_record_resolve_choose(struct rw_record_work *work, const char *word,
	struct rw_err *err);

/* False when --follower was given and does not name this follower. */
bool
rw_record_resolve_is_meant(const struct rw_record_work *work,
	const struct rw_record *record);

/* Puts all claims of work->resolution.host in doubt. Reports the result and
 * each failure. */
enum rw_kind
rw_record_end_leases(const struct rw_record_work *work,
	struct rw_ledger *ledger, bool dry_run);

#endif
