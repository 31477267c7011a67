#include "store/s3_verdict.h"

#include "base/buf.h"

#include "tap.h"

#define MD5 "cf49600cf70f4f01cdf7be1c2835c121"
#define ZEROS "00000000000000000000000000000000"
/* Of nothing. */
#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define BASE64 "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define OTHER64 "AAAAQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define ETAG(text) "etag: " text "\n"
#define GOOD ETAG("\"" MD5 "\"")
#define KMS "x-amz-server-side-encryption: aws:kms\n"
#define SSE_C "x-amz-server-side-encryption-customer-algorithm: AES256\n"

static const struct rw_s3_object object = {.md5 = MD5, .sha256 = SHA256,
	.body_sha256 = SHA256, .size = 20000};

struct row {
	int status;
	const char *head, *body;
	enum rw_s3_verdict verdict;
	const char *says;	/* part of why */
	const char *code;
};

static struct rw_http_call
answer(int status, const char *head, const char *body)
{
	struct rw_http_call call = {.status = status};

	rw_buf_adds(&call.head, head);
	rw_buf_adds(&call.answer, body);
	return call;
}

static void
check(const char *what, size_t i, const struct row *row,
	void (*judge)(const struct rw_http_call *answer,
	const struct rw_s3_object *object, struct rw_s3_finding *finding))
{
	struct rw_http_call call = answer(row->status, row->head, row->body);
	struct rw_s3_finding finding;

	judge(&call, &object, &finding);
	is_int(finding.verdict, row->verdict, "%s %zu", what, i);
	if (row->says != NULL)
		ok(strstr(finding.why, row->says) != NULL, "says \"%s\": %s",
			row->says, finding.why);
	else
		is(finding.why, "", "says nothing");
	is(finding.error.code, row->code != NULL ? row->code : "", "its code");
	rw_http_call_free(&call);
}

/* ---- one request ------------------------------------------------------- */

