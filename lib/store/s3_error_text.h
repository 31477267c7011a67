/*
 * The documents in which a store, or what stands in front of it, says why it
 * refuses. Pure.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html;
 * for JSON, what the gateways of Amazon, Google, Cloudflare, Kong and Backblaze
 * answer.
 */
#ifndef RW_STORE_S3_ERROR_TEXT_H
#define RW_STORE_S3_ERROR_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct rw_s3_error {
	char code[64];		/* "SlowDown"; "" when the server gave none */
	char message[200];	/* printable ASCII */
	char region[40];	/* where the bucket is, when that was wrong */
};

/* Reads the body of an answer: XML with an element Error, outermost (S3) or in
 * an envelope (ErrorResponse), or a JSON object with a code or a message; in any
 * encoding that wire/body_text.h restores. False, and error is empty, when it
 * is neither. */
bool
rw_s3_error_parse(const char *text, size_t len, struct rw_s3_error *error);

/* Copies a text of a server for a message: without secrets, printable ASCII,
 * cut to size. */
void
rw_s3_error_quote(char *out, size_t size, const char *text);

#endif
