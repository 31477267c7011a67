#include "work/s3_attempt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "wire/config.h"

/* ---- open and close ---------------------------------------------------- */

static bool
read_settings(struct rw_s3 *s3, int64_t *idle_ms, int most_attempts,
	struct rw_err *err)
{
	uint64_t seconds, attempts, seed = 0;

	if (!rw_config_seconds("RW_S3_TIMEOUT", 20, &seconds, err) ||
	    !rw_config_u64("RW_S3_ATTEMPTS", RW_RETRY_ATTEMPTS, 1, 100,
	    &attempts, err))
		return false;
	if (seconds == 0)
		return rw_fail(err, RW_CONFIG, "RW_S3_TIMEOUT is 0: no answer "
			"can come in that time");
	*idle_ms = (int64_t)seconds * 1000;
	/* Without a chance the delays are the same as those of others. */
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
	int64_t idle_ms = 0;

	if (s3 == NULL) {
		rw_fail(err, RW_BUG, "no memory");
		return NULL;
	}
	s3->store = store;
	s3->last_waiting = &s3->waiting;
	s3->connections = options->connections != 0 ? options->connections : 8;
	if (!read_settings(s3, &idle_ms, options->attempts, err))
		goto failed;
	s3->http = rw_http_new(&(struct rw_http_options){
		.connections = s3->connections,
		.idle_timeout_ms = idle_ms,
		.connect_timeout_ms = idle_ms < 10000 ? idle_ms : 10000,
		.ca_file = rw_config_text("RW_CA_FILE", NULL)}, err);
	if (s3->http == NULL && err != NULL && err->kind == RW_CONFIG)
		rw_err_prefix(err, "RW_CA_FILE");
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

void
rw_s3_call_free(struct rw_s3_call *call)
{
	rw_http_call_free(&call->http);
	rw_target_free(&call->target);
	rw_buf_free(&call->address);
	rw_buf_free(&call->authorization);
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

/* The same failure waits for every other call. */
static void
give_up_for_all(struct rw_s3 *s3, const struct rw_s3_call *call)
{
	if (call->url != NULL || s3->had_success ||
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
		call->good = s3->had_success = true;
		finish(s3, call);
		return;
	}
	if (!call->skew_tried &&
	    strcmp(call->error.code, "RequestTimeTooSkewed") == 0 &&
	    rw_s3_attempt_correct_skew(s3, call)) {
		call->skew_tried = true;
		wait(s3, call);
		return;
	}
	if (rw_retry_again(&s3->retry, call->attempts, failure,
	    rw_s3_attempt_retry_after(call), &delay, &call->cost)) {
		call->due_ms = rw_clock_monotonic_ms() + delay;
		wait(s3, call);
		return;
	}
	give_up_for_all(s3, call);
	finish(s3, call);
}

/* ---- the loop ---------------------------------------------------------- */

/* Fails a call that was not even tried. */
static void
refuse(struct rw_s3 *s3, struct rw_s3_call *call)
{
	call->failure = s3->has_given_up ? s3->general : s3->last_failure;
	rw_err_prefix(&call->failure, "given up");
	finish(s3, call);
}

static void
take_off(struct rw_s3 *s3, struct rw_s3_call **at)
{
	struct rw_s3_call *call = *at;

	*at = call->next;
	if (*at == NULL)
		s3->last_waiting = at;
	call->next = NULL;
}

/* Begins what may begin. Returns the milliseconds until more may, or -1. */
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
			refuse(s3, call);
		} else if (!rw_s3_attempt_begin(s3, call, err)) {
			*good = false;
			break;
		}
		/* done may have put new calls on the list. */
		at = &s3->waiting;
	}
	return soonest < 0 ? -1 : soonest > now ? soonest - now : 0;
}

static void
abandon(struct rw_s3 *s3)
{
	rw_http_abandon(s3->http);
	s3->running = 0;
	s3->waiting = NULL;
	s3->last_waiting = &s3->waiting;
}

bool
rw_s3_run(struct rw_s3 *s3, int input_fd, struct rw_err *err)
{
	struct rw_http_call *http;
	bool has_input = false, good;
	int64_t timeout;

	s3->done = 0;
	for (;;) {
		while ((http = rw_http_next(s3->http)) != NULL)
			end_attempt(s3, http->context);
		timeout = launch(s3, err, &good);
		if (good && (s3->done > 0 || has_input ||
		    (s3->running == 0 && s3->waiting == NULL)))
			return true;
		if (!good || !rw_http_wait(s3->http, input_fd, timeout,
		    &has_input, err)) {
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
