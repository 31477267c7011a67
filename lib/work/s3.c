#include "work/s3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "wire/config.h"

/* The SHA-256 of nothing. */
static const char no_body[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

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
	bool has_given_up;		/* general is why */
	struct rw_err general;
	bool had_success;
	unsigned done;			/* calls, since the last look */
};

/* ---- open and close ---------------------------------------------------- */

struct rw_s3 *
rw_s3_new(const struct rw_store *store, const struct rw_s3_options *options,
	struct rw_err *err)
{
	struct rw_s3 *s3 = calloc(1, sizeof *s3);
	uint64_t seconds, attempts, seed = 0;
	int64_t idle_ms;

	if (s3 == NULL) {
		rw_fail(err, RW_BUG, "no memory");
		return NULL;
	}
	s3->store = store;
	s3->last_waiting = &s3->waiting;
	s3->connections = options->connections != 0 ? options->connections : 8;
	if (!rw_config_seconds("RW_S3_TIMEOUT", 20, &seconds, err) ||
	    !rw_config_u64("RW_S3_ATTEMPTS", RW_RETRY_ATTEMPTS, 1, 100,
	    &attempts, err))
		goto failed;
	if (seconds == 0) {
		rw_fail(err, RW_CONFIG, "RW_S3_TIMEOUT is 0: no answer can "
			"come in that time");
		goto failed;
	}
	idle_ms = (int64_t)seconds * 1000;
	/* Without a chance the delays are the same as those of others. */
	if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
		seed = (uint64_t)rw_clock_monotonic_ms();
	rw_retry_init(&s3->retry, options->attempts != 0 ? options->attempts :
		(int)attempts, seed);
	s3->http = rw_http_new(&(struct rw_http_options){
		.connections = s3->connections,
		.idle_timeout_ms = idle_ms,
		.connect_timeout_ms = idle_ms < 10000 ? idle_ms : 10000,
		.ca_file = rw_config_text("RW_CA_FILE", NULL)}, err);
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

int64_t
rw_s3_skew(const struct rw_s3 *s3)
{
	return s3->skew;
}

bool
rw_s3_date(const char *text, int64_t *seconds)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);

	if (rest == NULL || *rest != '\0')
		return false;
	*seconds = (int64_t)timegm(&tm);
	return true;
}

/* ---- one attempt ------------------------------------------------------- */

/* Keeps all sorted by name, as they are signed. */
static void
add_header(struct rw_s3_call *call, const char *name, const char *value)
{
	size_t at = call->all_count++;

	while (at > 0 && strcmp(call->all[at - 1].name, name) > 0) {
		call->all[at] = call->all[at - 1];
		at--;
	}
	call->all[at] = (struct rw_header){name, value};
}

static bool
sign(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err)
{
	const char *query = call->query != NULL ? call->query : "";
	const char *payload = call->sha256 != NULL ? call->sha256 : no_body;
	int64_t now = rw_clock_now_ms() / 1000 + s3->skew;
	size_t i;

	if (!rw_store_target(s3->store, &s3->store->endpoint, call->key,
	    &call->target, err))
		return false;
	rw_buf_reset(&call->address);
	rw_buf_adds(&call->address, rw_buf_text(&call->target.url));
	if (*query != '\0') {
		rw_buf_addc(&call->address, '?');
		rw_buf_adds(&call->address, query);
	}
	rw_sigv4_date(call->date, now);
	call->all_count = 0;
	for (i = 0; i < call->header_count; i++)
		add_header(call, call->headers[i].name,
			call->headers[i].value);
	add_header(call, "host", rw_buf_text(&call->target.host));
	add_header(call, "x-amz-content-sha256", payload);
	add_header(call, "x-amz-date", call->date);
	if (s3->store->identity.token != NULL)
		add_header(call, "x-amz-security-token",
			s3->store->identity.token);
	rw_buf_reset(&call->authorization);
	if (!rw_sigv4_authorize(&s3->signer, &(struct rw_sigv4_request){
		.method = call->method,
		.path = rw_buf_text(&call->target.path),
		.query = query,
		.headers = call->all,
		.header_count = call->all_count,
		.payload = payload,
		.when = now}, &call->authorization, err))
		return false;
	add_header(call, "authorization", rw_buf_text(&call->authorization));
	return rw_buf_ok(&call->address, "an address", err);
}

