/*
 * Stores files as objects: one request for a small one, several parts at once
 * for a large one; nothing when the same bytes are stored already.
 *
 * Failures: those of store/s3.h, and RW_DATA when the file is not the one that
 * was meant.
 */
#ifndef RW_STORE_S3_PUT_H
#define RW_STORE_S3_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/digest.h"
#include "store/s3.h"

enum {
	RW_S3_KEPT = -1,
	RW_S3_UNCLEAR = -2,
	RW_S3_VERSION_SIZE = 1025,	/* a version id is at most 1024 bytes */
	RW_S3_PUT_HEADERS = 6,
	RW_S3_GZIP_GAIN = 10,		/* percent, or it is not worth it */
};

/* What all uploads of a run share. */
struct rw_s3_putter {
	/* private */
	struct rw_s3 *s3;
	struct rw_digest md5, sha256;
	uint64_t multipart_from;	/* bytes */
	uint64_t part_size;
	struct rw_deflater *gzip;	/* NULL: files go as they are */
};

/* s3 is borrowed until close. Reads RW_S3_MULTIPART_FROM (64 MiB) and
 * RW_S3_PART_SIZE (16 MiB). */
bool
rw_s3_putter_open(struct rw_s3_putter *putter, struct rw_s3 *s3, bool gzip,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_s3_putter_close(struct rw_s3_putter *putter);

struct rw_s3_multipart;

struct rw_s3_put {
	/* What to store; borrowed until it is done. */
	const char *path;
	const char *key;
	const char *content_type;
	const char *follower_id, *period;	/* metadata */
	const char *expected_sha256;	/* of the file; NULL: whatever it has */
	bool is_own;			/* path is a report's (report_name.h),
					 * and the file has its checksum before
					 * anything is sent */
	const char *stored_sha256;	/* of what lies there; NULL: unknown */
	int64_t wanted_until;		/* stored objects must live so long */
	void (*done)(struct rw_s3_put *put);
	void *context;

	/* What came of it. */
	bool good;
	bool was_stored;		/* nothing had to be uploaded */
	struct rw_err failure;
	char sha256[RW_SHA256_HEX];	/* of the file */
	uint64_t size;			/* of the file */
	char version[RW_S3_VERSION_SIZE];	/* "": not versioned */
	int64_t expires_at;		/* seconds since 1970, or as below */

	/* private */
	struct rw_s3_putter *putter;
	int fd;				/* -1: closed */
	struct rw_buf bytes;		/* of a short file, or compressed */
	bool is_compressed;
	struct rw_s3_call call;
	struct rw_header headers[RW_S3_PUT_HEADERS];
	size_t header_count;
	char md5_base64[25], md5_hex[33];
	char body_sha256[RW_SHA256_HEX];
	struct rw_s3_multipart *multipart;
};

/* Begins; false, and done will not be called, when the file cannot be read or
 * is another than expected. */
bool
rw_s3_put_start(struct rw_s3_putter *putter, struct rw_s3_put *put,
	struct rw_err *err);

/* For a put that is done, or that was never begun and is {.fd = -1}. */
void
rw_s3_put_free(struct rw_s3_put *put);

/* x-amz-expiration of an answer in seconds since 1970; RW_S3_KEPT when the
 * object does not expire; RW_S3_UNCLEAR when the answer cannot be right (not a
 * midnight, which Ceph says now and then). */
int64_t
rw_s3_expiration(const struct rw_http_call *answer);

/* False when the answer's ETag is an MD5 and not this one. etag is in
 * hexadecimal, with "-N" behind it for N parts. */
bool
rw_s3_etag_fits(const struct rw_http_call *answer, const char *etag);

#endif
