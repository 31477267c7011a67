/*
 * The file of an upload: opens it, computes its digests, and compresses its
 * bytes when this saves enough.
 *
 * Errors: RW_IO when it cannot be read; RW_DATA when it is not a regular file,
 * or is not the expected one.
 */
#ifndef RW_STORE_S3_FILE_H
#define RW_STORE_S3_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/digest.h"

enum { RW_S3_GZIP_GAIN = 10 };	/* the least saving, in percent */

struct rw_deflater;

/* The tools for reading all files of a run. {0} is closed. */
struct rw_s3_reader {
	struct rw_digest md5, sha256;
	struct rw_deflater *gzip;	/* NULL: files are sent as they are */
};

struct rw_s3_file {
	/* Set by the caller; borrowed until the file is closed. */
	const char *path;
	const char *expected_sha256;	/* NULL: none is */
	bool is_own;			/* path must be a report's
					 * (report_name.h), and the checksum of
					 * the file is verified before anything
					 * is sent */

	/* Set by open and read. */
	int fd;				/* -1: closed */
	uint64_t size;			/* bytes */
	char sha256[RW_SHA256_HEX];
	struct rw_buf bytes;		/* of a short file, or the compressed
					 * bytes */
	bool is_compressed;
	char md5_base64[25], md5_hex[33];	/* of the sent bytes */
	char body_sha256[RW_SHA256_HEX];	/* of the sent bytes */
};

bool
rw_s3_reader_open(struct rw_s3_reader *reader, bool gzip, struct rw_err *err);

void
rw_s3_reader_close(struct rw_s3_reader *reader);

/* Sets fd and size. */
bool
rw_s3_file_open(struct rw_s3_file *file, struct rw_err *err);

/* Sets the digests, and bytes if the file is short or was compressed. A file
 * that is sent in parts is never compressed. */
bool
rw_s3_file_read(struct rw_s3_file *file, struct rw_s3_reader *reader,
	bool in_parts, struct rw_err *err);

/* True, with err, when the file is not the expected one. This explains why a
 * store reports that the received bytes differ from the signed ones. */
bool
rw_s3_file_is_other(const struct rw_s3_file *file, struct rw_err *err);

void
rw_s3_file_close(struct rw_s3_file *file);

/* Closes it and frees bytes. */
void
rw_s3_file_free(struct rw_s3_file *file);

#endif
