/*
 * rw-record --resolve: its options, and the claims of a host that is dead.
 */
#ifndef RW_TOOLS_RECORD_RESOLVE_H
#define RW_TOOLS_RECORD_RESOLVE_H

#include "cli.h"
#include "record_priv.h"
#include "ledger/ledger.h"

/* word: what --resolve was given; NULL: nothing. Fills the resolution's sent.
 * RW_USAGE when the options do not go together. */
bool
rw_record_resolve_choose(struct rw_record_work *work, const char *word,
	struct rw_err *err);

/* True unless --follower was given, and names others. */
bool
rw_record_resolve_is_meant(const struct rw_record_work *work,
	const struct rw_record *record);

/* Puts all claims of work->resolution.host in doubt, and says so, and what goes
 * wrong. */
enum rw_kind
rw_record_end_leases(const struct rw_record_work *work,
	struct rw_ledger *ledger, bool dry_run);

#endif
