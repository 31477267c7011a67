/*
 * Whether the process that made a claim is dead: pure decisions, no I/O.
 *
 * Death is proved, never assumed. If nothing is known, the claim stays valid
 * until its lease has ended. After that, rw-mail does not send the report.
 *
 * 	the claim's kernel    its lock's file       says
 * 	ours                  held                  alive
 * 	ours                  free                  dead
 * 	another, or not known held                  alive, when no other kernel
 * 	                                            can have the file mounted
 * 	another, or not known free                  dead, in the same case
 * 	any                   missing, or another   nothing
 *
 * "Another" file has the same name, but is not the file that the run has
 * locked: it is a copy, or has the same name in a different mount (struct
 * rw_lock). A claim of release 1.0.0 names neither kernel nor file; its lock is
 * believed.
 */
#ifndef RW_LEDGER_LIVENESS_H
#define RW_LEDGER_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/entry.h"
#include "run/run.h"

enum rw_life {
	RW_LIFE_UNKNOWN,
	RW_LIFE_ALIVE,
	RW_LIFE_DEAD
};

/* What the lock of the run proves about the entry's claim, which was made in
 * our state directory. */
enum rw_life
rw_liveness(const struct rw_entry *entry, const struct rw_self *self,
	const struct rw_lock *lock);

/* A point in time, on the two clocks of leases. */
struct rw_moment {
	int64_t now_s;		/* the database's: seconds since 1970 */
	int64_t boot_ms;	/* rw_boot_clock_ms */
};

/* True when the lease of the entry's claim has ended: by the boot clock if this
 * kernel made the claim, otherwise by the database's clock. */
bool
rw_liveness_lease_ended(const struct rw_entry *entry,
	const struct rw_self *self, const struct rw_moment *moment);

#endif
