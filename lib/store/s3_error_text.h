/*
 * Reads the error documents of a store, or of a gateway in front of the store.
 * Pure.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html;
 * for JSON, the answers of the gateways of Amazon, Google, Cloudflare, Kong and
 * Backblaze.
 */
#ifndef RW_STORE_S3_ERROR_TEXT_H
#define RW_STORE_S3_ERROR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct rw_s3_error {
	char code[64];		/* "SlowDown"; "" when the server gave none */
	char message[200];	/* printable ASCII */
	char region[40];	/* region of the bucket, when ours was wrong */
};

/* Reads the body of an answer: XML with an element Error, outermost (S3) or in
 * an envelope (ErrorResponse), or a JSON object with a code or a message; in
 * any encoding that wire/body_text.h restores. False, with an empty error, when
 * the body is neither. */
bool
rw_s3_error_parse(const char *text, size_t len, struct rw_s3_error *error);

/* Copies a text of a server for a message: without secrets, printable ASCII,
 * cut to size. */
void
rw_s3_error_quote(char *out, size_t size, const char *text);

#endif
