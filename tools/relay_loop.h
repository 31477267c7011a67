/*
 * rw-relay at work: lines move, commands end, and one that hangs is ended.
 */
#ifndef RW_TOOLS_RELAY_LOOP_H
#define RW_TOOLS_RELAY_LOOP_H

#include <stdint.h>

#include "relay_check.h"

struct rw_relay_watch {
	int64_t moved_ms;	/* when something moved last */
	/* Without progress for so long, a command is stopped, and killed when
	 * it has not ended so much later. */
	int64_t stall_ms, kill_ms;
};

/* Until each command has ended, and all of its output was read. */
void
rw_relay_loop(struct rw_relay *relay, struct rw_relay_watch *watch);

#endif
