/*
 * Before an upload in parts, aborts the uploads of any key that killed
 * processes of this host have left (store/s3_uploads_priv.h), and uploads of
 * the same key that are too old to be in progress. For store/s3_multipart.c
 * only.
 */
#ifndef RW_STORE_S3_SWEEP_PRIV_H
#define RW_STORE_S3_SWEEP_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/s3.h"
#include "store/s3_multipart_priv.h"

struct rw_s3_sweep {
	const struct rw_s3_multipart_params *params;
	/* Called once. failure is NULL unless the store is unreachable: uploads
	 * that cannot be listed or aborted are left. */
	void (*done)(void *context, const struct rw_err *failure);
	void *context;

	/* private */
	struct rw_s3_call call;
	struct rw_buf query, key, id;	/* of the upload that is being
					 * aborted */
	struct rw_buf old;		/* ids, each with its NUL */
	size_t old_at;
	int64_t listed_at;		/* by the store's clock; -1: unknown */
};

void
rw_s3_sweep_start(struct rw_s3_sweep *sweep);

/* Accepts {0}. */
void
rw_s3_sweep_free(struct rw_s3_sweep *sweep);

#endif
