/*
 * The file of an upload: opened, its digests, and its bytes compressed when
 * that is worth it. For store/s3_put.c alone.
 *
 * Errors: RW_IO when it cannot be read; RW_DATA when it is not a regular file,
 * or is another than expected.
 */
#ifndef RW_STORE_S3_FILE_PRIV_H
#define RW_STORE_S3_FILE_PRIV_H

#include "store/s3_put.h"

/* Sets fd and size. */
bool
rw_s3_file_open(struct rw_s3_put *put, struct rw_err *err);

/* Sets the digests; bytes when the file is short, or compressed, which it is
 * when zip asks for it and it pays. */
bool
rw_s3_file_read(struct rw_s3_put *put, bool zip, struct rw_err *err);

/* True, with err, when the file is not the expected one: what the store meant
 * when it said that it got other bytes than were signed. */
bool
rw_s3_file_is_other(const struct rw_s3_put *put, struct rw_err *err);

/* True when the file goes in parts. */
bool
rw_s3_put_is_large(const struct rw_s3_put *put);

#endif
