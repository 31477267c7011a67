/*
 * Stores a few bytes in one request, by the rules of store/s3_put.h, and waits
 * for the outcome.
 *
 * Failures: those of store/s3.h, and "is not proved to be stored".
 */
#ifndef RW_STORE_S3_PROBE_H
#define RW_STORE_S3_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/s3.h"

/* call must be {0}, and gets the answer to the PUT request. The caller frees
 * it, also after a failure. */
bool
rw_s3_probe_put(struct rw_s3 *s3, const char *key, const void *bytes,
	size_t len, struct rw_s3_call *call, struct rw_err *err);

#endif
