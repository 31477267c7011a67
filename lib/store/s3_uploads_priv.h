/*
 * The multipart uploads that this process has begun and not ended, noted in a
 * file, so that a later process can abort what a killed one has left. For
 * store/s3_put.c and store/s3_multipart.c alone.
 *
 * The file is STATE/uploads/PID.RANDOM, locked for as long as the process
 * lives: "boot ID", and then a line "begin STORE KEY ID" or "end ID" for each
 * event, its fields percent-encoded. A file whose lock can be taken is that of a
 * dead process, if the lock proves it (base/boot.h). Its uploads are taken over
 * into our own file, and it is removed.
 *
 * Nothing here fails an upload: without a file, what a killed process leaves is
 * aborted when it is old enough.
 */
#ifndef RW_STORE_S3_UPLOADS_PRIV_H
#define RW_STORE_S3_UPLOADS_PRIV_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

struct rw_s3_uploads;

/* store is borrowed until close. Nothing is read or made before the first
 * upload. */
bool
rw_s3_uploads_open(struct rw_s3_uploads **uploads,
	const struct rw_store *store, struct rw_err *err);

/* Removes the file, unless there are uploads that are not ended. Accepts
 * NULL. */
void
rw_s3_uploads_close(struct rw_s3_uploads *uploads);

void
rw_s3_uploads_begin(struct rw_s3_uploads *uploads, const char *key,
	const char *id);

void
rw_s3_uploads_end(struct rw_s3_uploads *uploads, const char *id);

/* The next upload of a dead process, which is the caller's to abort and then to
 * end; each is returned once. False when there is none. Both are borrowed until
 * the next call of any of these functions. */
bool
rw_s3_uploads_dead(struct rw_s3_uploads *uploads, const char **key,
	const char **id);

#endif
