#include "store/s3_bucket.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/digest.h"
#include "store/s3_refusal.h"
#include "store/s3_xml.h"

enum { MD5_SIZE = 16 };

/* ---- one request ------------------------------------------------------- */

static bool
get(struct rw_s3 *s3, struct rw_s3_call *call, const char *query,
	struct rw_err *err)
{
	call->method = "GET";
	call->query = query;
	return rw_s3_do(s3, call, err);
}

static bool
digests(const struct rw_buf *body, struct rw_buf *md5_base64,
	char sha256[RW_SHA256_HEX], struct rw_err *err)
{
	unsigned char md5[RW_DIGEST_SIZE];
	struct rw_digest digest;
	bool good;

	if (!rw_digest_open(&digest, RW_MD5, err))
		return false;
	rw_digest_start(&digest);
	rw_digest_add(&digest, rw_buf_text(body), body->len);
	good = rw_digest_end(&digest, md5, err);
	rw_digest_close(&digest);
	if (good)
		rw_text_add_base64(md5_base64, md5, MD5_SIZE);
	return good && rw_buf_ok(md5_base64, "a digest", err) &&
		rw_sha256_hex(rw_buf_text(body), body->len, sha256, err);
}

/* Only an object has an ETag. The endpoint names another bucket, or the name of
 * this one is taken for a part of a key. */
static bool
is_object(const struct rw_http_call *answer)
{
	char etag[8];

	return answer->status >= 200 && answer->status < 300 &&
		rw_http_header(answer, "etag", etag, sizeof etag);
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

/* What the PUT of a bucket has made instead. */
static void
remove_object(struct rw_s3 *s3)
{
	struct rw_s3_call call = {.method = "DELETE"};
	struct rw_err failure;

	(void)rw_s3_do(s3, &call, &failure);
	rw_s3_call_free(&call);
}

/* PUT of a document to the bucket; *error gets the store's message. */
static bool
put(struct rw_s3 *s3, const char *query, const struct rw_buf *body,
	struct rw_s3_error *error, struct rw_err *err)
{
	struct rw_buf md5 = {0};
	char sha256[RW_SHA256_HEX];
	struct rw_header headers[2];
	struct rw_s3_call call = {.method = "PUT", .query = query,
		.headers = headers, .header_count = 2, .has_body = true,
		.sha256 = sha256};
	bool good = digests(body, &md5, sha256, err);

	if (good) {
		headers[0] = (struct rw_header){"content-md5",
			rw_buf_text(&md5)};
		headers[1] = (struct rw_header){"content-type",
			"application/xml"};
		call.body = (struct rw_http_body){.bytes = rw_buf_text(body),
			.fd = -1, .len = body->len};
		good = rw_s3_do(s3, &call, err);
		*error = call.error;
		if (query == NULL && is_object(&call.http)) {
			remove_object(s3);
			good = fail_object(s3, err);
		}
	}
	rw_s3_call_free(&call);
	rw_buf_free(&md5);
	return good;
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

bool
rw_s3_bucket_create(struct rw_s3 *s3, struct rw_err *err)
{
	const char *region = rw_s3_store(s3)->region;
	struct rw_s3_error error = {0};
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
	good = put(s3, NULL, &body, &error, err) ||
		strcmp(error.code, "BucketAlreadyOwnedByYou") == 0;
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

bool
rw_s3_bucket_versioning(struct rw_s3 *s3, bool *enabled, struct rw_err *err)
{
	struct rw_s3_call call = {0};
	char *status;
	bool good = get(s3, &call, "versioning=", err);

	if (good) {
		status = rw_s3_xml_first(rw_buf_text(&call.http.answer),
			call.http.answer.len, NULL, "Status");
		*enabled = status != NULL && strcmp(status, "Enabled") == 0;
		free(status);
	}
	rw_s3_call_free(&call);
	return good;
}

bool
rw_s3_bucket_set_versioning(struct rw_s3 *s3, struct rw_err *err)
{
	struct rw_buf body = {0};
	struct rw_s3_error error;
	bool good;

	rw_buf_adds(&body, "<VersioningConfiguration xmlns=\""
		"http://s3.amazonaws.com/doc/2006-03-01/\">"
		"<Status>Enabled</Status></VersioningConfiguration>");
	good = put(s3, "versioning=", &body, &error, err);
	rw_buf_free(&body);
	return good;
}

/* ---- rules ------------------------------------------------------------- */

/* What the store has compared with what is wanted; out gets the document to
 * write when they differ. */
static bool
compare(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	struct rw_buf *out, bool *differs, struct rw_err *err)
{
	struct rw_s3_call call = {0};
	struct rw_err failure;
	bool good = get(s3, &call, "lifecycle=", &failure), none;

	none = !good && strcmp(call.error.code,
		"NoSuchLifecycleConfiguration") == 0;
	if (good || none) {
		good = rw_lifecycle_merge(none ? NULL :
			rw_buf_text(&call.http.answer), call.http.answer.len,
			wanted, out, differs, err);
	} else if (err != NULL) {
		*err = failure;
	}
	rw_s3_call_free(&call);
	return good;
}

bool
rw_s3_bucket_has_rules(struct rw_s3 *s3, const struct rw_lifecycle *wanted,
	bool *has, struct rw_err *err)
{
	struct rw_buf document = {0};
	bool differs, good = compare(s3, wanted, &document, &differs, err);

	if (good)
		*has = !differs;
	rw_buf_free(&document);
	return good;
}

/* Not every store has the rule for abandoned parts, and each refuses it in a
 * different way. */
static bool
is_about_parts(const struct rw_s3_error *error)
{
	static const char *const codes[] = {"MalformedXML", "InvalidRequest",
		"InvalidArgument", "NotImplemented"};
	size_t i;

	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(error->code, codes[i]) == 0)
			return true;
	return false;
}

bool
rw_s3_bucket_set_rules(struct rw_s3 *s3, struct rw_lifecycle *wanted,
	bool *changed, struct rw_err *err)
{
	struct rw_s3_error error = {0};
	struct rw_buf document = {0};
	bool good, has = false;

	good = compare(s3, wanted, &document, changed, err);
	if (good && *changed) {
		good = put(s3, "lifecycle=", &document, &error, err);
		if (!good && !wanted->keeps_parts && is_about_parts(&error)) {
			wanted->keeps_parts = true;
			rw_buf_free(&document);
			return rw_s3_bucket_set_rules(s3, wanted, changed,
				err);
		}
		good = good && rw_s3_bucket_has_rules(s3, wanted, &has, err);
		if (good && !has)
			good = rw_fail(err, RW_REFUSED, "the store accepted "
				"the lifecycle rules but returns different "
				"ones");
	}
	rw_buf_free(&document);
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
