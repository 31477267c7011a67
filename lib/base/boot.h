/*
 * The identity of this kernel, and facts that are valid only on this kernel.
 *
 * Locks and processes belong to one kernel: flock(2) proves something only
 * about processes of this kernel. The boot id distinguishes this kernel from
 * every other one, including that of the same machine before a restart. A
 * container has the boot id of its host.
 */
#ifndef RW_BASE_BOOT_H
#define RW_BASE_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define RW_BOOT_ID_SIZE 37	/* a UUID in lower case and a NUL */

/* The boot id of this kernel. RW_CONFIG: /proc is not mounted.
 * Source: random(4), boot_id. */
bool
rw_boot_id(char id[RW_BOOT_ID_SIZE], struct rw_err *err);

/* Appends the name of this machine: RW_HOST, otherwise the host name.
 * RW_CONFIG: the host has no name, or the name is not UTF-8. */
bool
rw_boot_host(struct rw_buf *out, struct rw_err *err);

/* True when text has the form of a boot id. Accepts NULL. */
bool
rw_boot_is_id(const char *text);

/* Milliseconds since this kernel started, including time in suspend. This clock
 * cannot be set, and a value is meaningful only with the same boot id.
 * Source: clock_gettime(2), CLOCK_BOOTTIME. */
int64_t
rw_boot_clock_ms(void);

/* True when path is on a file system of a type that only one kernel at a time
 * can mount. False for all other types, and when path cannot be examined.
 * Source: statfs(2), linux/magic.h. */
bool
rw_boot_owns(const char *path);

/* The end of a period, on two clocks: the one of the kernel that set it, and a
 * wall clock, which other kernels can read as well. */
struct rw_boot_end {
	const char *boot_id;	/* NULL: not known */
	int64_t boot_ms;	/* rw_boot_clock_ms of that kernel; 0: not
				 * known */
	int64_t wall_s;		/* seconds since 1970 */
};

/* True when the period has ended, by the clock that can be trusted: the boot
 * clock (here_ms) when here_id is the kernel that set it, otherwise the wall
 * clock (wall_s). Pure. */
bool
rw_boot_has_ended(const struct rw_boot_end *end, const char *here_id,
	int64_t here_ms, int64_t wall_s);

#endif
