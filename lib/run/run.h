/*
 * Who is at work: this process, the run that it belongs to, and whether
 * another run is still alive.
 *
 * rw-run makes STATE/runs/RUN_ID.lock, holds flock(2) on a descriptor that
 * every stage inherits, and exports RW_RUN_ID. So a run is alive as long as
 * any of its processes is. What its lock says about that is for
 * ledger/liveness.h: a lock that is missing says nothing.
 */
#ifndef RW_RUN_RUN_H
#define RW_RUN_RUN_H

#include <stdbool.h>

#include "base/boot.h"
#include "base/err.h"

#define RW_NONCE_SIZE 17	/* 16 hexadecimal digits and a NUL */
#define RW_TOKEN_SIZE 33
#define RW_LOCK_ID_SIZE 34	/* two numbers of 64 bits, a colon, a NUL */

/* A run's lock file, as a process outside of the run finds it. */
struct rw_lock {
	enum {
		RW_LOCK_MISSING,	/* or it cannot be looked at */
		RW_LOCK_HELD,
		RW_LOCK_FREE
	} is;
	/* "DEVICE:INODE", in hexadecimal: tells the file from its copy, and
	 * from the same one in another mount; "": not known. */
	char id[RW_LOCK_ID_SIZE];
};

struct rw_self {
	char nonce[RW_NONCE_SIZE];	/* of this process */
	char *run_id;
	char *host;
	char *state_dir;	/* absolute, without symbolic links */
	char *place;		/* the same, and its id: two hosts may have one
				 * name and one path, copies of a container do */
	bool run_locked;	/* rw-run began the run: it has a lock file, or
				 * had one */
	bool has_file;		/* it has a file in the journal, or had one */
	char lock_id[RW_LOCK_ID_SIZE];	/* of that file; "": it is gone */
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": not known */
	bool owns_state;	/* no other kernel can have the state directory
				 * mounted */
};

/* run_id NULL: RW_RUN_ID, else a name of our own that begins with "hand-".
 * The state directory is made when it is not there. RW_CONFIG: no state
 * directory is known, or the name is none (rw_record_is_id). */
bool
rw_self_init(struct rw_self *self, const char *run_id, struct rw_err *err);

/* Accepts {0}. */
void
rw_self_free(struct rw_self *self);

/* A fresh token: this process's nonce and 16 random digits. RW_BUG: the
 * kernel gives no random bytes. */
bool
rw_self_token(const struct rw_self *self, char token[RW_TOKEN_SIZE],
	struct rw_err *err);

/* True when this process made the token (whatever follows it). */
bool
rw_self_made(const struct rw_self *self, const char *token);

/* Looks at the lock of a run in our state directory, and takes it for no
 * longer than that. */
void
rw_run_look(const struct rw_self *self, const char *run_id,
	struct rw_lock *lock);

#endif
