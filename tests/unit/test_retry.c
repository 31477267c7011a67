#include "base/retry.h"

#include "tap.h"

/* ---- one request ------------------------------------------------------- */

static const struct {
	const char *name;
	enum rw_failure failure;
	int made;
	int64_t retry_after_ms;
	bool again;
	int64_t low, high;	/* bounds of the delay */
	int cost;
} cases[] = {
	{"final", RW_FAILURE_FINAL, 1, -1, false, 0, 0, 0},
	{"hopeless", RW_FAILURE_HOPELESS, 1, -1, false, 0, 0, 0},
	{"first 500", RW_FAILURE_TRANSIENT, 1, -1, true, 0, 1000, 5},
	{"second 500", RW_FAILURE_TRANSIENT, 2, -1, true, 0, 2000, 5},
	{"third 500", RW_FAILURE_TRANSIENT, 3, -1, false, 0, 0, 0},
	{"throttled", RW_FAILURE_THROTTLED, 1, -1, true, 0, 1000, 5},
	{"Retry-After: 7", RW_FAILURE_THROTTLED, 1, 7000, true, 7000, 7000,
		5},
	{"Retry-After: 0", RW_FAILURE_THROTTLED, 1, 0, true, 0, 1000, 5},
	{"Retry-After: 60", RW_FAILURE_THROTTLED, 1, 60000, true, 60000,
		60000, 5},
	{"Retry-After: 61", RW_FAILURE_THROTTLED, 1, 61000, false, 0, 0, 0},
	{"no connection", RW_FAILURE_UNREACHED, 1, -1, true, 0, 1000, 5},
	{"timeout", RW_FAILURE_TIMEOUT, 1, -1, true, 0, 1000, 10},
};

static void
test_again(void)
{
	struct rw_retry retry;
	int64_t delay = -1, least, most;
	size_t i;
	int cost, n;
	bool again = false;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		rw_retry_init(&retry, 0, 42);
		least = INT64_MAX;
		most = -1;
		cost = 0;
		for (n = 0; n < 1000; n++) {
			retry.tokens = RW_RETRY_TOKENS;
			again = rw_retry_again(&retry, cases[i].made,
				cases[i].failure, cases[i].retry_after_ms,
				&delay, &cost);
			if (!again)
				break;
			least = delay < least ? delay : least;
			most = delay > most ? delay : most;
		}
		ok(again == cases[i].again, "%s: %s", cases[i].name,
			cases[i].again ? "again" : "not again");
		is_int(cost, cases[i].cost, "its cost");
		if (!cases[i].again)
			continue;
		ok(least >= cases[i].low && most <= cases[i].high,
			"delays %d to %d ms are in bounds", (int)least,
			(int)most);
		ok(most - least >= (cases[i].high - cases[i].low) * 9 / 10,
			"and use the whole range");
	}
}

static void
test_many_attempts(void)
{
	static const int64_t bounds[] = {1000, 2000, 4000, 8000, 16000, 20000,
		20000};
	struct rw_retry retry;
	int64_t delay, most;
	int cost, made, n;

	rw_retry_init(&retry, 100, 7);
	for (made = 1; made <= 7; made++) {
		most = 0;
		for (n = 0; n < 2000; n++) {
			retry.tokens = RW_RETRY_TOKENS;
			if (rw_retry_again(&retry, made, RW_FAILURE_TRANSIENT,
			    -1, &delay, &cost) && delay > most)
				most = delay;
		}
		ok(most <= bounds[made - 1] && most > bounds[made - 1] * 95 /
			100, "delay %d: at most %d ms", made,
			(int)bounds[made - 1]);
	}
}

static void
test_bucket(void)
{
	struct rw_retry retry;
	int64_t delay;
	int cost, n;

	rw_retry_init(&retry, 0, 1);
	for (n = 0; rw_retry_again(&retry, 1, RW_FAILURE_TRANSIENT, -1,
	    &delay, &cost); n++)
		;
	is_int(n, 100, "500 tokens are 100 retries");
	rw_retry_success(&retry, 0);
	ok(!rw_retry_again(&retry, 1, RW_FAILURE_TRANSIENT, -1, &delay,
		&cost), "one success pays for none");
	for (n = 0; n < 4; n++)
		rw_retry_success(&retry, 0);
	ok(rw_retry_again(&retry, 1, RW_FAILURE_TRANSIENT, -1, &delay, &cost),
		"five do");
	rw_retry_success(&retry, cost);
	ok(rw_retry_again(&retry, 1, RW_FAILURE_TRANSIENT, -1, &delay, &cost),
		"so does one that was retried itself");
	for (n = 0; n < 2000; n++)
		rw_retry_success(&retry, 5);
	is_int(retry.tokens, RW_RETRY_TOKENS, "the bucket does not overflow");
}

/* ---- the breaker ------------------------------------------------------- */

