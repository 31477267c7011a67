#include "store/s3_bucket.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/lifecycle.h"
#include "store/s3_document.h"
#include "store/s3_refusal.h"
#include "store/s3_xml.h"

/* Only an object has an ETag. The endpoint names a different bucket, or the
 * store reads the bucket's name as a part of a key. */
static bool
is_object(const struct rw_http_call *answer)
{
	char etag[8];

	return rw_http_header(answer, "etag", etag, sizeof etag);
}

static bool
fail_object(struct rw_s3 *s3, struct rw_err *err)
{
	const struct rw_store *store = rw_s3_store(s3);

	return rw_fail(err, RW_CONFIG, "%s is an object and not a bucket at "
		"%s://%s%s: does the endpoint name a bucket already? (check "
		"MINIO_ENDPOINT_URL)", store->bucket, store->endpoint.scheme,
		store->endpoint.host, store->endpoint.prefix);
}

/* The object that PUT has made instead of a bucket. */
static void
remove_object(struct rw_s3 *s3)
{
	struct rw_s3_call call = {.method = "DELETE"};
	struct rw_err failure;

	(void)rw_s3_do(s3, &call, &failure);
	rw_s3_call_free(&call);
}

/* ---- the bucket -------------------------------------------------------- */

/* The answer to HEAD has no body that says which of these it is. */
static void
fail_forbidden(struct rw_s3 *s3, const struct rw_s3_call *call,
	struct rw_err *err)
{
	struct rw_buf advice = {0};

	rw_s3_refusal_add_advice(call, &advice);
	rw_fail(err, RW_REFUSED, "the store answers 403 for bucket %s: wrong "
		"keys (MINIO_ACCESS_KEY, MINIO_SECRET_KEY), a bucket of "
		"another account, or a policy that denies access%s",
		rw_s3_store(s3)->bucket, rw_buf_text(&advice));
	rw_buf_free(&advice);
}

bool
rw_s3_bucket_exists(struct rw_s3 *s3, bool *exists, struct rw_err *err)
{
	struct rw_s3_call call = {.method = "HEAD"};
	struct rw_err failure;
	bool good = rw_s3_do(s3, &call, &failure);

	*exists = good;
	if (good && is_object(&call.http))
		good = fail_object(s3, err);
	else if (!good && call.http.status == 404)
		good = true;
	else if (!good && call.http.status == 403 &&
	    (*call.error.code == '\0' ||
	    strcmp(call.error.code, "AccessDenied") == 0))
		fail_forbidden(s3, &call, err);
	else if (!good && err != NULL)
		*err = failure;
	rw_s3_call_free(&call);
	return good;
}

static bool
put_bucket(struct rw_s3 *s3, const struct rw_buf *body, struct rw_err *err)
{
	struct rw_s3_call call = {0};
	bool good = rw_s3_document_put(s3, &call, NULL, body, err);

	if (good && is_object(&call.http)) {
		remove_object(s3);
		good = fail_object(s3, err);
	}
	good = good || strcmp(call.error.code, "BucketAlreadyOwnedByYou") == 0;
	rw_s3_call_free(&call);
	return good;
}

bool
rw_s3_bucket_create(struct rw_s3 *s3, struct rw_err *err)
{
	const char *region = rw_s3_store(s3)->region;
	struct rw_buf body = {0};
	bool good;

	if (strcmp(region, "us-east-1") != 0) {
		rw_buf_adds(&body, "<CreateBucketConfiguration xmlns=\""
			"http://s3.amazonaws.com/doc/2006-03-01/\">"
			"<LocationConstraint>");
		rw_text_add_html(&body, region);
		rw_buf_adds(&body, "</LocationConstraint>"
			"</CreateBucketConfiguration>");
	}
	good = put_bucket(s3, &body, err);
	rw_buf_free(&body);
	return good;
}

