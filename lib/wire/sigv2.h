/*
 * AWS Signature Version 2 in the query of a link. New buckets of AWS no longer
 * accept it, but MinIO and Ceph do, with no limit on the lifetime, which
 * Version 4 does not allow. Pure: no clock, no network.
 *
 * Errors: those of wire/digest.h.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
 */
#ifndef RW_WIRE_SIGV2_H
#define RW_WIRE_SIGV2_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/digest.h"
#include "wire/sigv4.h"

struct rw_sigv2 {
	/* private */
	struct rw_identity identity;
	struct rw_digest sha1;
	struct rw_hmac_key key;
	struct rw_buf access;	/* "AWSAccessKeyId=...&Signature=" */
	struct rw_buf token;	/* "&x-amz-security-token=...", or empty */
	struct rw_buf to_sign;
};

bool
rw_sigv2_open(struct rw_sigv2 *signer, const struct rw_identity *identity,
	struct rw_err *err);

/* Wipes the key. Accepts {0}. */
void
rw_sigv2_close(struct rw_sigv2 *signer);

struct rw_sigv2_link {
	/* "/BUCKET/KEY" percent-encoded, then "?NAME=VALUE&..." with the
	 * sorted, unencoded response-* and versionId parameters. */
	const char *resource;
	const char *query;	/* the same parameters, encoded; "": none */
	int64_t expires_at;	/* seconds since 1970 */
};

/* Appends the query of a link for GET, without the question mark. */
bool
rw_sigv2_presign(struct rw_sigv2 *signer, const struct rw_sigv2_link *link,
	struct rw_buf *out, struct rw_err *err);

#endif
