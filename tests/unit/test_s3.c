#include "store/s3.h"
#include "store/s3_put.h"
#include "store/s3_refusal.h"
#include "store/s3_xml.h"

#include <stdlib.h>

#include "tap.h"

/* ---- what a status and a code mean ------------------------------------- */

static void
test_failures(void)
{
	static const struct {
		int status;
		const char *code;
		enum rw_failure failure;
		bool is_general;
	} cases[] = {
		{500, "", RW_FAILURE_TRANSIENT, false},
		{500, "InternalError", RW_FAILURE_TRANSIENT, false},
		{501, "NotImplemented", RW_FAILURE_FINAL, false},
		{502, "", RW_FAILURE_TRANSIENT, false},
		{503, "", RW_FAILURE_TRANSIENT, false},
		{503, "SlowDown", RW_FAILURE_THROTTLED, false},
		{504, "", RW_FAILURE_TRANSIENT, false},
		{408, "", RW_FAILURE_TRANSIENT, false},
		{429, "", RW_FAILURE_THROTTLED, false},
		{400, "RequestTimeout", RW_FAILURE_TRANSIENT, false},
		{400, "BadDigest", RW_FAILURE_TRANSIENT, false},
		{400, "InvalidArgument", RW_FAILURE_FINAL, false},
		{403, "AccessDenied", RW_FAILURE_FINAL, false},
		{403, "InvalidAccessKeyId", RW_FAILURE_FINAL, true},
		{403, "SignatureDoesNotMatch", RW_FAILURE_FINAL, true},
		{403, "RequestTimeTooSkewed", RW_FAILURE_FINAL, false},
		{404, "NoSuchBucket", RW_FAILURE_FINAL, true},
		{404, "NoSuchKey", RW_FAILURE_FINAL, false},
		{301, "PermanentRedirect", RW_FAILURE_FINAL, true},
		{302, "", RW_FAILURE_FINAL, false},
		{200, "", RW_FAILURE_TRANSIENT, false},
		{200, "InternalError", RW_FAILURE_TRANSIENT, false},
		{200, "AccessDenied", RW_FAILURE_FINAL, false},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		is_int(rw_s3_error_failure(cases[i].status, cases[i].code),
			cases[i].failure, "%d %s", cases[i].status,
			cases[i].code);
		is_int(rw_s3_error_is_general(cases[i].code),
			cases[i].is_general, "whether it holds for all");
	}
}

static void
test_error_document(void)
{
	static const struct {
		const char *text;
		bool good;
		const char *code, *message, *region;
	} cases[] = {
		{"<Error><Code>SlowDown</Code><Message>a &lt; b</Message>"
			"</Error>", true, "SlowDown", "a < b", ""},
		{"<?xml version=\"1.0\"?><Error xmlns=\"x\"><Region>r</Region>"
			"<Code>C</Code></Error>", true, "C", "", "r"},
		{"<Error><Message>\x1b[31m\xc3\xa4</Message></Error>", false,
			"", "", ""},
		{"<Error><Message>a\nb\xc3\xa4</Message></Error>", true, "",
			"a?b??", ""},
		{"<Error/>", true, "", "", ""},
		{"<Other><Code>C</Code></Other>", false, "", "", ""},
		{"<Error><Code>", false, "", "", ""},
		{"", false, "", "", ""},
		{"text", false, "", "", ""},
	};
	struct rw_s3_error error;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		is_int(rw_s3_error_parse(cases[i].text, strlen(cases[i].text),
			&error), cases[i].good, "error %zu", i);
		is(error.code, cases[i].code, "its code");
		is(error.message, cases[i].message, "its message");
		is(error.region, cases[i].region, "its region");
	}
}

/* ---- what an answer's head says ---------------------------------------- */

/* An answer with these lines. */
static struct rw_http_call
answer(const char *head)
{
	struct rw_http_call call = {0};

	rw_buf_adds(&call.head, head);
	return call;
}

static void
test_headers(void)
{
	struct rw_http_call call = answer("a: 1\nab:2\nb:  two words\nempty:\n");
	char text[64];

	ok(rw_http_header(&call, "a", text, sizeof text), "a");
	is(text, "1", "its value");
	ok(rw_http_header(&call, "ab", text, sizeof text), "ab");
	is(text, "2", "its value without a space");
	ok(rw_http_header(&call, "b", text, 5), "b");
	is(text, "two ", "its value, cut");
	ok(rw_http_header(&call, "empty", text, sizeof text), "empty");
	is(text, "", "is empty");
	ok(!rw_http_header(&call, "none", text, sizeof text), "none");
	ok(!rw_http_header(&call, "", text, sizeof text), "no name");
	rw_http_call_free(&call);
}

