/*
 * Sends the parts of one large object over several connections at once. For
 * store/s3_multipart.c only.
 */
#ifndef RW_STORE_S3_PARTS_PRIV_H
#define RW_STORE_S3_PARTS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "store/s3_multipart_priv.h"
#include "store/s3_verdict.h"

enum { RW_S3_MD5_SIZE = 16 };

struct rw_s3_sender;

struct rw_s3_parts {
	const struct rw_s3_multipart_params *params;
	const char *upload;	/* "uploadId=..." */
	/* Called once, when all parts have ended. */
	void (*done)(struct rw_s3_parts *parts);
	void *context;

	size_t count;
	unsigned char (*md5)[RW_S3_MD5_SIZE];	/* of each part */
	char (*etags)[RW_S3_ETAG_SIZE];	/* from the store's answers */
	bool failed;
	struct rw_err failure;	/* the first */

	/* private */
	struct rw_s3_sender *senders;
	size_t sender_count, running, next;
};

/* Counts the parts. False when there is no memory. */
bool
rw_s3_parts_init(struct rw_s3_parts *parts,
	const struct rw_s3_multipart_params *params);

/* Accepts {0}. */
void
rw_s3_parts_free(struct rw_s3_parts *parts);

/* upload is borrowed until done. */
void
rw_s3_parts_start(struct rw_s3_parts *parts, const char *upload);

#endif
