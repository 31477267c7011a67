#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

/* ---- endpoints --------------------------------------------------------- */

static void
test_endpoints(void)
{
	static const struct {
		const char *url;
		bool secure, must_match;
		const char *scheme, *host, *prefix;	/* NULL: refused */
	} cases[] = {
		{"https://s3.example.com", true, true, "https",
			"s3.example.com", ""},
		{"HTTPS://S3.Example.COM:443/", true, true, "https",
			"s3.example.com", ""},
		{"s3.example.com", true, true, "https", "s3.example.com", ""},
		{"s3.example.com:9000", false, true, "http",
			"s3.example.com:9000", ""},
		{"http://h:80/a/b//", false, true, "http", "h", "/a/b"},
		{"https://h:80", true, true, "https", "h:80", ""},
		{"http://h:443", false, true, "http", "h:443", ""},
		{"https://[2001:DB8::1]:9000/x", true, true, "https",
			"[2001:db8::1]:9000", "/x"},
		{"https://[::1]", true, true, "https", "[::1]", ""},
		{"https://xn--bcher-kva.example:9000", true, true, "https",
		"xn--bcher-kva.example:9000", ""},
	{"https://xn--ab-qa.example:9000", true, true, NULL, NULL, NULL},
	{"https://xn--n3h.example", true, true, NULL, NULL, NULL},
	{"http://h", true, true, NULL, NULL, NULL},
		{"https://h", false, true, NULL, NULL, NULL},
		{"https://h", false, false, "https", "h", ""},
		{"ftp://h", true, true, NULL, NULL, NULL},
		{"https://", true, true, NULL, NULL, NULL},
		{"", true, true, NULL, NULL, NULL},
		{"https://u:p@h", true, true, NULL, NULL, NULL},
		{"https://h?a", true, true, NULL, NULL, NULL},
		{"https://h/a?b", true, true, NULL, NULL, NULL},
		{"https://h/a b", true, true, NULL, NULL, NULL},
		{"https://h:", true, true, NULL, NULL, NULL},
		{"https://h:0", true, true, NULL, NULL, NULL},
		{"https://h:65536", true, true, NULL, NULL, NULL},
		{"https://[::1", true, true, NULL, NULL, NULL},
		{"https://[]", true, true, NULL, NULL, NULL},
		{"https://[::1]x", true, true, NULL, NULL, NULL},
		{"https://h\r\nx: y", true, true, NULL, NULL, NULL},
	};
	struct rw_endpoint endpoint;
	struct rw_err err;
	size_t i;
	bool good;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		err = (struct rw_err){0};
		good = rw_endpoint_parse("NAME", cases[i].url, cases[i].secure,
			cases[i].must_match, &endpoint, &err);
		ok(good == (cases[i].scheme != NULL), "\"%s\"",
			cases[i].url);
		is_int(err.kind, good ? RW_OK : RW_CONFIG, "the kind");
		is(endpoint.scheme, cases[i].scheme, "scheme");
		is(endpoint.host, cases[i].host, "host");
		is(endpoint.prefix, cases[i].prefix, "prefix");
		rw_endpoint_free(&endpoint);
	}
}

/* ---- settings ---------------------------------------------------------- */

