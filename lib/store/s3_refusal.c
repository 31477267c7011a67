#include "store/s3_refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "store/s3_answer.h"
#include "wire/proxy.h"

/* ---- what the head says ------------------------------------------------ */

/* MinIO and some gateways send the code of an answer to HEAD in this header. */
static void
take_code(struct rw_s3_call *call)
{
	static const char *const names[] = {"x-minio-error-code",
		"x-amz-error-code"};
	static const char word[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";
	struct rw_s3_error *e = &call->error;
	char text[sizeof e->code];
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names && *e->code == '\0'; i++)
		if (rw_http_header(&call->http, names[i], text, sizeof text) &&
		    text[strspn(text, word)] == '\0')
			snprintf(e->code, sizeof e->code, "%s", text);
}

/* Amazon sends the region of the bucket with every answer, so only a region
 * that differs from ours is a reason. */
static bool
is_elsewhere(struct rw_s3_call *call, const char *region)
{
	static const char word[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	char there[sizeof call->error.region];

	if (!rw_http_header(&call->http, "x-amz-bucket-region", there,
	    sizeof there) || *there == '\0' ||
	    there[strspn(there, word)] != '\0' || strcmp(there, region) == 0)
		return false;
	snprintf(call->error.region, sizeof call->error.region, "%s", there);
	return true;
}

static bool
clocks_differ(const struct rw_s3_call *call, int64_t *ahead)
{
	return rw_s3_clock_ahead(call, ahead) &&
		llabs(*ahead) >= RW_S3_SKEW_LEAST;
}

/* True when the request was signed with a time that differs too much from the
 * store's. */
static bool
is_skewed(const struct rw_s3_call *call)
{
	int64_t ahead;

	return rw_s3_clock_ahead(call, &ahead) &&
		llabs(ahead - call->skew) >= RW_S3_SKEW_LEAST;
}

void
rw_s3_refusal_infer(struct rw_s3_call *call, const char *region)
{
	struct rw_s3_error *e = &call->error;
	int status = call->http.status;
	const char *code = NULL;

	if (*e->code == '\0')
		take_code(call);
	if (call->url != NULL || status < 300 || status >= 500)
		return;
	if (*e->code != '\0') {
		if (*e->region == '\0' && status != 404 &&
		    strcmp(e->code, "AccessDenied") != 0)
			is_elsewhere(call, region);
		return;
	}
	if (status < 400 || status == 400 || status == 403)
		code = is_elsewhere(call, region) ? (status == 307 ?
			"TemporaryRedirect" : status < 400 ?
			"PermanentRedirect" : "AuthorizationHeaderMalformed") :
			status >= 400 && is_skewed(call) ?
			"RequestTimeTooSkewed" : NULL;
	if (code != NULL)
		snprintf(e->code, sizeof e->code, "%s", code);
}

/* ---- advice ------------------------------------------------------------ */

/* Shows scheme and host only: a path or a query may be secret. */
static void
add_redirect(const struct rw_s3_call *call, struct rw_buf *out)
{
	char location[512];
	size_t start, len;

	rw_buf_adds(out, " (a redirect");
	if (rw_http_header(&call->http, "location", location,
	    sizeof location) && strstr(location, "://") != NULL) {
		rw_secret_hide_foreign(location);
		start = (size_t)(strstr(location, "://") - location) + 3;
		len = start + strcspn(location + start, "/?#\\@");
		if (location[len] != '@')
			rw_buf_addf(out, " to %.*s", len > 120 ? 120 :
				(int)len, location);
	}
	rw_buf_addf(out, ": is %s right?)", call->url != NULL ?
		"MINIO_PUBLIC_ENDPOINT_URL" : "MINIO_ENDPOINT_URL");
}

void
rw_s3_refusal_add_advice(const struct rw_s3_call *call, struct rw_buf *out)
{
	int status = call->http.status;
	int64_t ahead;

	if (status == 407)
		rw_buf_adds(out, " (" RW_PROXY_407 ")");
	else if (status >= 300 && status < 400 && status != 304)
		add_redirect(call, out);
	if (call->url == NULL && (status == 400 || status == 403) &&
	    clocks_differ(call, &ahead))
		rw_buf_addf(out, " (the store's clock is %lld s %s this host's)",
			llabs(ahead), ahead > 0 ? "ahead of" : "behind");
}