bool
rw_s3_bucket_is_public(struct rw_s3 *s3, bool *is_public, struct rw_err *err)
{
	const struct rw_store *store = rw_s3_store(s3);
	struct rw_target target = {0};
	struct rw_s3_call call = {.method = "GET", .answer_max = 1,
		.takes_part = true};
	struct rw_err failure;
	bool good;

	if (!rw_store_target(store, &store->endpoint, NULL, &target, err)) {
		rw_target_free(&target);
		return false;
	}
	call.url = rw_buf_text(&target.url);
	*is_public = rw_s3_do(s3, &call, &failure);
	good = *is_public || failure.kind == RW_REFUSED;
	if (!good && err != NULL)
		*err = failure;
	rw_s3_call_free(&call);
	rw_target_free(&target);
	return good;
}

/* ---- versions ---------------------------------------------------------- */

/* True when the store does not know the request: it refuses it, or answers a
 * different request. */
static bool
is_unknown(const struct rw_s3_call *call)
{
	static const char *const codes[] = {"NotImplemented",
		"MethodNotAllowed", "InvalidRequest", "InvalidArgument",
		"NoSuchVersioningConfiguration"};
	size_t i;

	if (call->http.end != RW_HTTP_ANSWERED)
		return false;
	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(call->error.code, codes[i]) == 0)
			return true;
	return call->http.status == 501 || call->http.status == 405;
}

/* Stores use different names for the root element. A list of objects comes from
 * a store that ignores the query. */
static bool
is_versioning(const struct rw_buf *answer)
{
	const char *text = rw_buf_text(answer);

	return rw_s3_xml_is(text, answer->len, NULL) &&
		!rw_s3_xml_is(text, answer->len, "ListBucketResult") &&
		!rw_s3_xml_is(text, answer->len, "html");
}

bool
rw_s3_bucket_versioning(struct rw_s3 *s3, enum rw_s3_versioning *versioning,
	struct rw_err *err)
{
	struct rw_s3_call call = {0};
	struct rw_err failure;
	char *status = NULL;
	bool good = rw_s3_document_get(s3, &call, "versioning=", &failure),
		unknown = !good && is_unknown(&call);

	*versioning = RW_VERSIONING_NONE;
	if (good && is_versioning(&call.http.answer)) {
		status = rw_s3_xml_first(rw_buf_text(&call.http.answer),
			call.http.answer.len, NULL, "Status");
		*versioning = status != NULL && strcmp(status, "Enabled") == 0 ?
			RW_VERSIONING_ON : RW_VERSIONING_OFF;
	}
	free(status);
	rw_s3_call_free(&call);
	if (!good && !unknown && err != NULL)
		*err = failure;
	return good || unknown;
}

bool
rw_s3_bucket_set_versioning(struct rw_s3 *s3, struct rw_err *err)
{
	struct rw_buf body = {0};
	struct rw_s3_call call = {0};
	bool good;

	rw_buf_adds(&body, "<VersioningConfiguration xmlns=\""
		"http://s3.amazonaws.com/doc/2006-03-01/\">"
		"<Status>Enabled</Status></VersioningConfiguration>");
	good = rw_s3_document_put(s3, &call, "versioning=", &body, err);
	rw_s3_call_free(&call);
	rw_buf_free(&body);
	return good;
}

/* ---- the policy -------------------------------------------------------- */

void
rw_s3_bucket_policy(const char *bucket, struct rw_buf *out)
{
	rw_buf_addf(out,
		"{\n"
		"  \"Version\": \"2012-10-17\",\n"
		"  \"Statement\": [\n"
		"    {\n"
		"      \"Effect\": \"Allow\",\n"
		"      \"Action\": [\n"
		"        \"s3:PutObject\",\n"
		"        \"s3:GetObject\",\n"
		"        \"s3:GetObjectVersion\",\n"
		"        \"s3:AbortMultipartUpload\"\n"
		"      ],\n"
		"      \"Resource\": \"arn:aws:s3:::%s/%s*\"\n"
		"    }\n"
		"  ]\n"
		"}\n", bucket, RW_LIFECYCLE_PREFIX);
}
