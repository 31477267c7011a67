/*
 * One request to an S3 store and its outcome, as data: what the caller sets,
 * and what store/s3.h fills in.
 */
#ifndef RW_STORE_S3_CALL_H
#define RW_STORE_S3_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/http_call.h"
#include "wire/sigv4.h"
#include "store/s3_error.h"
#include "store/store.h"

enum { RW_S3_HEADERS = 20 };

struct rw_s3_call {
	/* The request; borrowed until it is done. */
	const char *method;
	const char *key;	/* NULL: the bucket itself */
	const char *query;	/* percent-encoded and sorted; NULL: none */
	const char *url;	/* if set: this exact URL, unsigned */
	/* Names in lower case; at most RW_S3_HEADERS - 6; signed like all
	 * headers. */
	const struct rw_header *headers;
	size_t header_count;
	bool has_body;
	struct rw_http_body body;
	const char *sha256;	/* of the body in hexadecimal */
	size_t answer_max;	/* bytes; 0: 1 MiB */
	bool takes_part;	/* as in wire/http.h */
	bool once;		/* no second attempt, which would not be worth
				 * the time */
	bool awaits;		/* status 404 may be repeated */
	/* Checks an answer with status 200 to 299. False, with why, makes it a
	 * failed attempt, which is repeated if why is retryable. NULL: every
	 * such answer is accepted. */
	bool (*accepts)(struct rw_s3_call *call, struct rw_err *why);
	/* Called once, from rw_s3_run. It may start the call again. */
	void (*done)(struct rw_s3_call *call);
	void *context;

	/* The outcome. */
	bool good;
	struct rw_err failure;		/* when not good */
	struct rw_s3_error error;	/* the store's message, if any */
	struct rw_http_call http;	/* status, head, answer */
	int attempts;			/* made so far */
	int64_t asked_ms, came_ms;	/* milliseconds since 1970: start and
					 * end of the last attempt */

	/* private */
	struct rw_target target;
	struct rw_buf address, authorization;
	char date[RW_SIGV4_DATE_SIZE];
	struct rw_header all[RW_S3_HEADERS];
	size_t all_count;
	int64_t due_ms;		/* not before */
	int64_t skew;		/* with which it was signed */
	int cost;		/* of the last retry */
	bool is_probe, skew_tried;
	struct rw_s3_call *next;
};

void
rw_s3_call_free(struct rw_s3_call *call);

#endif
