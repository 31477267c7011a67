/*
 * SIGTERM, SIGINT and SIGHUP for tools that must not die in the middle: what is
 * begun is finished, within a grace period (RW_GRACE), then the process ends by
 * the signal. A second signal ends the grace period at once; the one that comes
 * within a second of the first is the same, sent by a supervisor, a terminal
 * and rw-report to all that they know of.
 */
#ifndef RW_TOOLS_STOP_H
#define RW_TOOLS_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* Reads RW_GRACE; the signals are caught from now on. RW_CONFIG. */
bool
rw_stop_catch(struct rw_err *err);

/* For a tool that records what others finish: a signal changes nothing, but that
 * the process ends by it when the grace period and five seconds are over, with
 * these words (borrowed, static) on standard error. RW_CONFIG. */
bool
rw_stop_outlive(const char *words, struct rw_err *err);

/* For rw_filter.stop. */
const volatile sig_atomic_t *
rw_stop_flag(void);

/* The milliseconds in which all must be ended; -1: no signal came. */
int64_t
rw_stop_grace_ms(void);

/* Ends the process by the signal that came, if one did: as if it had had its
 * way, so that the caller knows. Says so first. */
void
rw_stop_obey(void);

#endif
