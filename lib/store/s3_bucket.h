/*
 * A bucket as the reports need it: there, private, with rules that delete.
 * One request after the other.
 *
 * Failures: those of store/s3.h.
 */
#ifndef RW_STORE_S3_BUCKET_H
#define RW_STORE_S3_BUCKET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/lifecycle.h"
#include "store/s3.h"

bool
rw_s3_bucket_exists(struct rw_s3 *s3, bool *exists, struct rw_err *err);

/* Private; in the region of the settings. True also when it was made
 * meanwhile by ourselves. */
bool
rw_s3_bucket_create(struct rw_s3 *s3, struct rw_err *err);

/* Whether a client without keys can list it. */
bool
rw_s3_bucket_is_public(struct rw_s3 *s3, bool *is_public,
	struct rw_err *err);

bool
rw_s3_bucket_versioning(struct rw_s3 *s3, bool *enabled,
	struct rw_err *err);

bool
rw_s3_bucket_set_versioning(struct rw_s3 *s3, struct rw_err *err);

/* Whether the rules are as wanted. */
bool
rw_s3_bucket_has_rules(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	bool *has, struct rw_err *err);

/* Reads the rules, adds ours, writes them, reads them back. *changed is false
 * when they were there and nothing was written. wanted->keeps_parts is set
 * when the store accepts no rule for abandoned parts. */
bool
rw_s3_bucket_set_rules(struct rw_s3 *s3, struct rw_lifecycle *wanted,
	bool *changed, struct rw_err *err);

/* The least policy for the worker's user, as JSON of IAM. */
void
rw_s3_bucket_policy(const char *bucket, struct rw_buf *out);

#endif
