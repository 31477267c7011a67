#include "store/link_place.h"

#include <stdlib.h>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tap.h"
#include "store/link.h"

#define KEY "reports/2025-06/f-1/report_2025-06.pdf"
#define START "https://s3.example.com/bucket/"

static void
set(const char *const *pairs)
{
	static const char *const names[] = {"MINIO_ENDPOINT_URL",
		"MINIO_PUBLIC_ENDPOINT_URL", "MINIO_BUCKET_NAME",
		"MINIO_ACCESS_KEY", "MINIO_SECRET_KEY", "MINIO_SESSION_TOKEN",
		"MINIO_SECURE", "RW_S3_STYLE", "RW_S3_SIGN_PREFIX",
		"RW_CLOUDFRONT_URL", "RW_CLOUDFRONT_KEY_ID",
		"RW_CLOUDFRONT_KEY", "RW_CLOUDFRONT_KEY_FILE",
		"RW_LINK_BASE_URL", "RW_DOWNLOAD_NAME"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	setenv("MINIO_ENDPOINT_URL", "https://s3.example.com", 1);
	setenv("MINIO_BUCKET_NAME", "bucket", 1);
	setenv("MINIO_ACCESS_KEY", "AKIA/EXAMPLE", 1);
	setenv("MINIO_SECRET_KEY", "secret", 1);
	for (; *pairs != NULL; pairs += 2)
		setenv(pairs[0], pairs[1], 1);
}

#define SET(...) set((const char *const []){__VA_ARGS__, NULL})

/* ---- links that are none of ours ----------------------------------------- */

static void
test_attacks(void)
{
	static const char *const bad[] = {
		"", "x", "/", "https://", "https:///bucket/" KEY,
		/* another host */
		"https://evil.example/bucket/" KEY,
		"https://s3.example.com.evil.example/bucket/" KEY,
		"https://s3.example.community/bucket/" KEY,
		"https://s3.example.com./bucket/" KEY,
		"https://S3.example.com/bucket/" KEY,
		"https://s3.example.com:443/bucket/" KEY,
		"https://s3.example.com:9000/bucket/" KEY,
		"https://s3.example.com@evil.example/bucket/" KEY,
		"https://s3.example.com%2fbucket@evil.example/" KEY,
		"https://user@s3.example.com/bucket/" KEY,
		"https://user:word@s3.example.com/bucket/" KEY,
		"https://[::1]/bucket/" KEY,
		"https://[::ffff:127.0.0.1]/bucket/" KEY,
		"https://s3.example.com\\@evil.example/bucket/" KEY,
		"https://evil.example\\s3.example.com/bucket/" KEY,
		"https://evil.example#https://s3.example.com/bucket/" KEY,
		"https://evil.example?" START KEY,
		"//s3.example.com/bucket/" KEY,
		"https:s3.example.com/bucket/" KEY,
		"https:/s3.example.com/bucket/" KEY,
		/* another scheme */
		"http://s3.example.com/bucket/" KEY,
		"HTTPS://s3.example.com/bucket/" KEY,
		"ftp://s3.example.com/bucket/" KEY,
		"javascript:" START KEY,
		" " START KEY, "\t" START KEY, START KEY " ", START KEY "\n",
		START KEY "\r\nBcc: x", START KEY "\"", START KEY "\\",
		/* another bucket, another way to it */
		"https://s3.example.com/other/" KEY,
		"https://s3.example.com/bucket2/" KEY,
		"https://s3.example.com/" KEY,
		"https://bucket.s3.example.com/" KEY,
		"https://s3.example.com//bucket/" KEY,
		"https://s3.example.com/bucket//" KEY,
		"https://s3.example.com/./bucket/" KEY,
		"https://s3.example.com/x/../bucket/" KEY,
		"https://s3.example.com/%62ucket/" KEY,
		"https://s3.example.com/bucket%2f" KEY,
		/* another key, and ours in another spelling */
		START, START "reports/2025-06/f-2/report_2025-06.pdf",
		START "reports/2025-06/f-1/report_2025-06.xlsx",
		START "reports/2025-06/f-1/report_2025-06_r2.pdf",
		START "reports/2025-05/f-1/report_2025-05.pdf",
		START "reports/2025-06/f-1/../f-2/report_2025-06.pdf",
		START "reports/2025-06/f-2/../f-1/report_2025-06.pdf",
		START "reports/2025-06/f-1/./report_2025-06.pdf",
		START "reports/2025-06/f-1//report_2025-06.pdf",
		START "reports/2025-06/f-1%2Freport_2025-06.pdf",
		START "reports/2025-06/f-1%2freport_2025-06.pdf",
		START "reports%252F2025-06/f-1/report_2025-06.pdf",
		START "reports/2025-06/%66-1/report_2025-06.pdf",
		START "reports/2025-06/f%2D1/report_2025-06.pdf",
		START "reports/2025-06/%2e%2e/f-1/report_2025-06.pdf",
		START "reports/2025-06/%2E%2E/f-1/report_2025-06.pdf",
		START "reports/2025-06/%252e%252e/f-1/report_2025-06.pdf",
		START "reports\\2025-06\\f-1\\report_2025-06.pdf",
		START "reports/2025-06/f-1/report_2025-06.pdf/",
		START "reports/2025-06/f-1/report_2025-06.pdf%00.pdf",
		START "reports/2025-06/f-1/report_2025-06.pdf%",
		START "reports/2025-06/f-1/report_2025-06.pdf%2",
		START "reports/2025-06/f-1/report_2025-06.pdf%2G",
		START "reports/2025-06/f-1/report_2025-06.pdf;x",
		START "reports/2025-06/f-1/report_2025-06.pdf+",
		START "Reports/2025-06/f-1/report_2025-06.pdf",
		/* the query and what is behind it */
		START KEY "#", START KEY "#x", START KEY "?a#b",
		START KEY "?Expires=1#x",
		START KEY "?x", START KEY "?x=1", START KEY "?acl", START KEY "?=1",
		START KEY "?Expires", START KEY "?Expires=1&Expires=2",
		START KEY "?Expires=1&&Signature=2", START KEY "?expires=1",
		START KEY "?Expires=1&list-type=2", START KEY "?Expires=1;x=2",
		START KEY "?%45xpires=1", START KEY "?Expires=1?x=1",
		START KEY "?response-content-type=text%2Fhtml",
		START KEY "?redirect=https%3A%2F%2Fevil.example",
		START KEY "?Expires=%31", START KEY "?Expires=a b",
		START KEY "?Signature=a/b", START KEY "?Signature=a%2fb",
		START KEY "?versionId=v2", START KEY "?versionId=v1%00",
		START KEY "?versionId=v1&versionId=v1",
	};
	static const char *const good[] = {START KEY, START KEY "?",
		START KEY "?Expires=1", START KEY "?Signature=a%2Fb%3D"};
	struct rw_link_places places = {0};
	struct rw_err err;
	size_t i;

	SET("MINIO_SECRET_KEY", "");
	ok(rw_link_places_open(&places, &err), "open without a secret");
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		err = (struct rw_err){0};
		ok(!rw_link_leads_to(&places, "pdf_url", bad[i], KEY, NULL,
			&err), "attack %zu is refused", i);
		is_int(err.kind, RW_DATA, "the kind");
		ok(strncmp(err.message, "pdf_url leads to ", 17) == 0 &&
			strstr(err.message, "expected ") != NULL,
			"attack %zu is told", i);
	}
	for (i = 0; i < sizeof good / sizeof *good; i++)
		ok(rw_link_leads_to(&places, "pdf_url", good[i], KEY, NULL,
			&err), "taken: %s", good[i]);
	ok(!rw_link_leads_to(&places, "m", START KEY, KEY, "v1", &err),
		"the latest, where a version is expected");
	ok(!rw_link_leads_to(&places, "m", START KEY "?versionId=v2", KEY,
		"v1", &err), "another version");
	is(err.message, "m leads to version \"v2\" of " KEY ": expected "
		"version v1", "says so");
	ok(rw_link_leads_to(&places, "m", START KEY "?versionId=v%2B1", KEY,
		"v+1", &err), "its version");
	rw_link_places_close(&places);
}

