#include "ledger/liveness.h"

#include <string.h>

static bool
is_same_id(const char *known, const char *ours)
{
	return known != NULL && ours[0] != '\0' && strcmp(known, ours) == 0;
}

/* The number of an inode is the same after a restart; that of a device may
 * change. */
static bool
is_same_inode(const char *known, const char *ours)
{
	const char *a = known != NULL ? strchr(known, ':') : NULL;
	const char *b = strchr(ours, ':');

	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool
is_evidence(const struct rw_entry *entry, const struct rw_self *self,
	const struct rw_lock *lock)
{
	const char *boot_id = rw_entry_text(entry, RW_F_BOOT_ID);
	const char *lock_id = rw_entry_text(entry, RW_F_RUN_LOCK);

	if (boot_id == NULL && lock_id == NULL)
		return true;
	if (is_same_id(boot_id, self->boot_id))
		return is_same_id(lock_id, lock->id);
	return self->owns_state && is_same_inode(lock_id, lock->id);
}

enum rw_life
rw_liveness(const struct rw_entry *entry, const struct rw_self *self,
	const struct rw_lock *lock)
{
	if (lock->is == RW_LOCK_MISSING || !is_evidence(entry, self, lock))
		return RW_LIFE_UNKNOWN;
	return lock->is == RW_LOCK_HELD ? RW_LIFE_ALIVE : RW_LIFE_DEAD;
}

bool
rw_liveness_lease_ended(const struct rw_entry *entry,
	const struct rw_self *self, const struct rw_moment *moment)
{
	const struct rw_boot_end end = {
		.boot_id = rw_entry_text(entry, RW_F_BOOT_ID),
		.boot_ms = rw_entry_number(entry, RW_F_LEASE_BOOT_MS, 0),
		.wall_s = rw_entry_number(entry, RW_F_LEASE_UNTIL, 0)};

	return rw_boot_has_ended(&end, self->boot_id, moment->boot_ms,
		moment->now_s);
}
