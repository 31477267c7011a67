/*
 * Begins a run in the state directory, for a command that this process is
 * about to become: one at a time, with a directory and a name of its own, and
 * alive for everybody who looks (run/run.h) as long as one of its processes
 * is.
 *
 * Three descriptors stay open for the command. RW_FD_HOST and RW_FD_SHARD are
 * the host's locks, which it should not hand on to its children, so that they
 * are free when it ends; RW_FD_RUN is the run's lock, which it should.
 *
 * The caller records the run in the journal (journal/run_file.h) before the
 * command can claim anything.
 *
 * Errors: RW_LOCKED says which run is running; RW_CONFIG no state directory
 * is known; RW_IO.
 */
#ifndef RW_RUN_BEGIN_H
#define RW_RUN_BEGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "run/run.h"

enum { RW_FD_SHARD = 7, RW_FD_RUN = 8, RW_FD_HOST = 9 };

struct rw_run_options {
	uint64_t shard, shards;	/* runs of different ones go side by side;
				 * 0: all followers */
	uint64_t wait_s;	/* for a run that is already running */
};

struct rw_run {
	struct rw_buf id;
	struct rw_buf state;	/* the state directory */
	struct rw_buf dir;	/* STATE/runs/ID */
	char lock_id[RW_LOCK_ID_SIZE];	/* of its lock, see struct rw_lock */
};

/* The second line of a run's lock file is this and the boot id of the kernel
 * that the run is on. */
#define RW_RUN_BOOT "boot "

/* run is the caller's to rw_run_free, also after a failure. */
bool
rw_run_begin(struct rw_run *run, const struct rw_run_options *options,
	struct rw_err *err);

/* Accepts {0}. The locks stay. */
void
rw_run_free(struct rw_run *run);

#endif