static bool
begin_attempt(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err)
{
	if (call->header_count > RW_S3_HEADERS - 6)
		return rw_fail(err, RW_BUG, "too many headers");
	if (call->url == NULL && !sign(s3, call, err))
		return false;
	call->http.method = call->method;
	call->http.url = call->url != NULL ? call->url :
		rw_buf_text(&call->address);
	call->http.headers = call->url != NULL ? call->headers : call->all;
	call->http.header_count = call->url != NULL ? call->header_count :
		call->all_count;
	call->http.has_body = call->has_body;
	call->http.body = call->body;
	call->http.answer_max = call->answer_max;
	call->http.takes_part = call->takes_part;
	if (!rw_http_start(s3->http, &call->http, err))
		return false;
	call->attempts++;
	s3->running++;
	return true;
}

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

/* ---- what an attempt came to ------------------------------------------- */

/* What to call the request in a message: never its query, which may sign. */
static const char *
subject(const struct rw_s3 *s3, const struct rw_s3_call *call)
{
	if (call->url != NULL)
		return "the link";
	return call->key != NULL ? call->key : s3->store->bucket;
}

static enum rw_failure
no_answer(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err)
{
	const struct rw_http_call *http = &call->http;
	const char *host = call->url != NULL ? "the link's host" :
		s3->store->endpoint.host;

	switch (http->end) {
	case RW_HTTP_LOCAL:
		rw_fail(err, RW_IO, "cannot read the file of %s: %s",
			subject(s3, call), http->why);
		return RW_FAILURE_FINAL;
	case RW_HTTP_UNTRUSTED:
		rw_fail(err, RW_UNREACHABLE, "%s is not to be trusted: %s "
			"(is RW_CA_FILE right?)", host, http->why);
		return RW_FAILURE_HOPELESS;
	case RW_HTTP_TIMEOUT:
		rw_fail(err, RW_UNREACHABLE, "%s does not answer: %s", host,
			http->why);
		return RW_FAILURE_TIMEOUT;
	case RW_HTTP_CUT:
		rw_fail(err, RW_UNREACHABLE, "%s broke off in the middle: %s",
			host, http->why);
		return RW_FAILURE_TRANSIENT;
	case RW_HTTP_UNREACHED:
	case RW_HTTP_OPEN:
	case RW_HTTP_ANSWERED:
	default:
		rw_fail(err, RW_UNREACHABLE, "%s cannot be reached: %s", host,
			http->why);
		return RW_FAILURE_UNREACHED;
	}
}

static void
describe_refusal(const struct rw_s3 *s3, struct rw_s3_call *call,
	enum rw_failure failure, struct rw_err *err)
{
	const struct rw_s3_error *e = &call->error;
	const char *hint = rw_s3_error_hint(e->code);
	char region[64] = "";

	if (e->region[0] != '\0')
		snprintf(region, sizeof region, " (the bucket is in %s)",
			e->region);
	rw_fail(err, RW_REFUSED, "the store answers %d%s%s to %s %s%s%s%s%s%s",
		call->http.status, *e->code != '\0' ? " " : "", e->code,
		call->method, subject(s3, call),
		*e->message != '\0' ? ": " : "", e->message,
		*hint != '\0' ? " " : "", hint, region);
	err->retryable = failure != RW_FAILURE_FINAL;
}

static int64_t
retry_after_ms(const struct rw_s3_call *call)
{
	char text[64];
	uint64_t seconds;
	int64_t at;

	if (!rw_http_header(&call->http, "retry-after", text, sizeof text))
		return -1;
	if (rw_text_to_u64(text, 1000000, &seconds))
		return (int64_t)seconds * 1000;
	if (rw_s3_date(text, &at) && at * 1000 > rw_clock_now_ms())
		return at * 1000 - rw_clock_now_ms();
	return -1;
}