/* A refused port from the start: how many attempts until all fail at once? */
static void
test_refused(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t now = 0, next = 0;
	bool probe;
	int attempts = 0, under_way = 0;
	enum rw_breaker_word gate;

	rw_retry_init(&retry, 0, 3);
	for (;;) {
		gate = rw_breaker_ask(&breaker, now, &probe, &next);
		if (gate == RW_BREAKER_STOP)
			break;
		if (gate == RW_BREAKER_GO) {
			attempts++;
			under_way++;
			ok(probe, "attempt %d is a probe", attempts);
			continue;
		}
		if (under_way == 0)
			now = next;
		for (; under_way > 0; under_way--)
			rw_breaker_failed(&breaker, true,
				RW_FAILURE_UNREACHED, now, &retry);
	}
	is_int(attempts, 3, "three attempts until it opens");
	ok(now >= 1000 && now <= 2000, "after %d ms: a restart may take a "
		"second", (int)now);
	/* After the pause one may look again, the others still fail. */
	now = breaker.next_ms;
	is_int(rw_breaker_ask(&breaker, now - 1, &probe, &next), RW_BREAKER_STOP,
		"open until the pause ends");
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"then one looks again");
	ok(probe, "as a probe");
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_STOP,
		"while the others still fail at once");
	rw_breaker_failed(&breaker, true, RW_FAILURE_UNREACHED, now, &retry);
	is_int(breaker.next_ms - now, 2 * RW_BREAKER_OPEN_MS,
		"the next pause is twice as long");
	now = breaker.next_ms;
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"another look");
	rw_breaker_answered(&breaker);
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"an answer closes it");
	ok(!probe, "for all");
}

static void
test_hang(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t next = 0;
	bool probe;

	rw_retry_init(&retry, 0, 3);
	rw_breaker_ask(&breaker, 0, &probe, &next);
	rw_breaker_failed(&breaker, true, RW_FAILURE_TIMEOUT, 0, &retry);
	is_int(rw_breaker_ask(&breaker, 0, &probe, &next), RW_BREAKER_WAIT,
		"one timeout: a second look");
	is_int(rw_breaker_ask(&breaker, next, &probe, &next), RW_BREAKER_GO,
		"later");
	rw_breaker_failed(&breaker, true, RW_FAILURE_TIMEOUT, 5000, &retry);
	is_int(rw_breaker_ask(&breaker, 5000, &probe, &next), RW_BREAKER_STOP,
		"two timeouts: given up");
}

/* The two that begin at the same time wait at the same time. */
static void
test_hang_of_both(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t next = 0;
	bool a, b, c;

	rw_retry_init(&retry, 0, 3);
	is_int(rw_breaker_ask(&breaker, 0, &a, &next), RW_BREAKER_GO, "one");
	is_int(rw_breaker_ask(&breaker, 0, &b, &next), RW_BREAKER_GO, "two");
	is_int(rw_breaker_ask(&breaker, 0, &c, &next), RW_BREAKER_WAIT,
		"no third");
	rw_breaker_failed(&breaker, a, RW_FAILURE_TIMEOUT, 20000, &retry);
	rw_breaker_failed(&breaker, b, RW_FAILURE_TIMEOUT, 20000, &retry);
	is_int(rw_breaker_ask(&breaker, 20000, &c, &next), RW_BREAKER_STOP,
		"given up after one wait");
}

/* One of the two is refused, the other is answered: it is there. */
static void
test_one_of_two(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t next = 0;
	bool a, b, c;

	rw_retry_init(&retry, 0, 3);
	rw_breaker_ask(&breaker, 0, &a, &next);
	rw_breaker_ask(&breaker, 0, &b, &next);
	rw_breaker_failed(&breaker, a, RW_FAILURE_UNREACHED, 0, &retry);
	rw_breaker_answered(&breaker);
	is_int(rw_breaker_ask(&breaker, 0, &c, &next), RW_BREAKER_GO, "closed");
	ok(!c, "for all");
}

static void
test_hopeless(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t next = 0;
	bool probe;

	rw_retry_init(&retry, 0, 3);
	rw_breaker_ask(&breaker, 0, &probe, &next);
	rw_breaker_failed(&breaker, true, RW_FAILURE_HOPELESS, 0, &retry);
	is_int(rw_breaker_ask(&breaker, 0, &probe, &next), RW_BREAKER_STOP,
		"a certificate that is refused is refused for all");
}

/* Eight requests in progress when the store fails: they count as one
 * failure. */
static void
test_blip(void)
{
	struct rw_breaker breaker = {0};
	struct rw_retry retry;
	int64_t next = 0, now = 100;
	bool probe;
	int i;

	rw_retry_init(&retry, 0, 3);
	rw_breaker_ask(&breaker, 0, &probe, &next);
	rw_breaker_answered(&breaker);
	for (i = 0; i < 8; i++)
		rw_breaker_failed(&breaker, false, RW_FAILURE_UNREACHED, now,
			&retry);
	is_int(breaker.strikes, 1, "eight failures at once are one strike");
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_WAIT,
		"nobody goes at once");
	ok(next - now >= 500 && next - now <= 1000, "but after %d ms",
		(int)(next - now));
	now = next;
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"one goes");
	ok(probe, "as a probe");
	rw_breaker_abandoned(&breaker, true);
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"another may when it was given up");
	rw_breaker_answered(&breaker);
	is_int(breaker.strikes, 0, "an answer forgives");
	is_int(rw_breaker_ask(&breaker, now, &probe, &next), RW_BREAKER_GO,
		"all go again");
}

int
main(void)
{
	test_again();
	test_many_attempts();
	test_bucket();
	test_refused();
	test_hang();
	test_hang_of_both();
	test_one_of_two();
	test_hopeless();
	test_blip();
	return done();
}
