/*
 * Records the unfinished multipart uploads of this process in a file, so that a
 * later process can abort the uploads of a killed process. For store/s3_put.c
 * and store/s3_multipart.c only.
 *
 * The file is STATE/uploads/PID.RANDOM, locked for as long as the process
 * lives: "boot ID", and then a line "begin STORE KEY ID" or "end ID" for each
 * event, its fields percent-encoded. A file whose lock can be taken belongs to
 * a dead process, if the lock proves that (base/boot.h). Its uploads are moved
 * to our own file, and the file is removed.
 *
 * Failures here never fail an upload: without a file, the uploads of a killed
 * process are aborted when they are old enough.
 */
#ifndef RW_STORE_S3_UPLOADS_PRIV_H
#define RW_STORE_S3_UPLOADS_PRIV_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

struct rw_s3_uploads;

/* store is borrowed until close. No file is read or made before the first
 * upload. */
bool
rw_s3_uploads_open(struct rw_s3_uploads **uploads,
	const struct rw_store *store, struct rw_err *err);

/* Removes the file, unless it has unfinished uploads. Accepts NULL. */
void
rw_s3_uploads_close(struct rw_s3_uploads *uploads);

void
rw_s3_uploads_begin(struct rw_s3_uploads *uploads, const char *key,
	const char *id);

void
rw_s3_uploads_end(struct rw_s3_uploads *uploads, const char *id);

/* The next upload of a dead process, which the caller aborts and then ends.
 * Each is returned once. False when there is none. *key and *id are borrowed
 * until the next call of any of these functions. */
bool
rw_s3_uploads_dead(struct rw_s3_uploads *uploads, const char **key,
	const char **id);

#endif