static void
set(const char *const *pairs)
{
	static const char *const names[] = {"MINIO_ENDPOINT_URL",
		"MINIO_ACCESS_KEY", "MINIO_ACCESS_KEY_FILE",
		"MINIO_SECRET_KEY", "MINIO_SECRET_KEY_FILE",
		"MINIO_SESSION_TOKEN", "MINIO_BUCKET_NAME", "MINIO_REGION",
		"MINIO_SECURE", "MINIO_PUBLIC_ENDPOINT_URL", "RW_S3_STYLE",
		"RW_S3_SIGN_PREFIX", "AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION",
		"AWS_DEFAULT_REGION"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	for (i = 0; pairs[i] != NULL; i += 2)
		setenv(pairs[i], pairs[i + 1], 1);
}

static void
test_loading(void)
{
	static const struct {
		const char *name;
		const char *settings[16];
		bool good, is_configured;
		const char *url, *region;	/* of the key "a b" */
	} cases[] = {
		{"nothing", {NULL}, true, false, NULL, NULL},
		{"a region alone is not a store", {"MINIO_REGION", "r"}, true,
			false, NULL, NULL},
		{"AWS_* alone do not name a store", {"AWS_ACCESS_KEY_ID", "a",
			"AWS_SECRET_ACCESS_KEY", "b", "AWS_ENDPOINT_URL",
			"https://h"}, true, false, NULL, NULL},
		{"empty is unset", {"MINIO_ACCESS_KEY", ""}, true, false, NULL,
			NULL},
		{"one of four", {"MINIO_ACCESS_KEY", "a"}, false, false, NULL,
			NULL},
		{"three of four", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "MINIO_BUCKET_NAME", "bucket"},
			false, false, NULL, NULL},
		{"all four", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "bucket"}, true, true,
			"https://h/bucket/a%20b", "us-east-1"},
		{"a bucket, and AWS_* for the rest", {"AWS_ENDPOINT_URL",
			"https://h", "AWS_ACCESS_KEY_ID", "a",
			"AWS_SECRET_ACCESS_KEY", "s", "MINIO_BUCKET_NAME",
			"bucket", "AWS_DEFAULT_REGION", "r"}, true, true,
			"https://h/bucket/a%20b", "r"},
		{"keys are not mixed", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "AWS_SECRET_ACCESS_KEY", "s",
			"MINIO_BUCKET_NAME", "bucket"}, false, false, NULL,
			NULL},
		{"Amazon requires the bucket in front", {"MINIO_ENDPOINT_URL",
			"https://s3.eu-west-1.amazonaws.com",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "bucket"}, true, true,
			"https://bucket.s3.eu-west-1.amazonaws.com/a%20b",
			"us-east-1"},
		{"unless it has a dot", {"MINIO_ENDPOINT_URL",
			"https://s3.eu-west-1.amazonaws.com",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "a.bucket"}, true, true,
			"https://s3.eu-west-1.amazonaws.com/a.bucket/a%20b",
			"us-east-1"},
		{"a name that only ends like it", {"MINIO_ENDPOINT_URL",
			"https://s3.notamazonaws.com", "MINIO_ACCESS_KEY", "a",
			"MINIO_SECRET_KEY", "s", "MINIO_BUCKET_NAME",
			"bucket"}, true, true,
			"https://s3.notamazonaws.com/bucket/a%20b",
			"us-east-1"},
		{"no bucket before an address", {"MINIO_ENDPOINT_URL",
			"https://127.0.0.1:9000", "MINIO_ACCESS_KEY", "a",
			"MINIO_SECRET_KEY", "s", "MINIO_BUCKET_NAME", "bucket",
			"RW_S3_STYLE", "virtual"}, false, false, NULL, NULL},
		{"a style that is none", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "bucket", "RW_S3_STYLE", "both"},
			false, false, NULL, NULL},
		{"a bucket that is none", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "a/../b"}, false, false, NULL,
			NULL},
		{"a secure that is none", {"MINIO_ENDPOINT_URL", "https://h",
			"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
			"MINIO_BUCKET_NAME", "bucket", "MINIO_SECURE",
			"perhaps"}, false, false, NULL, NULL},
	};
	struct rw_target target = {0};
	struct rw_store store;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		set(cases[i].settings);
		err = (struct rw_err){0};
		is_int(rw_store_load(&store, &err), cases[i].good, "%s",
			cases[i].name);
		is_int(err.kind, cases[i].good ? RW_OK : RW_CONFIG,
			"the kind: %s", err.message);
		is_int(store.is_configured, cases[i].is_configured,
			"configured");
		if (cases[i].url != NULL) {
			ok(rw_store_target(&store, &store.endpoint, "a b",
				&target, &err), "an address");
			is(rw_buf_text(&target.url), cases[i].url, "its URL");
			is(store.region, cases[i].region, "the region");
		}
		rw_store_free(&store);
	}
	rw_target_free(&target);
}

