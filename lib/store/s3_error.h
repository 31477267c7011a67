/*
 * What an S3 server says when it says no, and what that means for the next
 * attempt. Pure.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
#ifndef RW_STORE_S3_ERROR_H
#define RW_STORE_S3_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/retry.h"

struct rw_s3_error {
	char code[64];		/* "SlowDown"; "" when the server gave none */
	char message[200];	/* printable ASCII */
	char region[40];	/* where the bucket is, when that was wrong */
};

/* Reads an XML document whose root is Error. False, and error is empty, when
 * text is none. */
bool
rw_s3_error_parse(const char *text, size_t len, struct rw_s3_error *error);

/* What a status and a code mean. */
enum rw_failure
rw_s3_error_failure(int status, const char *code);

/* True when no other request to this bucket can succeed either: the key is
 * unknown, the bucket does not exist. */
bool
rw_s3_error_is_general(const char *code);

/* What the operator can do about it, as "(check MINIO_SECRET_KEY)"; "" when
 * nothing is known. */
const char *
rw_s3_error_hint(const char *code);

#endif