static void
test_expiration(void)
{
	static const struct {
		const char *head;
		int64_t expected;
	} cases[] = {
		{"", -1},
		{"x-amz-expiration: expiry-date=\"Sun, 23 Dec 2012 00:00:00 "
			"GMT\", rule-id=\"picture-deletion-rule\"\n",
			1356220800},
		{"x-amz-expiration: rule-id=\"a\", expiry-date=\"Sun, 23 Dec "
			"2012 00:00:00 GMT\"\n", 1356220800},
		{"x-amz-expiration: NotImplemented\n", -1},
		{"x-amz-expiration: expiry-date=\"soon\"\n", RW_S3_UNCLEAR},
		{"x-amz-expiration: expiry-date=\"\n", RW_S3_UNCLEAR},
		{"x-amz-expiration: expiry-date=\"Fri, 23 Dec 2012 00:00:00 "
			"GMT\", rule-id=\"wrong-day-of-the-week\"\n",
			RW_S3_UNCLEAR},
		{"x-amz-expiration: expiry-date=\"Sun, 23 Dec 2012 00:00:01 "
			"GMT\", rule-id=\"no-midnight\"\n", RW_S3_UNCLEAR},
	};
	struct rw_http_call call;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		call = answer(cases[i].head);
		is_int(rw_s3_expiration(&call), cases[i].expected,
			"expiration %zu", i);
		rw_http_call_free(&call);
	}
}

static void
test_dates(void)
{
	static const struct {
		const char *text;
		bool good;
		int64_t seconds;
	} cases[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", true, 784111777},
		{"Mon, 06 Nov 1994 08:49:37 GMT", false, 0},
		{"Sun, 06 Nov 1994 08:49:37 UTC", false, 0},
		{"Sunday, 06-Nov-94 08:49:37 GMT", false, 0},
		{"", false, 0},
		{"Sun, 06 Nov 1994 08:49:37 GMT x", false, 0},
		{"Mon, 31 Feb 2025 08:49:37 GMT", false, 0},
		{"Sat, 06 Nov 94 08:49:37 GMT", false, 0},
	};
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		seconds = 0;
		is_int(rw_s3_date(cases[i].text, &seconds), cases[i].good,
			"\"%s\"", cases[i].text);
		if (cases[i].good)
			is_int(seconds, cases[i].seconds, "its moment");
	}
}

/* ---- refusals ---------------------------------------------------------- */

/* Asked for and answered at this time: Sun, 06 Nov 1994 08:49:37 GMT. */
enum { NOW = 784111777 };

static struct rw_s3_call
refusal(int status, const char *head)
{
	struct rw_s3_call call = {.method = "HEAD",
		.asked_ms = INT64_C(1000) * NOW,
		.came_ms = INT64_C(1000) * (NOW + 30)};

	call.http = answer(head);
	call.http.status = status;
	return call;
}

static void
test_clock(void)
{
	static const struct {
		const char *head;
		bool known;
		int64_t ahead;
	} cases[] = {
		{"", false, 0},
		{"date: now\n", false, 0},
		{"date: Sun, 06 Nov 1994 08:49:37 GMT\n", true, 0},
		{"date: Sun, 06 Nov 1994 08:50:07 GMT\n", true, 0},
		{"date: Sun, 06 Nov 1994 08:50:08 GMT\n", true, 1},
		{"date: Sun, 06 Nov 1994 08:49:36 GMT\n", true, -1},
		{"date: Sun, 06 Nov 1994 10:50:07 GMT\n", true, 7200},
		{"date: Sun, 06 Nov 1994 06:49:37 GMT\n", true, -7200},
	};
	struct rw_s3_call call;
	int64_t ahead;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		call = refusal(403, cases[i].head);
		ahead = 0;
		is_int(rw_s3_clock_ahead(&call, &ahead), cases[i].known,
			"clock %zu", i);
		is_int(ahead, cases[i].ahead, "seconds ahead");
		rw_s3_call_free(&call);
	}
}

/* What the head of an answer to HEAD says. */
static void
test_refusals(void)
{
	static const char late[] = "date: Sun, 06 Nov 1994 10:49:37 GMT\n";
	static const char there[] = "x-amz-bucket-region: eu-west-3\n";
	static const char here[] = "x-amz-bucket-region: r-1\n"
		"date: Sun, 06 Nov 1994 06:49:37 GMT\n";
	static const struct {
		int status;
		const char *head, *code, *region;
	} cases[] = {
		{403, "", "", ""},
		{403, "date: Sun, 06 Nov 1994 08:49:37 GMT\n", "", ""},
		{403, late, "RequestTimeTooSkewed", ""},
		{400, late, "RequestTimeTooSkewed", ""},
		{403, here, "RequestTimeTooSkewed", ""},
		{404, late, "", ""},
		{503, late, "", ""},
		{400, there, "AuthorizationHeaderMalformed", "eu-west-3"},
		{403, there, "AuthorizationHeaderMalformed", "eu-west-3"},
		{301, there, "PermanentRedirect", "eu-west-3"},
		{307, there, "TemporaryRedirect", "eu-west-3"},
		{404, there, "", ""},
		{400, "x-amz-bucket-region: r-1\n", "", ""},
		{400, "x-amz-bucket-region: \n", "", ""},
		{400, "x-amz-bucket-region: a b\n", "", ""},
		{403, "x-minio-error-code: InvalidAccessKeyId\n",
			"InvalidAccessKeyId", ""},
		{403, "x-minio-error-code: <b>\n", "", ""},
		{404, "x-minio-error-code: NoSuchBucket\n", "NoSuchBucket",
			""},
	};
	struct rw_s3_call call;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		call = refusal(cases[i].status, cases[i].head);
		rw_s3_refusal_infer(&call, "r-1");
		is(call.error.code, cases[i].code, "code %zu", i);
		is(call.error.region, cases[i].region, "region %zu", i);
		rw_s3_call_free(&call);
	}
	/* Already signed with the store's time. */
	call = refusal(403, late);
	call.skew = 7200;
	rw_s3_refusal_infer(&call, "r-1");
	is(call.error.code, "", "the clock is not the reason");
	rw_s3_call_free(&call);
}

