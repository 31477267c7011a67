/*
 * When to retry, and when to give up. Pure: the caller passes the clock and the
 * random seed, so that a test can be a table of rules.
 *
 * Three rules work together:
 * - Each request has a maximum number of attempts. Before a retry, it waits for
 *   a random part of a delay that doubles each time (full jitter), or as long
 *   as Retry-After demands.
 * - All requests share a bucket of tokens. A retry takes tokens and a success
 *   returns them, so that retries do not overload a failing store.
 * - A circuit breaker: two requests find out whether the store answers. If it
 *   does not, one request at a time probes it. After a few failed probes, all
 *   other requests fail at once instead of waiting.
 *
 * Source:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 * (standard mode) for the first two.
 */
#ifndef RW_BASE_RETRY_H
#define RW_BASE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

/* How an attempt failed. */
enum rw_failure {
	RW_FAILURE_FINAL,	/* a retry would fail in the same way */
	RW_FAILURE_TRANSIENT,	/* 5xx, an incomplete answer */
	RW_FAILURE_THROTTLED,	/* asked to slow down */
	RW_FAILURE_UNREACHED,	/* no connection, or a lost connection */
	RW_FAILURE_TIMEOUT,	/* connected, and never answered */
	RW_FAILURE_HOPELESS,	/* no request can ever succeed: bad TLS */
};

/* ---- one request, and the bucket that all share ---------------------- */

enum {
	RW_RETRY_ATTEMPTS = 3,		/* including the first */
	RW_RETRY_BASE_MS = 1000,	/* limit of the first delay */
	RW_RETRY_MAX_MS = 20000,	/* limit of any delay */
	RW_RETRY_AFTER_MAX_MS = 60000,	/* a longer Retry-After: give up */
	RW_RETRY_TOKENS = 500,
	RW_RETRY_COST = 5,
	RW_RETRY_TIMEOUT_COST = 10,
};

struct rw_retry {
	int attempts;		/* at most */
	int tokens;
	uint64_t random;	/* state; never 0 */
};

/* attempts 0: RW_RETRY_ATTEMPTS. seed is any number; the same seed gives the
 * same delays. */
void
rw_retry_init(struct rw_retry *retry, int attempts, uint64_t seed);

/* Call after attempt number "made" has failed. True when the request is to be
 * retried after *delay_ms. retry_after_ms is what the server demanded, or -1.
 * *cost is the number of tokens taken from the bucket, to be returned on
 * success. */
bool
rw_retry_again(struct rw_retry *retry, int made, enum rw_failure failure,
	int64_t retry_after_ms, int64_t *delay_ms, int *cost);

/* cost is the cost of the request's last retry, or 0. */
void
rw_retry_success(struct rw_retry *retry, int cost);

/* ---- the breaker ----------------------------------------------------- */

enum {
	RW_BREAKER_STRIKES = 3,		/* failed probes until it opens */
	RW_BREAKER_FIRST = 2,		/* simultaneous probes, before the first
					 * failure */
	RW_BREAKER_TIMEOUT = 2,		/* strikes for one timeout */
	RW_BREAKER_OPEN_MS = 30000,	/* first pause; doubles each time */
	RW_BREAKER_OPEN_MAX_MS = 600000,
};

struct rw_breaker {
	enum {
		RW_BREAKER_PROBING,	/* unknown whether it answers */
		RW_BREAKER_CLOSED,	/* it answers */
		RW_BREAKER_OPEN,	/* given up */
	} state;
	int strikes;
	int probes;		/* in progress */
	int64_t next_ms;	/* no probe before this */
	int64_t open_ms;	/* the length of the current or next pause */
};

enum rw_breaker_word {
	RW_BREAKER_GO,	/* the attempt may begin; *probe: as a probe */
	RW_BREAKER_WAIT,	/* ask again at *next_ms, or when another
				 * attempt has ended */
	RW_BREAKER_STOP,	/* fail at once */
};

/* {0} is a breaker in its initial state. */
enum rw_breaker_word
rw_breaker_ask(struct rw_breaker *breaker, int64_t now_ms, bool *probe,
	int64_t *next_ms);

/* The store answered, with any status. */
void
rw_breaker_answered(struct rw_breaker *breaker);

/* The attempt ended without an answer. retry supplies random numbers. */
void
rw_breaker_failed(struct rw_breaker *breaker, bool probe,
	enum rw_failure failure, int64_t now_ms, struct rw_retry *retry);

/* This process abandoned the attempt; its outcome is unknown. */
void
rw_breaker_abandoned(struct rw_breaker *breaker, bool probe);

#endif
