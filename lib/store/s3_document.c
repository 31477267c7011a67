#include "store/s3_document.h"

#include "base/text.h"
#include "wire/digest.h"

enum { MD5_SIZE = 16 };

bool
rw_s3_document_get(struct rw_s3 *s3, struct rw_s3_call *call,
	const char *query, struct rw_err *err)
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

bool
rw_s3_document_put(struct rw_s3 *s3, struct rw_s3_call *call,
	const char *query, const struct rw_buf *body, struct rw_err *err)
{
	struct rw_buf md5 = {0};
	char sha256[RW_SHA256_HEX];
	struct rw_header headers[2];
	bool good = digests(body, &md5, sha256, err);

	if (good) {
		headers[0] = (struct rw_header){"content-md5",
			rw_buf_text(&md5)};
		headers[1] = (struct rw_header){"content-type",
			"application/xml"};
		call->method = "PUT";
		call->query = query;
		call->headers = headers;
		call->header_count = 2;
		call->has_body = true;
		call->sha256 = sha256;
		call->body = (struct rw_http_body){.bytes = rw_buf_text(body),
			.fd = -1, .len = body->len};
		good = rw_s3_do(s3, call, err);
		/* They are no longer valid. */
		call->headers = NULL;
		call->header_count = 0;
		call->sha256 = NULL;
	}
	rw_buf_free(&md5);
	return good;
}
