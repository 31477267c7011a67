#include "wire/sigv4.h"

#include <stdlib.h>

#include "tap.h"

/* The examples of the S3 documentation share these. */
static const struct rw_identity identity = {
	.access_key = "AKIAIOSFODNN7EXAMPLE",
	.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
static const int64_t may_24_2013 = 1369353600;
static const char empty[] =
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char date[] = "20130524T000000Z";
static const char host[] = "examplebucket.s3.amazonaws.com";

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
static const struct {
	const char *name;
	const char *method, *path, *query;
	struct rw_header headers[6];
	size_t header_count;
	const char *payload;
	const char *signed_names;
	const char *signature;
} requests[] = {
	{"GET Object", "GET", "/test.txt", "", {
		{"host", host}, {"range", "bytes=0-9"},
		{"x-amz-content-sha256", empty}, {"x-amz-date", date}}, 4,
		empty, "host;range;x-amz-content-sha256;x-amz-date",
		"f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036b"
		"db41"},
	{"PUT Object", "PUT", "/test%24file.text", "", {
		{"date", "Fri, 24 May 2013 00:00:00 GMT"}, {"host", host},
		{"x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d"
		"2b6b4b4e99e42034a8b803f8b072"}, {"x-amz-date", date},
		{"x-amz-storage-class", "REDUCED_REDUNDANCY"}}, 5,
		"44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8"
		"b072", "date;host;x-amz-content-sha256;x-amz-date;"
		"x-amz-storage-class",
		"98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece1"
		"08bd"},
	{"GET Bucket Lifecycle", "GET", "/", "lifecycle=", {
		{"host", host}, {"x-amz-content-sha256", empty},
		{"x-amz-date", date}}, 3, empty,
		"host;x-amz-content-sha256;x-amz-date",
		"fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a013678"
		"3543"},
	{"List Objects", "GET", "/", "max-keys=2&prefix=J", {
		{"host", host}, {"x-amz-content-sha256", empty},
		{"x-amz-date", date}}, 3, empty,
		"host;x-amz-content-sha256;x-amz-date",
		"34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69d"
		"c6f7"},
};

static void
test_headers(struct rw_sigv4 *signer)
{
	struct rw_buf out = {0};
	struct rw_err err = {0};
	char expected[512];
	size_t i;

	for (i = 0; i < sizeof requests / sizeof *requests; i++) {
		struct rw_sigv4_request request = {
			.method = requests[i].method,
			.path = requests[i].path,
			.query = requests[i].query,
			.headers = requests[i].headers,
			.header_count = requests[i].header_count,
			.payload = requests[i].payload,
			.when = may_24_2013,
		};

		rw_buf_reset(&out);
		ok(rw_sigv4_authorize(signer, &request, &out, &err), "%s",
			requests[i].name);
		snprintf(expected, sizeof expected, "AWS4-HMAC-SHA256 "
			"Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/"
			"s3/aws4_request, SignedHeaders=%s, Signature=%s",
			requests[i].signed_names, requests[i].signature);
		is(rw_buf_text(&out), expected, "its Authorization");
	}
	rw_buf_free(&out);
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
static void
test_link(struct rw_sigv4 *signer)
{
	struct rw_sigv4_link link = {.host = host, .path = "/test.txt",
		.query = "", .when = may_24_2013, .expires = 86400};
	struct rw_buf out = {0};
	struct rw_err err = {0};

	ok(rw_sigv4_presign(signer, &link, &out, &err), "the documented link");
	is(rw_buf_text(&out), "X-Amz-Algorithm=AWS4-HMAC-SHA256&"
		"X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1"
		"%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&"
		"X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
		"aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604"
		"d404", "its query");
	rw_buf_free(&out);
}

static void
test_expires(struct rw_sigv4 *signer)
{
	static const struct {
		uint64_t expires;
		bool good;
	} cases[] = {{0, false}, {1, true}, {604800, true}, {604801, false},
		{2592000, false}};
	struct rw_sigv4_link link = {.host = host, .path = "/a", .query = "",
		.when = may_24_2013};
	struct rw_buf out = {0};
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		rw_buf_reset(&out);
		link.expires = cases[i].expires;
		err = (struct rw_err){0};
		is_int(rw_sigv4_presign(signer, &link, &out, &err),
			cases[i].good, "%d seconds", (int)cases[i].expires);
		is_int(err.kind, cases[i].good ? RW_OK : RW_CONFIG,
			"the kind of error");
		if (!cases[i].good)
			is(rw_buf_text(&out), "", "nothing is written");
	}
	rw_buf_free(&out);
}

/* What is kept from one signature to the next must not leak into it. */
static void
test_reuse(struct rw_sigv4 *signer)
{
	static const int64_t times[] = {1369353600, 1369353601, 1369439999,
		1369440000, 1369353600, 0};
	struct rw_sigv4 fresh;
	struct rw_err err = {0};
	size_t i;

	for (i = 0; i < 2 * (sizeof times / sizeof *times); i++) {
		struct rw_sigv4_link link = {.host = host, .path = "/a",
			.query = i % 2 == 0 ? "" : "versionId=1",
			.when = times[i / 2], .expires = 60 + i % 3};
		struct rw_buf a = {0}, b = {0};

		ok(rw_sigv4_presign(signer, &link, &a, &err), "reused");
		ok(rw_sigv4_open(&fresh, &identity, "us-east-1", &err) &&
			rw_sigv4_presign(&fresh, &link, &b, &err), "fresh");
		is(rw_buf_text(&a), rw_buf_text(&b), "the same link");
		rw_sigv4_close(&fresh);
		rw_buf_free(&a);
		rw_buf_free(&b);
	}
}

int
main(void)
{
	struct rw_sigv4 signer;
	struct rw_err err = {0};
	char text[RW_SIGV4_DATE_SIZE];

	if (!ok(rw_sigv4_open(&signer, &identity, "us-east-1", &err), "open"))
		return done();
	rw_sigv4_date(text, may_24_2013);
	is(text, date, "the date");
	test_headers(&signer);
	test_link(&signer);
	test_expires(&signer);
	test_reuse(&signer);
	rw_sigv4_close(&signer);
	return done();
}
