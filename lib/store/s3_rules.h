/*
 * Reads the lifecycle rules of a bucket from the store, and writes as much of
 * our rules as the store accepts.
 *
 * Failures: those of store/s3.h, and RW_REFUSED when the store accepts none of
 * our rules, or loses the rules of other programs.
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

/* Reads the rules, adds ours, writes them, and reads them back into state. If a
 * store refuses them, the least important parts are left out, as few as
 * possible. *changed is false when the rules are the same as before.
 * wanted->lacks and wanted->is_v1 are ignored. */
bool
rw_s3_rules_set(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, bool *changed, struct rw_err *err);

/* What all the rules of the bucket do with reports. *why gets the reason for
 * RW_FATE_UNKNOWN. */
enum rw_lifecycle_fate
rw_s3_rules_fate(struct rw_s3 *s3, unsigned *days, struct rw_err *why);

/* The same in two steps, for callers with other open requests: prepare call,
 * which must be {0}; start it with store/s3.h; when it is done, evaluate it. */
void
rw_s3_rules_ask(struct rw_s3_call *call);

enum rw_lifecycle_fate
rw_s3_rules_judge(const struct rw_s3_call *call, unsigned *days,
	struct rw_err *why);

#endif
