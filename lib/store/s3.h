/*
 * Requests to an S3 store, many at once. Each is signed, sent, and repeated as
 * base/retry.h describes. A clock that differs from the store's is corrected
 * once. When the store is unreachable, or refuses our keys or the bucket, all
 * other requests fail at once.
 *
 * Every wait is bounded: an attempt has a budget (wire/http.h), and all calls
 * together share a second budget, from the first to the last. Each byte of a
 * body that the store receives for the first time, and each good answer, adds
 * to the shared budget. It decreases while calls are open. When it is spent,
 * all calls fail, including all later ones.
 *
 * Only this file retries. The requests themselves are made by store/s3_put.h,
 * store/s3_bucket.h and the like.
 *
 * Failures of a call: RW_UNREACHABLE: no answer; RW_REFUSED: the store refused;
 * RW_IO: the file cannot be read. After each of them except RW_IO, a run mails
 * the report with attachments.
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

/* Times, and the bytes that add to a budget. Simultaneous requests share the
 * bandwidth, and not all of them get the same share. */
enum {
	RW_S3_STALL_S = 20,		/* RW_S3_TIMEOUT */
	RW_S3_BUDGET_STALLS = 5,	/* RW_S3_BUDGET in halves of
					 * RW_S3_TIMEOUT */
	RW_S3_LEAST_RATE = 32768,	/* RW_S3_LEAST_RATE, bytes a second */
	RW_S3_LEAST_PART = 4,		/* fraction of its share that a request
					 * must reach */
	RW_S3_ANSWER_WORTH = 8192,	/* bytes that a good answer counts as */
};

struct rw_s3_options {
	size_t connections;	/* requests at once; 0: 8 */
	int attempts;		/* 0: RW_S3_ATTEMPTS, else 3 */
	/* The milliseconds left to end all calls after a signal; -1: no signal
	 * arrived. NULL: the same as always -1. */
	int64_t (*grace_ms)(void);
	/* The time, on the monotonic clock, at which all calls fail, and the
	 * reason that they report; 0: never. */
	int64_t end_ms;
	const char *end_why;
};

/* store is borrowed until rw_s3_delete, and may be NULL when all calls have a
 * url. Reads RW_S3_TIMEOUT, RW_S3_BUDGET, RW_S3_LEAST_RATE, RW_S3_ATTEMPTS and
 * RW_CA_FILE. NULL with RW_CONFIG or RW_BUG. */
struct rw_s3 *
rw_s3_new(const struct rw_store *store, const struct rw_s3_options *options,
	struct rw_err *err);

/* Aborts unfinished calls without calling their done. Accepts NULL. */
void
rw_s3_delete(struct rw_s3 *s3);

const struct rw_store *
rw_s3_store(const struct rw_s3 *s3);

size_t
rw_s3_connections(const struct rw_s3 *s3);

/* Queues a call. */
void
rw_s3_start(struct rw_s3 *s3, struct rw_s3_call *call);

/* Works until at least one call is done, or input_fd (-1: none) is readable.
 * Returns at once when there are no calls. False with RW_IO or RW_BUG when no
 * call can continue: all calls are aborted without calling their done. */
bool
rw_s3_run(struct rw_s3 *s3, int input_fd, struct rw_err *err);

/* Makes one call and waits for its end. done and context must be NULL. False
 * with the call's failure. */
bool
rw_s3_do(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err);

#endif
