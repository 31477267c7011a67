/*
 * SIGTERM, SIGINT and SIGHUP for tools that must not be interrupted during
 * their work: work in progress is finished within a grace period (RW_GRACE),
 * then the process ends by the signal. A second signal ends the grace period at
 * once; a signal within a second of the first counts as the same, since a
 * supervisor, a terminal and rw-report may each send it to all processes.
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

/* For a tool that records the results of others: a signal takes effect only
 * when the grace period and five more seconds have expired. Then it ends the
 * process, with these words (borrowed, static) on standard error. RW_CONFIG. */
bool
rw_stop_outlive(const char *words, struct rw_err *err);

/* For rw_filter.stop. */
const volatile sig_atomic_t *
rw_stop_flag(void);

/* The milliseconds left of the grace period; -1: no signal arrived. */
int64_t
rw_stop_grace_ms(void);

/* Logs the signal that arrived, if any, and ends the process by it, so that the
 * parent process sees the signal. */
void
rw_stop_obey(void);

#endif
