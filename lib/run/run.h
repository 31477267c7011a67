/*
 * This process, the run that it belongs to, and the lock of any run.
 *
 * rw-run makes STATE/runs/RUN_ID.lock, holds flock(2) on a descriptor that
 * every stage inherits, and exports RW_RUN_ID. So a run is alive as long as any
 * of its processes is alive. ledger/liveness.h decides what the lock proves; a
 * missing lock proves nothing.
 */
#ifndef RW_RUN_RUN_H
#define RW_RUN_RUN_H

#include <stdbool.h>

#include "base/boot.h"
#include "base/err.h"

#define RW_NONCE_SIZE 17	/* 16 hexadecimal digits and a NUL */
#define RW_TOKEN_SIZE 33
#define RW_LOCK_ID_SIZE 34	/* two numbers of 64 bits, a colon, a NUL */

/* A run's lock file, as a process outside the run sees it. */
struct rw_lock {
	enum {
		RW_LOCK_MISSING,	/* or it cannot be opened */
		RW_LOCK_HELD,
		RW_LOCK_FREE
	} is;
	/* "DEVICE:INODE", in hexadecimal: distinguishes the file from a copy,
	 * and from the same file in another mount; "": unknown. */
	char id[RW_LOCK_ID_SIZE];
};

struct rw_self {
	char nonce[RW_NONCE_SIZE];	/* of this process */
	char *run_id;
	char *host;
	char *state_dir;	/* absolute, without symbolic links */
	char *place;		/* state_dir and its id: two hosts may have the
				 * same name and path, as copies of a container
				 * do */
	bool run_locked;	/* rw-run began the run, so that it has or had
				 * a lock file */
	bool has_file;		/* the run has or had a file in the journal */
	char lock_id[RW_LOCK_ID_SIZE];	/* of the lock file; "": it was
					 * removed */
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": unknown */
	bool owns_state;	/* no other kernel can have the state directory
				 * mounted */
};

/* run_id NULL: RW_RUN_ID, or, when that is not set, a new name that begins with
 * "hand-". The state directory is made if it does not exist. RW_CONFIG: no
 * state directory is known, or the run's name is not valid
 * (rw_record_is_id). */
bool
rw_self_init(struct rw_self *self, const char *run_id, struct rw_err *err);

/* Accepts {0}. */
void
rw_self_free(struct rw_self *self);

/* Makes a new token: this process's nonce and 16 random digits. RW_BUG: the
 * kernel provides no random bytes. */
bool
rw_self_token(const struct rw_self *self, char token[RW_TOKEN_SIZE],
	struct rw_err *err);

/* True when this process made the token; text may follow the token. */
bool
rw_self_made(const struct rw_self *self, const char *token);

/* Checks the lock of a run in our state directory. The lock is taken only for
 * the time of the check. */
void
rw_run_look(const struct rw_self *self, const char *run_id,
	struct rw_lock *lock);

#endif
