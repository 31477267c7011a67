/*
 * What an answer to an upload proves. Pure.
 *
 * A status of 200 alone proves nothing: the sign-in page of a proxy has it too.
 * An object counts as stored when the answer can only come from a store that
 * has these bytes. When the answer leaves this open, a HEAD request decides.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html,
 * API_CompleteMultipartUpload.html, API_HeadObject.html, API_Object.html
 * (which ETag is an MD5).
 */
#ifndef RW_STORE_S3_VERDICT_H
#define RW_STORE_S3_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/s3_error_text.h"
#include "wire/http_call.h"

enum {
	RW_S3_WHY_SIZE = 300,
	RW_S3_ETAG_SIZE = 256,	/* longer ones are not ETags */
};

/* The sent object; borrowed. */
struct rw_s3_object {
	const char *md5;	/* hexadecimal; "-N" follows for N parts */
	const char *sha256;	/* x-amz-meta-sha256 */
	const char *body_sha256;	/* of the bytes sent; NULL: not known */
	uint64_t size;		/* bytes sent */
};

enum rw_s3_verdict {
	RW_S3_STORED,
	RW_S3_OPEN,	/* HEAD decides */
	RW_S3_NOT_STORED,
};

struct rw_s3_finding {
	enum rw_s3_verdict verdict;
	/* Unless the object is stored: how the answer differs, as the
	 * continuation of "the store answers 200 to PUT KEY ". */
	char why[RW_S3_WHY_SIZE];
	struct rw_s3_error error;	/* in the body; {0}: none */
	bool is_foreign;	/* S3 does not send such a body */
};

/* For an answer to PUT with a status of 200 to 299. A body is a failure,
 * because S3 sends none. Stored: the ETag is the MD5; or there is an ETag and
 * the object is encrypted with SSE-KMS or SSE-C, whose ETags are not an MD5. */
void
rw_s3_judge_put(const struct rw_http_call *answer,
	const struct rw_s3_object *object, struct rw_s3_finding *finding);

/* For an answer to CreateMultipartUpload with such a status and without an
 * UploadId: never stored. */
void
rw_s3_judge_start(const struct rw_http_call *answer,
	struct rw_s3_finding *finding);

/* For an answer to CompleteMultipartUpload with such a status, which S3 sends
 * before it knows the outcome. Stored: a CompleteMultipartUploadResult whose
 * ETag is that of the parts. An error is a failure; everything else is open. */
void
rw_s3_judge_completion(const struct rw_http_call *answer,
	const struct rw_s3_object *object, struct rw_s3_finding *finding);

/* For an answer to HEAD. True when it proves that the object is there: status
 * 200, its size, and x-amz-meta-sha256. Otherwise why is the reason, as the
 * continuation of "HEAD ". */
bool
rw_s3_judge_head(const struct rw_http_call *answer,
	const struct rw_s3_object *object, char why[RW_S3_WHY_SIZE]);

/* For an answer to UploadPart with such a status: its unchanged ETag for the
 * list of parts. False, with finding, when there is no ETag, or there is a
 * body. */
bool
rw_s3_judge_part(const struct rw_http_call *answer,
	char etag[RW_S3_ETAG_SIZE], struct rw_s3_finding *finding);

#endif