static void
test_advice(void)
{
	static const struct {
		int status;
		const char *head, *advice;
	} cases[] = {
		{403, "", ""},
		{407, "", " (the proxy requires a user and a password: check "
			"http_proxy, HTTPS_PROXY)"},
		{307, "location: https://h.example:1/b/k?X-Amz-Signature=a\n",
			" (a redirect to https://h.example:1: is "
			"MINIO_ENDPOINT_URL right?)"},
		{302, "location: /login\n",
			" (a redirect: is MINIO_ENDPOINT_URL right?)"},
		{301, "location: https://user:word@h.example/\n",
			" (a redirect: is MINIO_ENDPOINT_URL right?)"},
		{308, "", " (a redirect: is MINIO_ENDPOINT_URL right?)"},
		{304, "", ""},
		{403, "date: Sun, 06 Nov 1994 10:50:07 GMT\n",
			" (the store's clock is 7200 s ahead of this host's)"},
		{400, "date: Sun, 06 Nov 1994 06:49:37 GMT\n",
			" (the store's clock is 7200 s behind this host's)"},
		{404, "date: Sun, 06 Nov 1994 06:49:37 GMT\n", ""},
	};
	struct rw_buf out = {0};
	struct rw_s3_call call;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		call = refusal(cases[i].status, cases[i].head);
		rw_buf_reset(&out);
		rw_s3_refusal_add_advice(&call, &out);
		is(rw_buf_text(&out), cases[i].advice, "advice %zu", i);
		rw_s3_call_free(&call);
	}
	rw_buf_free(&out);
}

/* ---- other documents --------------------------------------------------- */

static void
note(void *context, const struct rw_s3_upload *upload)
{
	struct rw_buf *out = context;

	rw_buf_addf(out, "%s=%s%s%s;", upload->key, upload->id,
		*upload->initiated != '\0' ? "@" : "", upload->initiated);
}

static void
test_xml(void)
{
	static const char list[] = "<ListMultipartUploadsResult xmlns=\"x\">"
		"<Bucket>b</Bucket><Upload><Key>a</Key><UploadId>1</UploadId>"
		"<Initiator><ID>u</ID></Initiator></Upload><Upload><Key>b"
		"</Key></Upload><Upload><UploadId>2</UploadId><Key>c &amp; d"
		"</Key><Initiated>2025-06-30T20:48:33.000Z</Initiated>"
		"</Upload></ListMultipartUploadsResult>";
	static const char dtd[] = "<!DOCTYPE x [<!ENTITY a \"&b;\"><!ENTITY b "
		"\"&a;\">]><ListMultipartUploadsResult><Upload><Key>k</Key>"
		"<UploadId>&a;</UploadId></Upload>"
		"</ListMultipartUploadsResult>";
	struct rw_buf out = {0};
	char *text;

	ok(rw_s3_xml_uploads(list, sizeof list - 1, note, &out), "uploads");
	is(rw_buf_text(&out), "a=1;c & d=2@2025-06-30T20:48:33.000Z;", "those that are whole");
	ok(!rw_s3_xml_uploads("x", 1, note, &out), "no XML");
	ok(!rw_s3_xml_uploads("<x/>", 4, note, &out), "another document");
	ok(!rw_s3_xml_uploads(dtd, sizeof dtd - 1, note, &out),
		"none with a DTD");
	ok(rw_s3_xml_first(dtd, sizeof dtd - 1, NULL, "UploadId") == NULL,
		"no text of one with a DTD");
	text = rw_s3_xml_first("<a><b>1</b><c><b>2</b></c></a>", 30, NULL,
		"b");
	is(text, "1", "the first of a name");
	free(text);
	text = rw_s3_xml_first("<a><b>1</b></a>", 15, "a", "b");
	is(text, "1", "below its root");
	free(text);
	ok(rw_s3_xml_first("<a><b>1</b></a>", 15, "c", "b") == NULL,
		"not below another");
	ok(rw_s3_xml_first("<a/>", 4, NULL, "b") == NULL, "none");
	ok(rw_s3_xml_first("", 0, NULL, "b") == NULL, "nothing");
	rw_buf_free(&out);
}

int
main(void)
{
	test_failures();
	test_error_document();
	test_headers();
	test_expiration();
	test_dates();
	test_clock();
	test_refusals();
	test_advice();
	test_xml();
	return done();
}
