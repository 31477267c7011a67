/*
 * What a refusal means beyond its code: for answers without a body, as those to
 * HEAD, the head of the answer says whether the clock or the region is wrong.
 */
#ifndef RW_STORE_S3_REFUSAL_H
#define RW_STORE_S3_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/s3_call.h"

enum { RW_S3_SKEW_LEAST = 60 };	/* seconds that matter */

/* Fills the code and the region of call->error from the head of the answer,
 * where the body gave none. region is the one that the call was signed for. */
void
rw_s3_refusal_infer(struct rw_s3_call *call, const char *region);

/* Appends advice that follows from the status or the clocks, each with a blank
 * before it. */
void
rw_s3_refusal_add_advice(const struct rw_s3_call *call, struct rw_buf *out);

#endif
