/* rw-run --check: what a run needs on this host. */
#ifndef RW_TOOLS_RUN_CHECK_H
#define RW_TOOLS_RUN_CHECK_H

#include "base/err.h"
#include "cli.h"

/* The state directory, RW_KEEP_DAYS, RW_METRICS_FILE, and that directories
 * (which need not exist yet) can be written. Prints a checklist. */
enum rw_kind
rw_run_check(const struct rw_list *dirs);

/* RW_HEARTBEAT_URL, and the proxy to its host; nothing is sent. RW_CONFIG. */
bool
rw_run_check_heartbeat(struct rw_err *err);

/* RW_KEEP_DAYS. */
bool
rw_run_read_keep_days(uint64_t *days, struct rw_err *err);

#endif
