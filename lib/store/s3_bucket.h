/*
 * Makes and checks a bucket for the reports: it exists and is private. Its
 * rules are in store/s3_rules.h. Sends one request after the other.
 *
 * Failures: those of store/s3.h.
 */
#ifndef RW_STORE_S3_BUCKET_H
#define RW_STORE_S3_BUCKET_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/s3.h"

bool
rw_s3_bucket_exists(struct rw_s3 *s3, bool *exists, struct rw_err *err);

/* Makes a private bucket in the configured region. Also true when the same
 * account has made it meanwhile. */
bool
rw_s3_bucket_create(struct rw_s3 *s3, struct rw_err *err);

/* True when a client without keys can list it. */
bool
rw_s3_bucket_is_public(struct rw_s3 *s3, bool *is_public,
	struct rw_err *err);

enum rw_s3_versioning {
	RW_VERSIONING_OFF,
	RW_VERSIONING_ON,
	RW_VERSIONING_NONE,	/* the store does not support it */
};

bool
rw_s3_bucket_versioning(struct rw_s3 *s3, enum rw_s3_versioning *versioning,
	struct rw_err *err);

bool
rw_s3_bucket_set_versioning(struct rw_s3 *s3, struct rw_err *err);

/* The minimal policy for the worker's user, as IAM JSON. */
void
rw_s3_bucket_policy(const char *bucket, struct rw_buf *out);

#endif
