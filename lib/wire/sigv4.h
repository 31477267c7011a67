/*
 * AWS Signature Version 4 for S3: in headers and in the query of a link.
 * Pure: no clock, no network; the same input gives the same signature.
 *
 * The signing key is valid for one day and region. It is derived when the day
 * changes, not for each signature.
 *
 * Errors: those of wire/digest.h; RW_CONFIG from open.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
#ifndef RW_WIRE_SIGV4_H
#define RW_WIRE_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/digest.h"
#include "wire/header.h"

/* "20130524T000000Z" and its NUL. */
#define RW_SIGV4_DATE_SIZE 17

/* Every server refuses a link with a longer lifetime. */
#define RW_SIGV4_EXPIRES_MAX 604800

/* The payload hash of links, and of requests whose body is not signed. */
#define RW_SIGV4_UNSIGNED "UNSIGNED-PAYLOAD"

/* The keys for signing; borrowed while a signer is open. */
struct rw_identity {
	const char *access_key;
	const char *secret_key;
	const char *token;	/* of temporary credentials; NULL: none */
};

struct rw_sigv4 {
	/* private */
	struct rw_identity identity;
	const char *region;
	struct rw_digest sha256;
	struct rw_hmac_key key;		/* of day */
	int64_t day;			/* since 1970; -1: none yet */
	int64_t when;			/* time of the texts below */
	char date[RW_SIGV4_DATE_SIZE];
	struct rw_buf scope;		/* day/region/s3/aws4_request */
	struct rw_buf to_sign;		/* the string to sign, without its
					 * end */
	size_t to_sign_prefix;		/* bytes that are the same in each
					 * call */
	uint64_t expires;		/* lifetime of the two below */
	struct rw_buf link;		/* the query without the signature */
	struct rw_buf canonical;	/* the same, sorted */
};

/* region is borrowed until close. */
bool
rw_sigv4_open(struct rw_sigv4 *signer, const struct rw_identity *identity,
	const char *region, struct rw_err *err);

/* Wipes the key. Accepts {0}. */
void
rw_sigv4_close(struct rw_sigv4 *signer);

/* The x-amz-date of a moment, in seconds since 1970. */
void
rw_sigv4_date(char out[RW_SIGV4_DATE_SIZE], int64_t when);

struct rw_sigv4_request {
	const char *method;
	const char *path;	/* percent-encoded, with its first slash */
	const char *query;	/* percent-encoded and sorted; "": none */
	const struct rw_header *headers;	/* sorted; all are signed */
	size_t header_count;
	const char *payload;	/* SHA-256 of the body in hexadecimal */
	int64_t when;		/* as in x-amz-date; seconds since 1970 */
};

/* Appends the value of the Authorization header. */
bool
rw_sigv4_authorize(struct rw_sigv4 *signer,
	const struct rw_sigv4_request *request, struct rw_buf *out,
	struct rw_err *err);

struct rw_sigv4_link {
	const char *host;	/* with its port unless it is the scheme's
				 * default */
	const char *path;	/* as above */
	const char *query;	/* as above; names in lower case; "": none */
	int64_t when;		/* seconds since 1970 */
	uint64_t expires;	/* seconds, 1 to RW_SIGV4_EXPIRES_MAX */
};

/* Appends the query of a link for GET, without the question mark. RW_CONFIG
 * when expires is out of bounds. */
bool
rw_sigv4_presign(struct rw_sigv4 *signer, const struct rw_sigv4_link *link,
	struct rw_buf *out, struct rw_err *err);

#endif
