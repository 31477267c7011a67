/*
 * Finds the reason for a refusal beyond its code. An answer to HEAD has no
 * body, but its header fields show whether the clock or the region is wrong.
 */
#ifndef RW_STORE_S3_REFUSAL_H
#define RW_STORE_S3_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/s3_call.h"

enum { RW_S3_SKEW_LEAST = 60 };	/* seconds; smaller differences are ignored */

/* Fills the code and the region of call->error from the header fields of the
 * answer if the body had none. region is the region for which the call was
 * signed. */
void
rw_s3_refusal_infer(struct rw_s3_call *call, const char *region);

/* Appends advice that follows from the status or the clocks, each piece with a
 * leading blank. */
void
rw_s3_refusal_add_advice(const struct rw_s3_call *call, struct rw_buf *out);

#endif
