/*
 * The state of the client in store/s3.h, and the single attempts of a call.
 */
#ifndef RW_STORE_S3_ATTEMPT_PRIV_H
#define RW_STORE_S3_ATTEMPT_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/err.h"
#include "base/retry.h"
#include "wire/http.h"
#include "wire/sigv4.h"
#include "store/s3_call.h"
#include "store/store.h"

struct rw_s3 {
	const struct rw_store *store;
	struct rw_http *http;
	struct rw_sigv4 signer;
	struct rw_retry retry;
	struct rw_breaker breaker;
	size_t connections, running;
	struct rw_s3_call *waiting, **last_waiting;
	int64_t skew;			/* seconds to add to our clock */
	struct rw_err last_failure;	/* why the breaker opened */
	struct rw_budget budget;	/* of all calls */
	uint64_t taken;			/* bytes that were credited to budget */
	int64_t (*grace_ms)(void);
	int64_t end_ms;
	const char *end_why;
	bool is_over;			/* permanently; general is the reason */
	bool has_given_up;		/* general is the reason */
	struct rw_err general;
	bool had_success;
	unsigned done;			/* calls since the last check */
};

/* Signs the call and hands it to wire/http.h. */
bool
rw_s3_attempt_begin(struct rw_s3 *s3, struct rw_s3_call *call,
	struct rw_err *err);

/* Evaluates the outcome and reports it to the breaker. True when the attempt
 * succeeded. Otherwise *failure says whether a further attempt may help, and
 * call->failure gives the reason. */
bool
rw_s3_attempt_judge(struct rw_s3 *s3, struct rw_s3_call *call,
	enum rw_failure *failure);

/* The delay that Retry-After requests, in milliseconds, or -1. */
int64_t
rw_s3_attempt_retry_after(const struct rw_s3_call *call);

/* Adopts the store's clock, if the answer has a date and it differs from our
 * clock. */
bool
rw_s3_attempt_correct_skew(struct rw_s3 *s3, const struct rw_s3_call *call);

#endif
