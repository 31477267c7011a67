/*
 * rw-relay at work: lines move, commands end, and one that hangs is ended.
 */
#ifndef RW_TOOLS_RELAY_LOOP_H
#define RW_TOOLS_RELAY_LOOP_H

#include <stdint.h>

#include "relay_check.h"

struct rw_relay_watch {
	int64_t moved_ms;	/* time of the last progress */
	/* A command without progress is stopped after the first time, and
	 * killed when it has not ended after the second. */
	int64_t stall_ms, kill_ms;
};

/* Returns when each command has ended, and all of its output was read. */
void
rw_relay_loop(struct rw_relay *relay, struct rw_relay_watch *watch);

#endif
