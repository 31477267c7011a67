/*
 * The lifecycle rules of a bucket in the store: what it has, and the most of ours
 * that it takes.
 *
 * Failures: those of store/s3.h, and RW_REFUSED when the store takes none of our
 * rules, or loses those of others.
 */
#ifndef RW_STORE_S3_RULES_H
#define RW_STORE_S3_RULES_H

#include <stdbool.h>

#include "base/err.h"
#include "store/lifecycle.h"
#include "store/s3.h"

bool
rw_s3_rules_read(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, struct rw_err *err);

/* Reads the rules, adds ours, writes them, and reads them back into state. A
 * store that refuses them gets less, as little less as it takes; *changed is
 * false when it has the same as before. wanted->lacks and wanted->is_v1 are not
 * looked at. */
bool
rw_s3_rules_set(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, bool *changed, struct rw_err *err);

/* What the rules do with reports, whosever they are. *why gets the reason of
 * RW_FATE_UNKNOWN. */
enum rw_lifecycle_fate
rw_s3_rules_fate(struct rw_s3 *s3, unsigned *days, struct rw_err *why);

/* The same in two steps, for those who ask while other requests are open: call
 * is {0}, and is started by store/s3.h; when it is done, it is judged. */
void
rw_s3_rules_ask(struct rw_s3_call *call);

enum rw_lifecycle_fate
rw_s3_rules_judge(const struct rw_s3_call *call, unsigned *days,
	struct rw_err *why);

#endif
