/*
 * What this state directory has recorded about ledgers in SQLite files: how
 * often each was written. A file that was written less often is an older copy.
 *
 * There is a file for each ledger, STATE/ledgers/ID, where ID is the ledger's
 * id:
 *
 * 	EPOCH WRITES PATH
 *
 * EPOCH is 16 hexadecimal digits that a ledger gets when counting begins, and
 * again when an older copy replaces it. WRITES is 20 digits. This number is
 * written after the commit that it counts, so after a crash it may be too
 * small, but never too large. It is overwritten in place, in one write, and
 * synced when the ledger is closed.
 *
 * Errors: RW_IO: a file cannot be read or written, or is damaged.
 */
#ifndef RW_LEDGER_SEEN_PRIV_H
#define RW_LEDGER_SEEN_PRIV_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define RW_LEDGER_ID_SIZE 33	/* 32 hexadecimal digits and a NUL */
#define RW_EPOCH_SIZE 17

struct rw_seen {
	char epoch[RW_EPOCH_SIZE];
	int64_t writes;
	char path[PATH_MAX];	/* its last location; "": a different ledger is
				 * there */
};

/* *found is false when this state directory has no record of the ledger, or
 * when no state directory is known. */
bool
rw_seen_read(struct rw_seen *seen, const char *id, bool *found,
	struct rw_err *err);

/* How often the ledger last seen at the path was written, if it has a different
 * id; otherwise 0. */
bool
rw_seen_at(const char *path, const char *id, int64_t *writes,
	struct rw_err *err);

/* Replaces the record of the ledger, and records that no other ledger is at its
 * path. */
bool
rw_seen_set(const char *id, const struct rw_seen *seen, struct rw_err *err);

/* A ledger that is being written; {.fd = -1} is empty. */
struct rw_seen_counter {
	int fd;
	char before[RW_EPOCH_SIZE];	/* the epoch when the ledger was opened;
					 * "": unknown */
	bool changed;
};

/* Records a write. Keeps a larger number, and a number of an epoch that began
 * after the ledger was opened. Ignores errors: the next write is recorded
 * instead. */
void
rw_seen_note(struct rw_seen_counter *counter, const char *id,
	const struct rw_seen *now);

/* Accepts {.fd = -1}. */
void
rw_seen_close(struct rw_seen_counter *counter);

#endif
