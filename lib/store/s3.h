/*
 * Requests to an S3 store, many at once: each is signed, sent, and tried again
 * as base/retry.h says; a clock that differs from the store's is corrected
 * once; when the store is unreachable, or refuses our keys or the bucket, the
 * rest fails at once.
 *
 * Every wait is bounded: an attempt has a budget (wire/http.h), and so have all
 * calls together, from the first to the last. Theirs is filled
 * by each byte of a body that the store takes, once, and by each good answer. It
 * is used up while calls are open; when it is spent all of them fail, and so do
 * all that follow.
 *
 * Only this file retries. The requests themselves are made by store/s3_put.h,
 * store/s3_bucket.h and the like.
 *
 * Failures of a call: RW_UNREACHABLE, no answer; RW_REFUSED, the store refused;
 * RW_IO, the file cannot be read. All but the last have the same meaning for a
 * whole run: the report is mailed with attachments.
 */
#ifndef RW_STORE_S3_H
#define RW_STORE_S3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "store/s3_call.h"
#include "store/store.h"

struct rw_s3;

/* Time, and the bytes that earn some. The line is shared: each of the requests
 * at once may have but a part of it, and one less than the others. */
enum {
	RW_S3_STALL_S = 20,		/* RW_S3_TIMEOUT */
	RW_S3_BUDGET_STALLS = 5,	/* halves of it are RW_S3_BUDGET */
	RW_S3_LEAST_RATE = 32768,	/* RW_S3_LEAST_RATE, bytes a second */
	RW_S3_LEAST_PART = 4,		/* of its share that one must have */
	RW_S3_ANSWER_WORTH = 8192,	/* bytes that a good answer counts as */
};

struct rw_s3_options {
	size_t connections;	/* requests at once; 0: 8 */
	int attempts;		/* 0: RW_S3_ATTEMPTS, else 3 */
	/* The milliseconds in which all must be ended, since a signal came;
	 * -1: none did. NULL: always so. */
	int64_t (*grace_ms)(void);
	/* When all must be ended, by the monotonic clock, and what calls fail
	 * with then; 0: never. */
	int64_t end_ms;
	const char *end_why;
};

/* store is borrowed until delete; NULL when all calls have a url. Reads
 * RW_S3_TIMEOUT, RW_S3_BUDGET, RW_S3_LEAST_RATE, RW_S3_ATTEMPTS and
 * RW_CA_FILE. NULL with RW_CONFIG or RW_BUG. */
struct rw_s3 *
rw_s3_new(const struct rw_store *store, const struct rw_s3_options *options,
	struct rw_err *err);

/* Calls that are not done are aborted; their done is not called. Accepts
 * NULL. */
void
rw_s3_delete(struct rw_s3 *s3);

const struct rw_store *
rw_s3_store(const struct rw_s3 *s3);

size_t
rw_s3_connections(const struct rw_s3 *s3);

/* Queues a call. */
void
rw_s3_start(struct rw_s3 *s3, struct rw_s3_call *call);

/* Goes on until at least one call was done, or input_fd (-1: none) can be
 * read. At once when there is no call. False with RW_IO or RW_BUG when nothing
 * can go on: all calls are aborted, and their done is not called. */
bool
rw_s3_run(struct rw_s3 *s3, int input_fd, struct rw_err *err);

/* One call from start to end. done and context must be NULL. False with the
 * call's failure. */
bool
rw_s3_do(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err);

#endif
