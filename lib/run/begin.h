/*
 * Begins a run in the state directory, for the command that this process is
 * about to execute. Only one run at a time is allowed. The run has a directory
 * and a name, and counts as alive (run/run.h) as long as one of its processes
 * lives.
 *
 * Three descriptors stay open for the command. Its children should inherit
 * RW_FD_RUN, the run's lock, but not RW_FD_HOST and RW_FD_SHARD, the host's
 * locks, so that these become free when the command ends.
 *
 * The caller records the run in the journal (journal/run_file.h) before the
 * command can claim anything.
 *
 * Errors: RW_LOCKED when another run is running, which the message names;
 * RW_CONFIG when no state directory is known; RW_IO.
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
	uint64_t shard, shards;	/* runs of different shards may overlap;
				 * 0: all followers */
	uint64_t wait_s;	/* how long to wait for an active run */
};

struct rw_run {
	struct rw_buf id;
	struct rw_buf state;	/* the state directory */
	struct rw_buf dir;	/* STATE/runs/ID */
	char lock_id[RW_LOCK_ID_SIZE];	/* of the run's lock, see struct rw_lock */
};

/* The second line of a run's lock file consists of this word and the boot id of
 * the run's kernel. */
#define RW_RUN_BOOT "boot "

/* The caller frees run with rw_run_free, also after a failure. */
bool
rw_run_begin(struct rw_run *run, const struct rw_run_options *options,
	struct rw_err *err);

/* Accepts {0}. The locks stay. */
void
rw_run_free(struct rw_run *run);

#endif