static void
test_put(void)
{
	static const struct row rows[] = {
		/* An equal ETag. */
		{200, GOOD, "", RW_S3_STORED, NULL, NULL},
		{201, GOOD, "", RW_S3_STORED, NULL, NULL},
		{204, GOOD, "", RW_S3_STORED, NULL, NULL},
		{200, ETAG(MD5), "", RW_S3_STORED, NULL, NULL},
		{200, ETAG("\"CF49600CF70F4F01CDF7BE1C2835C121\""), "",
			RW_S3_STORED, NULL, NULL},
		{200, ETAG("W/\"" MD5 "\""), "", RW_S3_STORED, NULL, NULL},
		{200, ETAG("w/" MD5 " "), "", RW_S3_STORED, NULL, NULL},
		{200, GOOD "x-amz-checksum-sha256: " BASE64 "\n", "",
			RW_S3_STORED, NULL, NULL},
		{200, GOOD "content-type: text/html\n", "", RW_S3_STORED, NULL,
			NULL},
		/* Encrypted. */
		{200, ETAG("\"" ZEROS "\"") KMS, "", RW_S3_STORED, NULL, NULL},
		{200, ETAG("\"any\"") "x-amz-server-side-encryption: "
			"aws:kms:dsse\n", "", RW_S3_STORED, NULL, NULL},
		{200, ETAG("\"any\"") SSE_C, "", RW_S3_STORED, NULL, NULL},
		{200, KMS, "", RW_S3_OPEN, "without an ETag", NULL},
		{200, ETAG("\"any\"") "x-amz-server-side-encryption: "
			"aws:kmsx\n", "", RW_S3_OPEN, "with the ETag", NULL},
		{200, ETAG("\"any\"") "x-amz-server-side-encryption-"
			"customer-algorithm: \n", "", RW_S3_OPEN,
			"with the ETag", NULL},
		{200, ETAG("\"\"") SSE_C, "", RW_S3_OPEN, "without an ETag",
			NULL},
		{202, ETAG("\"any\"") KMS, "", RW_S3_OPEN, "does not mean",
			NULL},
		{200, ETAG("\"" ZEROS "\"") "x-amz-server-side-encryption: "
			"AES256\n", "", RW_S3_OPEN, ZEROS, NULL},
		/* Another ETag, or none. */
		{200, "", "", RW_S3_OPEN, "without an ETag", NULL},
		{200, ETAG(""), "", RW_S3_OPEN, "without an ETag", NULL},
		{200, ETAG("\"\""), "", RW_S3_OPEN, "without an ETag", NULL},
		{200, ETAG("W/\"\""), "", RW_S3_OPEN, "without an ETag", NULL},
		{200, ETAG("\"" ZEROS "\""), "", RW_S3_OPEN, ZEROS, NULL},
		{200, ETAG("\"" ZEROS "-1\""), "", RW_S3_OPEN, "-1", NULL},
		{200, ETAG("\"" MD5 "-1\""), "", RW_S3_OPEN, "-1", NULL},
		{200, ETAG("\"" MD5 "0\""), "", RW_S3_OPEN, "MD5", NULL},
		{200, ETAG("\"\x1b[31m\""), "", RW_S3_OPEN, "ETag ?[31m", NULL},
		{204, "", "", RW_S3_OPEN, "without an ETag", NULL},
		{202, GOOD, "", RW_S3_OPEN, "does not mean", NULL},
		{203, GOOD, "", RW_S3_OPEN, "does not mean", NULL},
		{205, GOOD, "", RW_S3_OPEN, "does not mean", NULL},
		{206, GOOD, "", RW_S3_OPEN, "does not mean", NULL},
		{299, "", "", RW_S3_OPEN, "does not mean", NULL},
		/* A body. */
		{200, "", "<!DOCTYPE html><title>Sign in</title>",
			RW_S3_NOT_STORED, "with an HTML page", NULL},
		{200, GOOD, "\n <HTML><body>", RW_S3_NOT_STORED,
			"with an HTML page", NULL},
		{200, KMS GOOD, "<html/>", RW_S3_NOT_STORED, "an HTML page",
			NULL},
		{200, GOOD, " ", RW_S3_NOT_STORED, "a body of blanks", NULL},
		{200, GOOD, "ok", RW_S3_NOT_STORED, "not XML", NULL},
		{200, GOOD, "<a><b>", RW_S3_NOT_STORED, "incomplete", NULL},
		{200, GOOD, "<Okay/>", RW_S3_NOT_STORED,
			"an XML document Okay", NULL},
		{201, GOOD, "<PostResponse/>", RW_S3_NOT_STORED,
			"an XML document PostResponse", NULL},
		{200, GOOD, "<Error><Code>SlowDown</Code><Message>wait"
			"</Message></Error>", RW_S3_NOT_STORED,
			"the error SlowDown: wait", "SlowDown"},
		{200, "", "{\"code\":\"AccessDenied\"}", RW_S3_NOT_STORED,
			"the error AccessDenied", "AccessDenied"},
		{200, GOOD, "<Error/>", RW_S3_NOT_STORED, "the error in its",
			NULL},
		{200, GOOD, "<!DOCTYPE x><Error/>", RW_S3_NOT_STORED, "a DTD",
			NULL},
		/* A checksum. */
		{200, GOOD "x-amz-checksum-sha256: " OTHER64 "\n", "",
			RW_S3_NOT_STORED, "different bytes", NULL},
		{200, GOOD "x-amz-checksum-sha256: " OTHER64 "-2\n", "",
			RW_S3_STORED, NULL, NULL},
		{200, "x-amz-checksum-sha256: " BASE64 "\n", "", RW_S3_OPEN,
			"without an ETag", NULL},
		{200, GOOD "x-amz-checksum-crc32: AAAAAA==\n", "",
			RW_S3_STORED, NULL, NULL},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check("PUT", i, &rows[i], rw_s3_judge_put);
}

/* ---- parts ------------------------------------------------------------- */

static void
test_part(void)
{
	static const struct {
		const char *head, *body, *etag;	/* NULL: refused */
	} rows[] = {
		{GOOD, "", "\"" MD5 "\""},
		{ETAG(MD5), "", MD5},
		{ETAG("W/\"x\""), "", "W/\"x\""},
		{ETAG("\"any & <thing>\"") KMS, "", "\"any & <thing>\""},
		{"", "", NULL},
		{ETAG("\"\""), "", NULL},
		{ETAG("a\x01"), "", NULL},
		{ETAG("\xff"), "", NULL},
		{GOOD, "<html>", NULL},
		{GOOD, "<Error><Code>A</Code></Error>", NULL},
	};
	struct rw_s3_finding finding;
	char etag[RW_S3_ETAG_SIZE];
	struct rw_http_call call;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		call = answer(200, rows[i].head, rows[i].body);
		is_int(rw_s3_judge_part(&call, etag, &finding),
			rows[i].etag != NULL, "part %zu", i);
		if (rows[i].etag != NULL)
			is(etag, rows[i].etag, "its ETag as it came");
		else
			ok(finding.why[0] != '\0', "why: %s", finding.why);
		rw_http_call_free(&call);
	}
}

#define RESULT(inner) "<CompleteMultipartUploadResult xmlns=\"x\">" inner \
	"</CompleteMultipartUploadResult>"
#define TAG "<ETag>&quot;" MD5 "&quot;</ETag>"

