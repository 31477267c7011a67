#include "store/s3.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "wire/config.h"
#include "store/s3_attempt_priv.h"

/* ---- open and close ---------------------------------------------------- */

/* Reads a time that must not be 0. */
static bool
read_time(const char *name, uint64_t otherwise_s, int64_t *ms,
	struct rw_err *err)
{
	uint64_t seconds;

	if (!rw_config_seconds(name, otherwise_s, &seconds, err))
		return false;
	*ms = (int64_t)seconds * 1000;
	return seconds > 0 || rw_fail(err, RW_CONFIG, "%s is 0: no answer can "
		"arrive in that time", name);
}

static bool
read_store_settings(struct rw_s3 *s3, struct rw_http_options *http,
	int most_attempts, struct rw_err *err)
{
	uint64_t attempts, rate, seed = 0;
	int64_t budget_ms;

	if (!read_time("RW_S3_TIMEOUT", RW_S3_STALL_S, &http->stall_ms, err) ||
	    !read_time("RW_S3_BUDGET", ((uint64_t)http->stall_ms *
	    RW_S3_BUDGET_STALLS / 2 + 999) / 1000, &budget_ms, err) ||
	    !rw_config_u64("RW_S3_LEAST_RATE", RW_S3_LEAST_RATE, 1, 1u << 30,
	    &rate, err) ||
	    !rw_config_u64("RW_S3_ATTEMPTS", RW_RETRY_ATTEMPTS, 1, 100,
	    &attempts, err))
		return false;
	http->connect_timeout_ms = http->stall_ms < 10000 ? http->stall_ms :
		10000;
	http->least_rate = (int64_t)(rate / (RW_S3_LEAST_PART *
		s3->connections)) + 1;
	rw_budget_start(&s3->budget, budget_ms, (int64_t)rate,
		rw_clock_monotonic_ms());
	/* Without random numbers, the delays are the same as in other
	 * processes. */
	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		seed = (uint64_t)rw_clock_monotonic_ms();
	rw_retry_init(&s3->retry, most_attempts != 0 ? most_attempts :
		(int)attempts, seed);
	return true;
}

struct rw_s3 *
rw_s3_new(const struct rw_store *store, const struct rw_s3_options *options,
	struct rw_err *err)
{
	struct rw_s3 *s3 = calloc(1, sizeof *s3);
	struct rw_http_options http = {0};

	if (s3 == NULL) {
		rw_fail_memory(err, "a client of the store");
		return NULL;
	}
	s3->store = store;
	s3->last_waiting = &s3->waiting;
	s3->connections = options->connections != 0 ? options->connections : 8;
	s3->grace_ms = options->grace_ms;
	s3->end_ms = options->end_ms;
	s3->end_why = options->end_why;
	if (!read_store_settings(s3, &http, options->attempts, err))
		goto failed;
	http.connections = s3->connections;
	http.ca_file = rw_config_text("RW_CA_FILE", NULL);
	s3->http = rw_http_new(&http, err);
	if (s3->http == NULL || (store != NULL && !rw_sigv4_open(&s3->signer,
	    &store->identity, store->region, err)))
		goto failed;
	return s3;
failed:
	rw_s3_delete(s3);
	return NULL;
}

void
rw_s3_delete(struct rw_s3 *s3)
{
	if (s3 == NULL)
		return;
	rw_http_delete(s3->http);
	rw_sigv4_close(&s3->signer);
	free(s3);
}

const struct rw_store *
rw_s3_store(const struct rw_s3 *s3)
{
	return s3->store;
}

size_t
rw_s3_connections(const struct rw_s3 *s3)
{
	return s3->connections;
}

/* ---- the life of a call ------------------------------------------------ */

static void
wait(struct rw_s3 *s3, struct rw_s3_call *call)
{
	call->next = NULL;
	*s3->last_waiting = call;
	s3->last_waiting = &call->next;
}

void
rw_s3_start(struct rw_s3 *s3, struct rw_s3_call *call)
{
	call->good = false;
	call->failure = (struct rw_err){0};
	call->error = (struct rw_s3_error){0};
	call->http.context = call;
	call->http.taken = 0;
	call->attempts = call->cost = 0;
	call->due_ms = 0;
	call->skew_tried = call->is_probe = false;
	wait(s3, call);
}

static void
finish(struct rw_s3 *s3, struct rw_s3_call *call)
{
	s3->done++;
	if (call->done != NULL)
		call->done(call);
}

/* Fails a call for the reason that applies to all calls. */
static void
refuse_request(struct rw_s3 *s3, struct rw_s3_call *call)
{
	call->failure = s3->has_given_up ? s3->general : s3->last_failure;
	rw_err_give_up(&call->failure);
	finish(s3, call);
}

/* Every other object would fail in the same way. A request for the bucket
 * itself may find that it is missing, because it is made next. */
static void
give_up_for_all(struct rw_s3 *s3, const struct rw_s3_call *call)
{
	if (call->url != NULL || call->key == NULL || s3->had_success ||
	    !rw_s3_error_is_general(call->error.code))
		return;
	s3->has_given_up = true;
	s3->general = call->failure;
}

