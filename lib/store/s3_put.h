/*
 * Stores files as objects: a small file in one request, a large file in several
 * parts at once. Sends nothing when the same bytes are already stored. An
 * object counts as stored when the answers prove it (store/s3_verdict.h).
 *
 * Failures: those of store/s3.h, and RW_DATA when the file is not the expected
 * one.
 */
#ifndef RW_STORE_S3_PUT_H
#define RW_STORE_S3_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/header.h"
#include "store/s3.h"
#include "store/s3_answer.h"
#include "store/s3_file.h"

enum {
	RW_S3_PUT_HEADERS = 6,
};

/* The state that all uploads of a run share. */
struct rw_s3_putter {
	/* private */
	struct rw_s3 *s3;
	struct rw_s3_reader reader;
	struct rw_s3_uploads *uploads;
	uint64_t stale_seconds;
	uint64_t multipart_from;	/* bytes */
	uint64_t part_size;
};

/* s3 is borrowed until close. Reads RW_S3_MULTIPART_FROM (64 MiB),
 * RW_S3_PART_SIZE (16 MiB) and RW_S3_STALE_AFTER (1 day). */
bool
rw_s3_putter_open(struct rw_s3_putter *putter, struct rw_s3 *s3, bool gzip,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_s3_putter_close(struct rw_s3_putter *putter);

struct rw_s3_multipart;
struct rw_s3_proof;

struct rw_s3_put {
	/* What to store; borrowed until it is done. */
	struct rw_s3_file file;		/* its path and known properties */
	const char *key;
	const char *content_type;
	const char *follower_id, *period;	/* metadata */
	const char *stored_sha256;	/* of the object; NULL: unknown */
	bool is_as_sent;		/* the object was sent to somebody: it
					 * is found, and never replaced by
					 * another file */
	const char *stored_version;	/* of that object; NULL: unknown */
	int64_t wanted_until;		/* stored objects must exist until
					 * then */
	void (*done)(struct rw_s3_put *put);
	void *context;

	/* The outcome. */
	bool good;
	bool was_stored;		/* no upload was necessary */
	struct rw_err failure;
	char version[RW_S3_VERSION_SIZE];	/* "": not versioned */
	int64_t expires_at;		/* seconds since 1970, RW_S3_KEPT or
					 * RW_S3_UNCLEAR */
	int64_t made_at;		/* time of the object; seconds since
					 * 1970 */

	/* private */
	struct rw_s3_putter *putter;
	struct rw_s3_call call;
	struct rw_buf query;
	struct rw_header headers[RW_S3_PUT_HEADERS];
	size_t header_count;
	struct rw_s3_multipart *multipart;
	struct rw_s3_proof *proof;	/* NULL until a proof is needed */
	struct rw_err doubt;		/* why a proof is needed; {0}: the
					 * answer to PUT proves that the object
					 * is stored */
};

/* Begins. False when the file cannot be read or is not the expected one; done
 * will then not be called. */
bool
rw_s3_put_start(struct rw_s3_putter *putter, struct rw_s3_put *put,
	struct rw_err *err);

/* Accepts a put that is done, or that was never begun and is {.file.fd =
 * -1}. */
void
rw_s3_put_free(struct rw_s3_put *put);

#endif
