/*
 * Reads what the head of a store's answer says about an object.
 */
#ifndef RW_STORE_S3_ANSWER_H
#define RW_STORE_S3_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/s3_call.h"

/* Special values of the time at which an object expires. */
enum {
	RW_S3_KEPT = -1,	/* no expiry time in the answer */
	RW_S3_UNCLEAR = -2,
};

/* Reads an HTTP date (RFC 9110, section 5.6.7, the preferred form); its day of
 * the week must be right. */
bool
rw_s3_date(const char *text, int64_t *seconds);

/* The seconds by which the store's clock is ahead of ours (negative: behind).
 * Compares the Date of the last answer with the times of the request and of the
 * answer; 0 when the Date is between the two. False when there is no Date. */
bool
rw_s3_clock_ahead(const struct rw_s3_call *call, int64_t *seconds);

enum { RW_S3_VERSION_SIZE = 1025 };	/* a version id has 1024 bytes at most */

/* The version of the stored object; "" when it has none, as in a bucket with
 * suspended versioning. */
void
rw_s3_version(const struct rw_http_call *answer,
	char version[RW_S3_VERSION_SIZE]);

/* x-amz-expiration of an answer in seconds since 1970; RW_S3_KEPT when there is
 * none: the object does not expire, or the store never sends it; RW_S3_UNCLEAR when the answer cannot be right (not a
 * midnight, as Ceph sometimes answers). */
int64_t
rw_s3_expiration(const struct rw_http_call *answer);

#endif
