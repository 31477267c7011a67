#include "store/s3_attempt_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "store/s3_answer.h"
#include "store/s3_refusal.h"

/* The SHA-256 of zero bytes. */
static const char no_body[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/* ---- the request ------------------------------------------------------- */

/* Keeps the headers sorted by name, as they are signed. */
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

/* The caller's headers and the headers of every request, sorted by name. */
static void
gather_headers(const struct rw_s3 *s3, struct rw_s3_call *call,
	const char *payload)
{
	const char *token = s3->store->identity.token;
	size_t i;

	call->all_count = 0;
	for (i = 0; i < call->header_count; i++)
		add_header(call, call->headers[i].name,
			call->headers[i].value);
	add_header(call, "host", rw_buf_text(&call->target.host));
	add_header(call, "x-amz-content-sha256", payload);
	add_header(call, "x-amz-date", call->date);
	if (token != NULL)
		add_header(call, "x-amz-security-token", token);
}

static bool
sign(struct rw_s3 *s3, struct rw_s3_call *call, struct rw_err *err)
{
	const char *query = call->query != NULL ? call->query : "";
	const char *payload = call->sha256 != NULL ? call->sha256 : no_body;
	int64_t now = rw_clock_now_ms() / 1000 + s3->skew;

	call->skew = s3->skew;
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
	gather_headers(s3, call, payload);
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

bool
rw_s3_attempt_begin(struct rw_s3 *s3, struct rw_s3_call *call,
	struct rw_err *err)
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
	call->asked_ms = rw_clock_now_ms();
	call->attempts++;
	s3->running++;
	return true;
}

/* ---- the answer -------------------------------------------------------- */

/* The name of the request in messages: never with its query, which may contain
 * a signature. */
static const char *
subject(const struct rw_s3 *s3, const struct rw_s3_call *call)
{
	if (call->url != NULL || s3->store == NULL)
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
		rw_fail(err, RW_UNREACHABLE, "%s cannot be trusted: %s "
			"(is RW_CA_FILE right?)", host, http->why);
		return RW_FAILURE_HOPELESS;
	case RW_HTTP_TIMEOUT:
		rw_fail(err, RW_UNREACHABLE, "%s does not answer: %s", host,
			http->why);
		return RW_FAILURE_TIMEOUT;
	case RW_HTTP_CUT:
		rw_fail(err, RW_UNREACHABLE, "%s sent no complete answer: %s",
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
	struct rw_buf advice = {0};
	char region[64] = "";

	if (e->region[0] != '\0')
		snprintf(region, sizeof region, " (the bucket is in %s)",
			e->region);
	rw_s3_refusal_add_advice(call, &advice);
	rw_fail(err, RW_REFUSED, "the store answers %d%s%s to %s %s%s%s%s%s%s%s",
		call->http.status, *e->code != '\0' ? " " : "", e->code,
		call->method, subject(s3, call),
		*e->message != '\0' ? ": " : "", e->message,
		*hint != '\0' ? " " : "", hint, region, rw_buf_text(&advice));
	rw_buf_free(&advice);
	err->retryable = failure != RW_FAILURE_FINAL;
}

int64_t
rw_s3_attempt_retry_after(const struct rw_s3_call *call)
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

bool
rw_s3_attempt_correct_skew(struct rw_s3 *s3, const struct rw_s3_call *call)
{
	int64_t skew;

	if (!rw_s3_clock_ahead(call, &skew))
		return false;
	/* Not the current skew: a different call may have corrected it
	 * meanwhile. */
	if (skew - call->skew < RW_S3_SKEW_LEAST &&
	    call->skew - skew < RW_S3_SKEW_LEAST)
		return false;
	s3->skew = skew;
	return true;
}

static void
note_refusal(struct rw_s3 *s3, struct rw_s3_call *call,
	enum rw_failure *failure)
{
	struct rw_s3_error *e = &call->error;

	rw_s3_error_parse(rw_buf_text(&call->http.answer),
		call->http.answer.len, e);
	rw_s3_refusal_infer(call, s3->store != NULL ? s3->store->region : "");
	*failure = call->awaits && call->http.status == 404 ?
		RW_FAILURE_TRANSIENT :
		rw_s3_error_failure(call->http.status, e->code);
	describe_refusal(s3, call, *failure, &call->failure);
}

bool
rw_s3_attempt_judge(struct rw_s3 *s3, struct rw_s3_call *call,
	enum rw_failure *failure)
{
	int64_t now = rw_clock_monotonic_ms();

	call->came_ms = rw_clock_now_ms();
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
		*failure = call->failure.retryable ?
			rw_s3_error_failure(200, call->error.code) :
			RW_FAILURE_FINAL;
		return false;
	}
	note_refusal(s3, call, failure);
	return false;
}