/* What blanks and line ends at the ends of a setting do: nothing; and inside. */
static void
test_words(void)
{
	static const struct {
		const char *name, *value;
		bool good;
	} cases[] = {
		{"MINIO_ACCESS_KEY", "a", true},
		{"MINIO_ACCESS_KEY", " a", true},
		{"MINIO_ACCESS_KEY", "a\r", true},
		{"MINIO_ACCESS_KEY", "\t a \r\n", true},
		{"MINIO_ACCESS_KEY", "\xef\xbb\xbf" "a\xc2\xa0", true},
		{"MINIO_ACCESS_KEY", "a b", false},
		{"MINIO_ACCESS_KEY", "a\r\nx-evil: 1", false},
		{"MINIO_ACCESS_KEY", "a\xc2\xa0" "b", false},
		{"MINIO_ACCESS_KEY", "\xc3\xa4", false},
		{"MINIO_ACCESS_KEY", "a\x01", false},
		{"MINIO_SECRET_KEY", "s\n", true},
		{"MINIO_SECRET_KEY", " s ", true},
		{"MINIO_SECRET_KEY", "s\ns", false},
		{"MINIO_SECRET_KEY", "s s", false},
		{"MINIO_SECRET_KEY", "s\x7f", false},
		{"MINIO_SESSION_TOKEN", "t\r\n", true},
		{"MINIO_SESSION_TOKEN", " \n", true},
		{"MINIO_SESSION_TOKEN", "t\rt", false},
		{"MINIO_SESSION_TOKEN", "t\xe2\x80\x8b" "t", false},
		{"MINIO_BUCKET_NAME", "\tbucket\n", true},
		{"MINIO_BUCKET_NAME", "buck et", false},
		{"MINIO_REGION", "r \r", true},
		{"MINIO_REGION", "  ", true},
		{"MINIO_REGION", "us east", false},
		{"MINIO_REGION", "us\neast", false},
		{"MINIO_REGION", "us/east", false},
		{"MINIO_REGION", "\xc3\xbc", false},
		{"MINIO_ENDPOINT_URL", " https://h\r\n", true},
		{"MINIO_ENDPOINT_URL", "https://h /", false},
		{"MINIO_PUBLIC_ENDPOINT_URL", "https://h\n", true},
		{"RW_S3_STYLE", "path\r", true},
	};
	const char *settings[] = {"MINIO_ENDPOINT_URL", "https://h",
		"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
		"MINIO_BUCKET_NAME", "bucket", NULL};
	struct rw_store store;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		set(settings);
		setenv(cases[i].name, cases[i].value, 1);
		err = (struct rw_err){0};
		is_int(rw_store_load(&store, &err), cases[i].good,
			"%s, word %zu", cases[i].name, i);
		is_int(err.kind, cases[i].good ? RW_OK : RW_CONFIG,
			"the kind: %s", err.message);
		if (cases[i].good) {
			is(store.identity.access_key, "a", "the access key");
			is(store.identity.secret_key, "s", "the secret key");
			is(store.bucket, "bucket", "the bucket");
			is(store.endpoint.host, "h", "the host");
			ok(store.identity.token == NULL ||
				strcmp(store.identity.token, "t") == 0,
				"the token");
			ok(strcmp(store.region, "r") == 0 || strcmp(
				store.region, "us-east-1") == 0, "the region");
		}
		rw_store_free(&store);
	}
}

/* Endpoints that have the bucket "reports" already, and the right value. */
static void
test_named_bucket(void)
{
	static const struct {
		const char *url, *bucket, *style, *signs_prefix;
		const char *right;	/* NULL: the URL is */
	} cases[] = {
		{"https://s3.example.com", "reports", "", "", NULL},
		{"https://s3.example.com/s3", "reports", "", "", NULL},
		{"https://s3.example.com/reports-2", "reports", "", "", NULL},
		{"https://my-reports.example.com", "reports", "", "", NULL},
		{"https://reports-s3.example.com", "reports", "", "", NULL},
		{"https://s3.reports.example.com", "reports", "", "", NULL},
		{"http://reports:9000", "reports", "", "", NULL},
		{"http://127.0.0.1:9000", "127", "", "", NULL},
		{"http://[::1]:9000/x", "reports", "", "", NULL},
		{"https://s3.example.com/reports", "reports", "", "",
			"https://s3.example.com"},
		{"https://s3.example.com/reports/", "reports", "", "",
			"https://s3.example.com"},
		{"https://S3.example.com:9000/Reports", "reports", "path", "",
			"https://s3.example.com:9000"},
		{"https://s3.example.com/%72eports", "reports", "", "",
			"https://s3.example.com"},
		{"https://s3.example.com/s3/reports", "reports", "", "",
			"https://s3.example.com/s3"},
		{"https://s3.example.com/reports/reports", "reports", "", "",
			"https://s3.example.com"},
		{"http://127.0.0.1:9000/reports", "reports", "", "",
			"http://127.0.0.1:9000"},
		{"http://[::1]:9000/reports", "reports", "", "",
			"http://[::1]:9000"},
		{"https://s3.example.com/reports", "reports", "virtual", "",
			"https://s3.example.com"},
		{"https://s3.example.com/reports", "reports", "", "false",
			NULL},
		{"https://reports.s3.example.com", "reports", "", "",
			"https://s3.example.com"},
		{"https://Reports.S3.example.com:9000", "reports", "", "",
			"https://s3.example.com:9000"},
		{"http://reports.localhost:9000", "reports", "", "",
			"http://localhost:9000"},
		{"https://reports.s3.example.com", "reports", "virtual", "",
			"https://s3.example.com"},
		{"https://reports.s3.example.com", "reports", "path", "",
			NULL},
		{"https://reports.s3.eu-west-1.amazonaws.com", "reports", "",
			"", "https://s3.eu-west-1.amazonaws.com"},
		{"https://reports.s3.amazonaws.com", "reports", "path", "",
			"https://s3.amazonaws.com"},
		{"https://a.reports.s3.amazonaws.com", "a.reports", "", "",
			"https://s3.amazonaws.com"},
		{"https://reports.s3.amazonaws.com/reports", "reports", "", "",
			"https://s3.amazonaws.com"},
		{"https://reports.0123.r2.cloudflarestorage.com", "reports",
			"path", "", "https://0123.r2.cloudflarestorage.com"},
		{"https://storage.googleapis.com", "storage", "", "", NULL},
		{"https://nyc3.digitaloceanspaces.com", "nyc3", "", "", NULL},
		{"https://files.example.com", "files.example.com", "", "",
			"the address of the store itself"},
		{"https://files.example.com", "files.example.com", "path", "",
			NULL},
	};
	const char *settings[] = {"MINIO_ENDPOINT_URL", NULL,
		"MINIO_ACCESS_KEY", "a", "MINIO_SECRET_KEY", "s",
		"MINIO_BUCKET_NAME", NULL, "RW_S3_STYLE", NULL,
		"RW_S3_SIGN_PREFIX", NULL, "MINIO_SECURE", NULL, NULL};
	char expected[200];
	struct rw_store store;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		settings[1] = cases[i].url;
		settings[7] = cases[i].bucket;
		settings[9] = cases[i].style;
		settings[11] = cases[i].signs_prefix;
		settings[13] = cases[i].url[4] == 's' ? "true" : "false";
		set(settings);
		err = (struct rw_err){0};
		is_int(rw_store_load(&store, &err), cases[i].right == NULL,
			"%s and %s, %s", cases[i].url, cases[i].bucket,
			err.message);
		rw_store_free(&store);
		if (cases[i].right == NULL)
			continue;
		is_int(err.kind, RW_CONFIG, "the kind");
		snprintf(expected, sizeof expected, "twice: expected %s",
			cases[i].right);
		ok(strstr(err.message, expected) != NULL && strchr(" ",
			strstr(err.message, expected)[strlen(expected)]) !=
			NULL, "\"%s\" has \"%s\"", err.message, expected);
		/* The public one is looked at, too. */
		setenv("MINIO_PUBLIC_ENDPOINT_URL", cases[i].url, 1);
		setenv("MINIO_ENDPOINT_URL", cases[i].url[4] == 's' ?
			"https://inner" : "http://inner", 1);
		if (strcmp(cases[i].style, "virtual") != 0)
			ok(!rw_store_load(&store, &err) && strncmp(
				err.message, "MINIO_PUBLIC_ENDPOINT_URL", 25)
				== 0, "the public one: %s", err.message);
		rw_store_free(&store);
	}
}

