#include "base/retry.h"

/* Xorshift (Marsaglia, 2003): good enough to spread delays. */
static uint64_t
next_random(struct rw_retry *retry)
{
	retry->random ^= retry->random << 13;
	retry->random ^= retry->random >> 7;
	retry->random ^= retry->random << 17;
	return retry->random;
}

static int64_t
between(struct rw_retry *retry, int64_t low, int64_t high)
{
	return low + (int64_t)(next_random(retry) %
		(uint64_t)(high - low + 1));
}

/* RW_RETRY_BASE_MS, doubled so many times, at most RW_RETRY_MAX_MS. */
static int64_t
bound_ms(int times)
{
	int64_t bound = RW_RETRY_BASE_MS;

	while (times-- > 0 && bound < RW_RETRY_MAX_MS)
		bound *= 2;
	return bound < RW_RETRY_MAX_MS ? bound : RW_RETRY_MAX_MS;
}

void
rw_retry_init(struct rw_retry *retry, int attempts, uint64_t seed)
{
	*retry = (struct rw_retry){
		.attempts = attempts > 0 ? attempts : RW_RETRY_ATTEMPTS,
		.tokens = RW_RETRY_TOKENS,
		.random = seed != 0 ? seed : 1,
	};
}

bool
rw_retry_again(struct rw_retry *retry, int made, enum rw_failure failure,
	int64_t retry_after_ms, int64_t *delay_ms, int *cost)
{
	int price = failure == RW_FAILURE_TIMEOUT ? RW_RETRY_TIMEOUT_COST :
		RW_RETRY_COST;
	int64_t delay;

	if (failure == RW_FAILURE_FINAL || failure == RW_FAILURE_HOPELESS ||
	    made >= retry->attempts || retry->tokens < price ||
	    retry_after_ms > RW_RETRY_AFTER_MAX_MS)
		return false;
	delay = between(retry, 0, bound_ms(made - 1));
	*delay_ms = delay > retry_after_ms ? delay : retry_after_ms;
	*cost = price;
	retry->tokens -= price;
	return true;
}

void
rw_retry_success(struct rw_retry *retry, int cost)
{
	retry->tokens += cost > 0 ? cost : 1;
	if (retry->tokens > RW_RETRY_TOKENS)
		retry->tokens = RW_RETRY_TOKENS;
}

/* ---- the breaker ------------------------------------------------------- */

enum rw_breaker_word
rw_breaker_ask(struct rw_breaker *breaker, int64_t now_ms, bool *probe,
	int64_t *next_ms)
{
	int most = breaker->strikes == 0 ? RW_BREAKER_FIRST : 1;
	bool must_wait = breaker->probes >= most || now_ms < breaker->next_ms;

	*probe = false;
	if (breaker->state == RW_BREAKER_CLOSED)
		return RW_BREAKER_GO;
	*next_ms = breaker->next_ms;
	if (must_wait)
		return breaker->state == RW_BREAKER_OPEN ? RW_BREAKER_STOP :
			RW_BREAKER_WAIT;
	breaker->probes++;
	*probe = true;
	return RW_BREAKER_GO;
}

void
rw_breaker_answered(struct rw_breaker *breaker)
{
	*breaker = (struct rw_breaker){.state = RW_BREAKER_CLOSED};
}

static void
open_breaker(struct rw_breaker *breaker, int64_t now_ms)
{
	if (breaker->open_ms == 0)
		breaker->open_ms = RW_BREAKER_OPEN_MS;
	else if (breaker->open_ms < RW_BREAKER_OPEN_MAX_MS)
		breaker->open_ms *= 2;
	breaker->state = RW_BREAKER_OPEN;
	breaker->next_ms = now_ms + breaker->open_ms;
}

void
rw_breaker_failed(struct rw_breaker *breaker, bool probe,
	enum rw_failure failure, int64_t now_ms, struct rw_retry *retry)
{
	bool first = breaker->state == RW_BREAKER_CLOSED;
	int64_t bound;

	/* The failure of a request that began before the first failure is not
	 * new information. */
	if (!probe && !first)
		return;
	if (probe && breaker->probes > 0)
		breaker->probes--;
	if (first)
		breaker->state = RW_BREAKER_PROBING;
	breaker->strikes += failure == RW_FAILURE_TIMEOUT ?
		RW_BREAKER_TIMEOUT : 1;
	if (breaker->state == RW_BREAKER_OPEN ||
	    failure == RW_FAILURE_HOPELESS ||
	    breaker->strikes >= RW_BREAKER_STRIKES) {
		open_breaker(breaker, now_ms);
		return;
	}
	/* Never immediately: a store that restarts is down for a second or
	 * two. */
	bound = bound_ms(breaker->strikes - 1);
	breaker->next_ms = now_ms + between(retry, bound / 2, bound);
}

void
rw_breaker_abandoned(struct rw_breaker *breaker, bool probe)
{
	if (probe && breaker->probes > 0)
		breaker->probes--;
}
