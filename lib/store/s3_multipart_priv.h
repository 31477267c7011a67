/*
 * Uploads one large object in parts: begins the upload, sends several parts at
 * once, and completes the upload, or aborts it so that no invisible parts
 * remain, which would cost money. First it aborts the uploads that killed
 * processes of this host have left (store/s3_uploads_priv.h), and uploads of
 * the same key that are too old to be in progress. Other uploads of the key may
 * still be in progress.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
#ifndef RW_STORE_S3_MULTIPART_PRIV_H
#define RW_STORE_S3_MULTIPART_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/digest.h"
#include "store/s3.h"
#include "store/s3_uploads_priv.h"

struct rw_s3_multipart;

struct rw_s3_multipart_params {
	struct rw_s3 *s3;
	struct rw_s3_uploads *uploads;
	uint64_t stale_seconds;		/* older uploads of the key are dead */
	struct rw_digest *md5, *sha256;	/* shared with others */
	const char *key;
	const char *file_sha256;	/* as in the metadata */
	const struct rw_header *headers;	/* of the object */
	size_t header_count;
	int fd;
	uint64_t size, part_size;	/* bytes */
	/* Called once. When failure is NULL, answer is the answer to the
	 * completion, or to the HEAD request that proved it. Both are borrowed
	 * until the function returns. */
	void (*done)(void *context, const struct rw_http_call *answer,
		const struct rw_err *failure);
	void *context;
};

/* params and everything it points to is borrowed until done. NULL when there is
 * no memory. */
struct rw_s3_multipart *
rw_s3_multipart_start(const struct rw_s3_multipart_params *params,
	struct rw_err *err);

/* Call after done. Accepts NULL. */
void
rw_s3_multipart_delete(struct rw_s3_multipart *multipart);

#endif