static void
test_targets(void)
{
	static const struct {
		const char *style, *prefix_signed, *key;
		const char *host, *url, *path, *resource;
	} cases[] = {
		{"path", "true", "k/\xc3\xa4+", "h:1",
			"http://h:1/p/bucket/k/%C3%A4%2B",
			"/p/bucket/k/%C3%A4%2B", "/bucket/k/%C3%A4%2B"},
		{"path", "false", "k", "h:1", "http://h:1/p/bucket/k",
			"/bucket/k", "/bucket/k"},
		{"virtual", "true", "k", "bucket.h:1", "http://bucket.h:1/p/k",
			"/p/k", "/bucket/k"},
		{"virtual", "false", "k", "bucket.h:1",
			"http://bucket.h:1/p/k", "/k", "/bucket/k"},
		{"path", "true", NULL, "h:1", "http://h:1/p/bucket",
			"/p/bucket", "/bucket"},
		{"virtual", "true", NULL, "bucket.h:1",
			"http://bucket.h:1/p/", "/p/", "/bucket/"},
	};
	const char *settings[] = {"MINIO_ENDPOINT_URL", "http://h:1/p",
		"MINIO_SECURE", "false", "MINIO_ACCESS_KEY", "a",
		"MINIO_SECRET_KEY", "s", "MINIO_BUCKET_NAME", "bucket",
		"RW_S3_STYLE", NULL, "RW_S3_SIGN_PREFIX", NULL, NULL};
	struct rw_target target = {0};
	struct rw_store store;
	struct rw_err err = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		settings[11] = cases[i].style;
		settings[13] = cases[i].prefix_signed;
		set(settings);
		ok(rw_store_load(&store, &err) && rw_store_target(&store,
			&store.endpoint, cases[i].key, &target, &err),
			"target %zu", i);
		is(rw_buf_text(&target.host), cases[i].host, "host");
		is(rw_buf_text(&target.url), cases[i].url, "URL");
		is(rw_buf_text(&target.path), cases[i].path, "signed path");
		is(rw_buf_text(&target.resource), cases[i].resource,
			"resource");
		rw_store_free(&store);
	}
	rw_target_free(&target);
}

int
main(void)
{
	test_endpoints();
	test_loading();
	test_words();
	test_named_bucket();
	test_targets();
	return done();
}
