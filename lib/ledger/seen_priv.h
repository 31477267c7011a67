/*
 * What this state directory has seen of the ledgers in SQLite files: how often
 * each was written. A file that was written less often is an older copy.
 *
 * One file for each ledger, STATE/ledgers/ID, where ID is the ledger's own:
 *
 *	EPOCH WRITES PATH
 *
 * EPOCH is 16 hexadecimal digits that a ledger gets when it begins to count,
 * and anew when an older copy takes its place; WRITES is 20 digits. The number
 * is written after the commit that it counts, so that it may be too small after
 * a crash, and is never too large. It is written in place, in one write, and
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
	char path[PATH_MAX];	/* where it was last; "": another is there */
};

/* *found is false when this state directory has never seen the ledger, or when
 * no state directory is known. */
bool
rw_seen_read(struct rw_seen *seen, const char *id, bool *found,
	struct rw_err *err);

/* How often the ledger was written that was last seen at the path, when that is
 * another one than id; 0 when there is none. */
bool
rw_seen_at(const char *path, const char *id, int64_t *writes,
	struct rw_err *err);

/* Sets what is known of the ledger, whatever was known, and that no other is
 * at its path. */
bool
rw_seen_set(const char *id, const struct rw_seen *seen, struct rw_err *err);

/* A ledger that is being written. {.fd = -1} is none. */
struct rw_seen_counter {
	int fd;
	char before[RW_EPOCH_SIZE];	/* that was seen when it was opened;
					 * "": it was not */
	bool changed;
};

/* Notes a write. A larger number stays, and so does one of an epoch that began
 * since the ledger was opened. What cannot be noted is not: a later write
 * will be. */
void
rw_seen_note(struct rw_seen_counter *counter, const char *id,
	const struct rw_seen *now);

/* Accepts {.fd = -1}. */
void
rw_seen_close(struct rw_seen_counter *counter);

#endif