static void
end_attempt(struct rw_s3 *s3, struct rw_s3_call *call)
{
	enum rw_failure failure = RW_FAILURE_FINAL;
	int64_t delay;

	s3->running--;
	if (rw_s3_attempt_judge(s3, call, &failure)) {
		rw_retry_success(&s3->retry, call->cost);
		rw_budget_earn(&s3->budget, RW_S3_ANSWER_WORTH);
		call->good = s3->had_success = true;
		finish(s3, call);
		return;
	}
	if (s3->is_over) {
		refuse_request(s3, call);
		return;
	}
	if (!call->skew_tried &&
	    strcmp(call->error.code, "RequestTimeTooSkewed") == 0 &&
	    rw_s3_attempt_correct_skew(s3, call)) {
		call->skew_tried = true;
		wait(s3, call);
		return;
	}
	if (!call->once && rw_retry_again(&s3->retry, call->attempts, failure,
	    rw_s3_attempt_retry_after(call), &delay, &call->cost)) {
		call->due_ms = rw_clock_monotonic_ms() + delay;
		wait(s3, call);
		return;
	}
	give_up_for_all(s3, call);
	finish(s3, call);
}

/* ---- the loop ---------------------------------------------------------- */

static void
take_off(struct rw_s3 *s3, struct rw_s3_call **at)
{
	struct rw_s3_call *call = *at;

	*at = call->next;
	if (*at == NULL)
		s3->last_waiting = at;
	call->next = NULL;
}

/* Begins the calls that may begin now. Returns the milliseconds until the next
 * call may begin, or -1. */
static int64_t
launch(struct rw_s3 *s3, struct rw_err *err, bool *good)
{
	struct rw_s3_call **at = &s3->waiting, *call;
	int64_t now = rw_clock_monotonic_ms(), soonest = -1, next = now;
	enum rw_breaker_word gate;

	*good = true;
	while ((call = *at) != NULL && s3->running < s3->connections) {
		if (call->due_ms > now && !s3->has_given_up &&
		    s3->breaker.state != RW_BREAKER_OPEN) {
			if (soonest < 0 || call->due_ms < soonest)
				soonest = call->due_ms;
			at = &call->next;
			continue;
		}
		gate = s3->has_given_up ? RW_BREAKER_STOP : rw_breaker_ask(
			&s3->breaker, now, &call->is_probe, &next);
		if (gate == RW_BREAKER_WAIT) {
			if (next > now && (soonest < 0 || next < soonest))
				soonest = next;
			break;
		}
		take_off(s3, at);
		if (gate == RW_BREAKER_STOP) {
			refuse_request(s3, call);
		} else if (!rw_s3_attempt_begin(s3, call, err)) {
			*good = false;
			break;
		}
		/* done may have added new calls to the list. */
		at = &s3->waiting;
	}
	return soonest < 0 ? -1 : soonest > now ? soonest - now : 0;
}

/* ---- time -------------------------------------------------------------- */

static void
give_up(struct rw_s3 *s3)
{
	s3->has_given_up = s3->is_over = true;
	rw_http_give_up(s3->http, s3->general.message);
}

/* The milliseconds left until the end of the grace period or until end_ms,
 * whichever is first; -1: neither is set. */
static int64_t
grace_left(const struct rw_s3 *s3)
{
	int64_t grace = s3->grace_ms == NULL ? -1 : s3->grace_ms(), left;

	if (s3->end_ms == 0)
		return grace;
	left = s3->end_ms - rw_clock_monotonic_ms();
	left = left > 0 ? left : 0;
	return grace >= 0 && grace < left ? grace : left;
}

static bool
is_past_end(const struct rw_s3 *s3)
{
	return s3->end_ms != 0 && rw_clock_monotonic_ms() >= s3->end_ms;
}

/* Ends all calls when their time is over. Returns the milliseconds until
 * then. */
static int64_t
watch(struct rw_s3 *s3)
{
	enum { LOOK_MS = 500 };	/* a signal may not end the wait */
	uint64_t taken = rw_http_taken(s3->http);
	int64_t grace = grace_left(s3), left;

	rw_budget_earn(&s3->budget, taken - s3->taken);
	s3->taken = taken;
	left = rw_budget_left_ms(&s3->budget, rw_clock_monotonic_ms());
	if (left > 0 && grace != 0)
		return (s3->grace_ms != NULL || s3->end_ms != 0) &&
			left > LOOK_MS ? LOOK_MS : left;
	if (s3->is_over)
		return 0;
	if (left > 0)
		rw_fail(&s3->general, RW_UNREACHABLE, "%s", is_past_end(s3) ?
			s3->end_why : "stopped by a signal");
	else
		rw_fail(&s3->general, RW_UNREACHABLE, "%s is too slow: the "
			"time for all requests is over (RW_S3_BUDGET)",
			s3->store != NULL ? s3->store->endpoint.host :
			"the links' host");
	s3->general.retryable = true;
	give_up(s3);
	return 0;
}

static void
abandon(struct rw_s3 *s3)
{
	rw_http_abandon(s3->http);
	s3->running = 0;
	s3->waiting = NULL;
	s3->last_waiting = &s3->waiting;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < 0 || b < a ? b : a;
}

bool
rw_s3_run(struct rw_s3 *s3, int input_fd, struct rw_err *err)
{
	struct rw_http_call *http;
	bool has_input = false, good;
	int64_t timeout, left;

	s3->done = 0;
	rw_budget_pause(&s3->budget, rw_clock_monotonic_ms());
	for (;;) {
		left = watch(s3);
		while ((http = rw_http_next(s3->http)) != NULL)
			end_attempt(s3, http->context);
		timeout = launch(s3, err, &good);
		if (good && (s3->done > 0 || has_input ||
		    (s3->running == 0 && s3->waiting == NULL)))
			return true;
		if (!good || !rw_http_wait(s3->http, input_fd,
		    sooner(timeout, left), &has_input, err)) {
			abandon(s3);
			return false;
		}
	}
}

bool
rw_s3_do(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err)
{
	rw_s3_start(s3, call);
	while (s3->running > 0 || s3->waiting != NULL)
		if (!rw_s3_run(s3, -1, err))
			return false;
	if (!call->good && err != NULL)
		*err = call->failure;
	return call->good;
}