static void
test_completion(void)
{
	static const struct row rows[] = {
		{200, "", RESULT(TAG), RW_S3_STORED, NULL, NULL},
		{200, "", RESULT("<ETag>" MD5 "</ETag>"), RW_S3_STORED, NULL,
			NULL},
		{200, "", "\n \n<?xml version=\"1.0\"?>\n" RESULT(TAG),
			RW_S3_STORED, NULL, NULL},
		{200, "", "<?xml version=\"1.0\"?>\n   \n" RESULT(TAG) "\n",
			RW_S3_STORED, NULL, NULL},
		{200, "", "<?xml version=\"1.0\"?>\n   \n<?xml version='1.0'?>"
			RESULT(TAG), RW_S3_STORED, NULL, NULL},
		{200, "", "<s:CompleteMultipartUploadResult xmlns:s=\"y\">"
			"<s:ETag>" MD5 "</s:ETag>"
			"</s:CompleteMultipartUploadResult>", RW_S3_STORED,
			NULL, NULL},
		{200, "", RESULT(""), RW_S3_OPEN, "without an ETag", NULL},
		{200, "", RESULT("<ETag>&quot;any&quot;</ETag>"), RW_S3_OPEN,
			"with the ETag any", NULL},
		{200, KMS, RESULT("<ETag>" ZEROS "-2</ETag>"), RW_S3_OPEN,
			ZEROS, NULL},
		{200, "", "", RW_S3_OPEN, "an empty body", NULL},
		{200, "", "  \n  ", RW_S3_OPEN, "a body of blanks", NULL},
		{200, "", "<?xml version=\"1.0\"?>\n   ", RW_S3_OPEN,
			"incomplete", NULL},
		{200, "", "<CompleteMultipartUploadResult>" TAG, RW_S3_OPEN,
			"incomplete", NULL},
		{200, "", "<!doctype html><p>Sign in", RW_S3_OPEN,
			"an HTML page", NULL},
		{200, "", "<html><body/></html>", RW_S3_OPEN, "an HTML page",
			NULL},
		{200, "", "<Other/>", RW_S3_OPEN, "an XML document Other",
			NULL},
		{200, "", "<!DOCTYPE x>" RESULT(TAG), RW_S3_OPEN, "a DTD",
			NULL},
		{200, "", "gone", RW_S3_OPEN, "not XML", NULL},
		{204, GOOD, "", RW_S3_OPEN, "an empty body", NULL},
		{200, "", "<Error><Code>InternalError</Code></Error>",
			RW_S3_NOT_STORED, "InternalError", "InternalError"},
		{200, "", "<?xml version=\"1.0\"?>\n    \n\n<Error><Code>A"
			"</Code></Error>", RW_S3_NOT_STORED, "the error A",
			"A"},
		{200, "", "     <?xml version=\"1.0\"?><Error><Code>A</Code>"
			"</Error>", RW_S3_NOT_STORED, "the error A", "A"},
		{200, "", "{\"Code\":\"A\"}", RW_S3_NOT_STORED, "the error A",
			"A"},
	};
	struct rw_s3_finding finding;
	struct rw_http_call call;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check("completion", i, &rows[i], rw_s3_judge_completion);
	call = answer(200, "", "<html>");
	rw_s3_judge_start(&call, &finding);
	is_int(finding.verdict, RW_S3_NOT_STORED, "a start without an id");
	ok(strstr(finding.why, "an HTML page") != NULL, "names the answer");
	rw_http_call_free(&call);
}

/* ---- HEAD -------------------------------------------------------------- */

#define SIZE "content-length: 20000\n"
#define META "x-amz-meta-sha256: " SHA256 "\n"

static void
test_head(void)
{
	static const struct {
		int status;
		const char *head, *says;	/* NULL: proved */
	} rows[] = {
		{200, SIZE META, NULL},
		{200, SIZE META ETAG("\"any\""), NULL},
		{200, SIZE META "x-amz-checksum-sha256: " BASE64 "\n", NULL},
		{200, SIZE "x-amz-meta-sha256: E3B0C44298FC1C149AFBF4C8996FB924"
			"27AE41E4649B934CA495991B7852B855\n", NULL},
		{204, SIZE META, "is answered 204"},
		{206, SIZE META, "is answered 206"},
		{200, META, "reports no size"},
		{200, "content-length: \n" META, "not a number"},
		{200, "content-length: 2e4\n" META, "not a number"},
		{200, "content-length: 12\n" META, "reports 12 bytes, and "
			"20000 were sent"},
		{200, SIZE, "no x-amz-meta-sha256"},
		{200, SIZE GOOD, "no x-amz-meta-sha256"},
		{200, SIZE "x-amz-meta-sha256: 12\n", "sha256 12, and"},
		{200, SIZE META "x-amz-checksum-sha256: " OTHER64 "\n",
			"different bytes"},
	};
	char why[RW_S3_WHY_SIZE];
	struct rw_http_call call;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		call = answer(rows[i].status, rows[i].head, "");
		is_int(rw_s3_judge_head(&call, &object, why),
			rows[i].says == NULL, "HEAD %zu", i);
		if (rows[i].says != NULL)
			ok(strstr(why, rows[i].says) != NULL, "%s", why);
		rw_http_call_free(&call);
	}
}

int
main(void)
{
	test_put();
	test_part();
	test_completion();
	test_head();
	return done();
}
