/*
 * One large object in parts: begun, several parts sent at once, completed; or
 * aborted, so that no invisible part remains that costs money. Uploads that
 * killed processes of this host left are aborted first
 * (store/s3_uploads_priv.h), and those of the same key that are too old to be
 * alive. Other uploads of the key may be alive.
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
	/* Called once. When failure is NULL, answer is that of the completion,
	 * or of the HEAD that proved it. Both are borrowed until it returns. */
	void (*done)(void *context, const struct rw_http_call *answer,
		const struct rw_err *failure);
	void *context;
};

/* params and what it names are borrowed until done. NULL when there is no
 * memory. */
struct rw_s3_multipart *
rw_s3_multipart_start(const struct rw_s3_multipart_params *params,
	struct rw_err *err);

/* After done. Accepts NULL. */
void
rw_s3_multipart_delete(struct rw_s3_multipart *multipart);

#endif
