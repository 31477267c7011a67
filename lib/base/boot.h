/*
 * Which kernel this is, and what only this kernel knows.
 *
 * A lock and a process exist for one kernel alone: what flock(2) says about a
 * file proves something only about processes of this kernel. Its boot id
 * distinguishes it from every other kernel, the same machine's before a restart
 * included. A container has the boot id of its host.
 */
#ifndef RW_BASE_BOOT_H
#define RW_BASE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define RW_BOOT_ID_SIZE 37	/* a UUID in lower case and a NUL */

/* This kernel's. RW_CONFIG: /proc is not mounted.
 * Source: random(4), boot_id. */
bool
rw_boot_id(char id[RW_BOOT_ID_SIZE], struct rw_err *err);

/* Appends this machine's name: RW_HOST, else the host's. RW_CONFIG. */
bool
rw_boot_host(struct rw_buf *out, struct rw_err *err);

/* Whether text has the form of one. Accepts NULL. */
bool
rw_boot_is_id(const char *text);

/* Milliseconds since this kernel started, time asleep included. This clock
 * cannot be set; a value is meaningful only under the same boot id.
 * Source: clock_gettime(2), CLOCK_BOOTTIME. */
int64_t
rw_boot_clock_ms(void);

/* Whether path is on a file system that only one kernel can have mounted at a
 * time. False for every type that is not known to be such, and when path cannot
 * be examined. Source: statfs(2), linux/magic.h. */
bool
rw_boot_owns(const char *path);

/* When something ends: by the clock of the kernel that said so, and by a
 * wall clock that others can read too. */
struct rw_boot_end {
	const char *boot_id;	/* NULL: not known */
	int64_t boot_ms;	/* rw_boot_clock_ms there; 0: not known */
	int64_t wall_s;		/* seconds since 1970 */
};

/* Whether it has ended, by the clock that can be trusted: on the kernel that
 * said so (here_id, here_ms) its own clock alone, elsewhere the wall clock,
 * wall_s. Pure. */
bool
rw_boot_has_ended(const struct rw_boot_end *end, const char *here_id,
	int64_t here_ms, int64_t wall_s);

#endif