static void
test_secrets(void)
{
	static const char *const bad[] = {
		"https://evil.example/a?Signature=hunter2",
		"https://hunter2:hunter2@s3.example.com/bucket/" KEY,
		"https://evil.example/hunter2/x.pdf",
		START KEY "?Signature=hunter2&x=1",
		START "reports/2025-06/f-2/report_2025-06.pdf?Signature=hunter2",
		"hunter2 hunter2", START KEY "#hunter2",
		"https://evil.example#hunter2", "https://evil.example\\hunter2",
	};
	struct rw_link_places places = {0};
	struct rw_err err;
	size_t i;

	SET("RW_S3_STYLE", "path");
	ok(rw_link_places_open(&places, &err), "open");
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		ok(!rw_link_leads_to(&places, "pdf_url", bad[i], KEY, NULL,
			&err), "%s", bad[i]);
		ok(strstr(err.message, "hunter2") == NULL || i == 5,
			"no secret of link %zu", i);
	}
	rw_link_leads_to(&places, "pdf_url", "https://evil.example/a?b", KEY,
		NULL, &err);
	is(err.message, "pdf_url leads to \"evil.example\", or is not written "
		"as rw-presign writes it: expected a link that begins with "
		START, "the message");
	rw_link_places_close(&places);
}

/* ---- what rw-presign makes is taken -------------------------------------- */

static char *
make_pem(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *data;
	long len;

	if (PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)) {
		len = BIO_get_mem_data(bio, &data);
		text = strndup(data, (size_t)len);
	}
	BIO_free(bio);
	EVP_PKEY_free(key);
	return text;
}

