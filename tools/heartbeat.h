/*
 * The watchdog of rw-report: a URL that is requested when a run begins and when
 * it ends. curl(1) requests it, so that rw-run does not link libcurl.
 */
#ifndef RW_TOOLS_HEARTBEAT_H
#define RW_TOOLS_HEARTBEAT_H

#include <stdbool.h>

#include "base/err.h"

/* event is "start", "success" or "failure"; nothing is requested unless
 * RW_HEARTBEAT_URL is set. The URL is a secret, because anyone who has it can
 * silence the alarm: it is not in argv. curl gets neither our secrets nor our
 * descriptors. RW_USAGE: an unknown event; RW_UNREACHABLE. */
bool
rw_heartbeat_send(const char *event, struct rw_err *err);

#endif
