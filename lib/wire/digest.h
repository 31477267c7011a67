/*
 * Message digests and HMAC.
 *
 * A struct rw_digest is opened once and then used for any number of messages,
 * one after the other: start, add..., end. Nothing is allocated in between, so
 * that a signature costs little more than its blocks. A failure in between is
 * reported at the end.
 *
 * Errors: RW_CONFIG when OpenSSL has no such digest (MD5 under FIPS), RW_BUG
 * when it fails in the middle, RW_IO for a file that cannot be read.
 * Sources: FIPS 180-4 (SHA-1, SHA-256), RFC 1321 (MD5), RFC 2104 (HMAC).
 */
#ifndef RW_WIRE_DIGEST_H
#define RW_WIRE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define RW_DIGEST_SIZE 32	/* bytes of the longest digest */
#define RW_DIGEST_BLOCK 64	/* block size of each digest */
#define RW_SHA256_HEX 65	/* hexadecimal digits and a NUL */

enum rw_digest_name {
	RW_MD5,		/* 16 bytes */
	RW_SHA1,	/* 20 bytes */
	RW_SHA256,	/* 32 bytes */
};

struct rw_digest {
	size_t size;	/* of the result, in bytes */
	bool failed;
	/* private */
	void *context;
	const void *method;
};

bool
rw_digest_open(struct rw_digest *digest, enum rw_digest_name name,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_digest_close(struct rw_digest *digest);

void
rw_digest_start(struct rw_digest *digest);

void
rw_digest_add(struct rw_digest *digest, const void *bytes, size_t len);

/* Writes digest->size bytes. */
bool
rw_digest_end(struct rw_digest *digest, unsigned char out[RW_DIGEST_SIZE],
	struct rw_err *err);

/* A key prepared for HMAC: its two initial blocks. */
struct rw_hmac_key {
	unsigned char inner[RW_DIGEST_BLOCK], outer[RW_DIGEST_BLOCK];
};

bool
rw_hmac_key(struct rw_digest *digest, const void *key, size_t len,
	struct rw_hmac_key *ready, struct rw_err *err);

/* The HMAC of one message. */
bool
rw_hmac(struct rw_digest *digest, const struct rw_hmac_key *key,
	const void *bytes, size_t len, unsigned char out[RW_DIGEST_SIZE],
	struct rw_err *err);

/* ---- in one call ----------------------------------------------------- */

/* The SHA-256 of bytes in memory, in lower-case hexadecimal. */
bool
rw_sha256_hex(const void *bytes, size_t len, char out[RW_SHA256_HEX],
	struct rw_err *err);

/* The SHA-256 of a file, and its length in bytes (may be NULL). */
bool
rw_sha256_file(const char *path, char out[RW_SHA256_HEX], size_t *length,
	struct rw_err *err);

/* The SHA-256 of an open file, from its offset; name is for messages. */
bool
rw_sha256_fd(int fd, const char *name, char out[RW_SHA256_HEX],
	size_t *length, struct rw_err *err);

/* Lower-case hexadecimal of len bytes and a NUL. */
void
rw_digest_hex(const unsigned char *bytes, size_t len, char *out);

#endif