static void
round_trip(const char *scheme, const char *version)
{
	struct rw_link_places places = {0};
	struct rw_linker linker = {0};
	struct rw_store store;
	struct rw_buf url = {0};
	struct rw_link link = {.key = KEY, .version = version,
		.period = {2025, 6}, .revision = 1, .now = 1751328600};
	struct rw_err err = {0};

	ok(rw_store_load(&store, &err) && rw_linker_open(&linker, &store,
		scheme, 3600, &err) && rw_linker_make(&linker, &link, &url,
		&err), "make %s: %s", scheme, err.message);
	ok(rw_link_places_open(&places, &err), "open: %s", err.message);
	ok(rw_link_leads_to(&places, "pdf_url", rw_buf_text(&url), KEY,
		version, &err), "%s: %s", rw_buf_text(&url), err.message);
	ok(!rw_link_leads_to(&places, "pdf_url", rw_buf_text(&url), KEY "x",
		version, &err), "no other key");
	ok(!rw_link_leads_to(&places, "pdf_url", rw_buf_text(&url), KEY,
		version == NULL ? "v" : NULL, &err), "no other version");
	rw_link_places_close(&places);
	rw_linker_close(&linker);
	rw_store_free(&store);
	rw_buf_free(&url);
}

static void
test_round_trips(void)
{
	static const char *const settings[][7] = {
		{NULL},
		{"RW_S3_STYLE", "virtual", NULL},
		{"MINIO_ENDPOINT_URL", "https://s3.example.com/a%20b/c/", NULL},
		{"MINIO_ENDPOINT_URL", "https://s3.example.com/a",
			"RW_S3_SIGN_PREFIX", "false", NULL},
		{"MINIO_PUBLIC_ENDPOINT_URL", "https://CDN.example.com:443",
			NULL},
		{"MINIO_PUBLIC_ENDPOINT_URL", "https://[::1]:9000/p",
			"MINIO_SESSION_TOKEN", "a/b+c=", NULL},
		{"MINIO_ENDPOINT_URL", "http://10.0.0.1:9000",
			"MINIO_SECURE", "false", NULL},
		{"RW_DOWNLOAD_NAME", "", NULL},
		{"RW_DOWNLOAD_NAME", "Ber\303\274cht & Co", NULL},
		{"MINIO_ENDPOINT_URL", "https://s3.eu-west-1.amazonaws.com",
			NULL},
	};
	static const char *const schemes[] = {"sigv4", "sigv2", "cloudfront"};
	static const char *const versions[] = {NULL, "v1", "a.b/c+d=="};
	char *pem = make_pem();
	size_t i, j, k;

	for (i = 0; i < sizeof settings / sizeof *settings; i++)
		for (j = 0; j < 3; j++)
			for (k = 0; k < 3; k++) {
				set(settings[i]);
				if (j == 2) {
					setenv("RW_CLOUDFRONT_URL", "https://"
						"d1.cloudfront.net/p", 1);
					setenv("RW_CLOUDFRONT_KEY_ID", "K/1",
						1);
					setenv("RW_CLOUDFRONT_KEY", pem, 1);
				}
				/* Amazon takes no SigV2. */
				if (j != 1 || i != 9)
					round_trip(schemes[j], versions[k]);
			}
	free(pem);
}

static void
test_settings(void)
{
	struct rw_link_places places = {0};
	struct rw_err err = {0};

	SET("MINIO_PUBLIC_ENDPOINT_URL", "https://cdn.example.com");
	ok(rw_link_places_open(&places, &err), "open");
	ok(!rw_link_leads_to(&places, "m", START KEY, KEY, NULL, &err),
		"not the endpoint inside, which no follower reaches");
	rw_link_places_close(&places);

	SET("RW_CLOUDFRONT_URL", "https://d1.cloudfront.net");
	ok(rw_link_places_open(&places, &err), "open");
	ok(!rw_link_leads_to(&places, "m", "https://d1.cloudfront.net/" KEY,
		KEY, NULL, &err), "no CloudFront without its key");
	rw_link_places_close(&places);

	SET("RW_LINK_BASE_URL", "https://links.example.com");
	ok(rw_link_places_open(&places, &err), "open");
	ok(!rw_link_leads_to(&places, "m", "https://links.example.com/" KEY,
		KEY, NULL, &err), "no link of a scheme that is not made");
	rw_link_places_close(&places);

	SET("MINIO_ENDPOINT_URL", "");
	ok(!rw_link_places_open(&places, &err) && err.kind == RW_CONFIG,
		"%s", err.message);
	set((const char *const []){"MINIO_ENDPOINT_URL", "",
		"MINIO_BUCKET_NAME", "", "MINIO_ACCESS_KEY", "",
		"MINIO_SECRET_KEY", "", NULL});
	ok(rw_link_places_open(&places, &err), "no store");
	ok(!rw_link_leads_to(&places, "m", START KEY, KEY, NULL, &err),
		"%s", err.message);
	rw_link_places_close(&places);
}

int
main(void)
{
	test_attacks();
	test_secrets();
	test_round_trips();
	test_settings();
	return done();
}
