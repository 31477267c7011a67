/*
 * Signed URLs of CloudFront with a canned policy: RSA, SHA-1, a time in
 * seconds. They may be valid for any length of time.
 *
 * Errors: RW_CONFIG for a key that cannot be read, or is damaged; RW_BUG when OpenSSL fails
 * to sign.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
 */
#ifndef RW_WIRE_CLOUDFRONT_H
#define RW_WIRE_CLOUDFRONT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_cloudfront {
	/* private */
	const char *key_id;
	void *key;
};

/* key_id (borrowed until close) names the public key at CloudFront; pem is the
 * unencrypted RSA key, which is copied. */
bool
rw_cloudfront_open(struct rw_cloudfront *signer, const char *key_id,
	const char *pem, struct rw_err *err);

/* Accepts {0}. */
void
rw_cloudfront_close(struct rw_cloudfront *signer);

/* Appends "Expires=...&Signature=...&Key-Pair-Id=...". url is the resource,
 * including its query, if any. */
bool
rw_cloudfront_presign(struct rw_cloudfront *signer, const char *url,
	int64_t expires_at, struct rw_buf *out, struct rw_err *err);

#endif
