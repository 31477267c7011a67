/* rw-run --check: checks the requirements of a run on this host. */
#ifndef RW_TOOLS_RUN_CHECK_H
#define RW_TOOLS_RUN_CHECK_H

#include "base/err.h"
#include "cli.h"

/* Checks the state directory, RW_KEEP_DAYS and RW_METRICS_FILE, and that the
 * directories (which need not exist yet) are writable. Prints a checklist. */
enum rw_kind
rw_run_check(const struct rw_list *dirs);

/* Checks RW_HEARTBEAT_URL, and the proxy to its host. Sends nothing.
 * RW_CONFIG. */
bool
rw_run_check_heartbeat(struct rw_err *err);

/* Reads RW_KEEP_DAYS. */
bool
rw_run_read_keep_days(uint64_t *days, struct rw_err *err);

#endif