/* The store's clock, if the answer tells it and it is another than ours. */
static bool
correct_skew(struct rw_s3 *s3, const struct rw_s3_call *call)
{
	char text[64];
	int64_t there, skew;

	if (!rw_http_header(&call->http, "date", text, sizeof text) ||
	    !rw_s3_date(text, &there))
		return false;
	skew = there - rw_clock_now_ms() / 1000;
	if (skew - s3->skew < 60 && s3->skew - skew < 60)
		return false;
	s3->skew = skew;
	return true;
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
note_refusal(struct rw_s3 *s3, struct rw_s3_call *call,
	enum rw_failure *failure)
{
	struct rw_s3_error *e = &call->error;

	rw_s3_error_parse(rw_buf_text(&call->http.answer),
		call->http.answer.len, e);
	if (e->region[0] == '\0' && call->http.status == 301)
		rw_http_header(&call->http, "x-amz-bucket-region", e->region,
			sizeof e->region);
	*failure = rw_s3_error_failure(call->http.status, e->code);
	describe_refusal(s3, call, *failure, &call->failure);
}

/* True when the attempt was good; else failure, and call->failure. */
static bool
judge(struct rw_s3 *s3, struct rw_s3_call *call, enum rw_failure *failure)
{
	int64_t now = rw_clock_monotonic_ms();

	if (call->http.end != RW_HTTP_ANSWERED) {
		*failure = no_answer(s3, call, &call->failure);
		if (call->http.end == RW_HTTP_LOCAL) {
			rw_breaker_abandoned(&s3->breaker, call->is_probe);
			return false;
		}
		s3->last_failure = call->failure;
		rw_breaker_failed(&s3->breaker, call->is_probe, *failure, now,
			&s3->retry);
		return false;
	}
	rw_breaker_answered(&s3->breaker);
	if (call->http.status >= 200 && call->http.status < 300) {
		if (call->accepts == NULL ||
		    call->accepts(call, &call->failure))
			return true;
		*failure = rw_s3_error_failure(200, call->error.code);
		return false;
	}
	note_refusal(s3, call, failure);
	return false;
}

static void
end_attempt(struct rw_s3 *s3, struct rw_s3_call *call)
{
	enum rw_failure failure = RW_FAILURE_FINAL;
	int64_t delay;

	s3->running--;
	if (judge(s3, call, &failure)) {
		rw_retry_success(&s3->retry, call->cost);
		call->good = s3->had_success = true;
		finish(s3, call);
		return;
	}
	if (!call->skew_tried &&
	    strcmp(call->error.code, "RequestTimeTooSkewed") == 0 &&
	    correct_skew(s3, call)) {
		call->skew_tried = true;
		wait(s3, call);
		return;
	}
	if (rw_retry_again(&s3->retry, call->attempts, failure,
	    retry_after_ms(call), &delay, &call->cost)) {
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
	enum rw_gate gate;

	*good = true;
	while ((call = *at) != NULL && s3->running < s3->connections) {
		if (call->due_ms > now && !s3->has_given_up &&
		    s3->breaker.state != RW_BREAKER_OPEN) {
			if (soonest < 0 || call->due_ms < soonest)
				soonest = call->due_ms;
			at = &call->next;
			continue;
		}
		gate = s3->has_given_up ? RW_GATE_STOP : rw_breaker_ask(
			&s3->breaker, now, &call->is_probe, &next);
		if (gate == RW_GATE_WAIT) {
			if (next > now && (soonest < 0 || next < soonest))
				soonest = next;
			break;
		}
		take_off(s3, at);
		if (gate == RW_GATE_STOP) {
			refuse(s3, call);
		} else if (!begin_attempt(s3, call, err)) {
			*good = false;
			break;
		}
		/* done may have put new calls on the list. */
		at = &s3->waiting;
	}
	return soonest < 0 ? -1 : soonest > now ? soonest - now : 0;
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
		if (!good)
			return false;
		if (s3->done > 0 || has_input ||
		    (s3->running == 0 && s3->waiting == NULL))
			return true;
		if (!rw_http_wait(s3->http, input_fd, timeout, &has_input,
		    err))
			return false;
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
