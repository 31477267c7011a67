/*
 * Reads and writes the documents of a bucket, such as its versioning and its
 * rules. Sends one request after the other.
 *
 * Failures: those of store/s3.h.
 */
#ifndef RW_STORE_S3_DOCUMENT_H
#define RW_STORE_S3_DOCUMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/s3.h"

/* call must be {0}, and keeps the answer until the caller frees it. query names
 * the document, as in "lifecycle="; NULL: the bucket itself. */
bool
rw_s3_document_get(struct rw_s3 *s3, struct rw_s3_call *call,
	const char *query, struct rw_err *err);

bool
rw_s3_document_put(struct rw_s3 *s3, struct rw_s3_call *call,
	const char *query, const struct rw_buf *body, struct rw_err *err);

#endif
