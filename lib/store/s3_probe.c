#include "store/s3_probe.h"

#include "base/text.h"
#include "store/s3_proof_priv.h"
#include "wire/digest.h"

enum { MD5_SIZE = 16 };

struct probe {
	char md5[2 * MD5_SIZE + 1], sha256[RW_SHA256_HEX];
	struct rw_buf md5_base64;
	struct rw_s3_object object;
	struct rw_err doubt;
	struct rw_s3_proof proof;
	bool is_done, good;
	struct rw_err failure;
};

static bool
digest(struct probe *p, const void *bytes, size_t len, struct rw_err *err)
{
	unsigned char md5[RW_DIGEST_SIZE];
	struct rw_digest digest;
	bool good;

	if (!rw_digest_open(&digest, RW_MD5, err))
		return false;
	rw_digest_start(&digest);
	rw_digest_add(&digest, bytes, len);
	good = rw_digest_end(&digest, md5, err);
	rw_digest_close(&digest);
	if (!good)
		return false;
	rw_digest_hex(md5, MD5_SIZE, p->md5);
	rw_text_add_base64(&p->md5_base64, md5, MD5_SIZE);
	p->object = (struct rw_s3_object){.md5 = p->md5, .sha256 = p->sha256,
		.body_sha256 = p->sha256, .size = len};
	return rw_sha256_hex(bytes, len, p->sha256, err) &&
		rw_buf_ok(&p->md5_base64, "a digest", err);
}

static bool
probe_is_possible(struct rw_s3_call *call, struct rw_err *why)
{
	struct probe *p = call->context;
	struct rw_s3_finding finding;

	rw_s3_judge_put(&call->http, &p->object, &finding);
	p->doubt = (struct rw_err){0};
	if (finding.verdict == RW_S3_OPEN)
		rw_s3_finding_fail(&finding, call, &p->doubt);
	return finding.verdict != RW_S3_NOT_STORED ||
		rw_s3_finding_fail(&finding, call, why);
}

static void
probe_is_proved(void *context, const struct rw_http_call *answer,
	const struct rw_err *failure)
{
	struct probe *p = context;

	(void)answer;
	p->is_done = true;
	p->good = failure == NULL;
	if (failure != NULL)
		p->failure = *failure;
}

static bool
prove(struct probe *p, struct rw_s3 *s3, const char *key, struct rw_err *err)
{
	p->proof.object = p->object;
	p->proof.key = key;
	p->proof.is_claimed = true;
	p->proof.done = probe_is_proved;
	p->proof.context = p;
	rw_s3_proof_start(&p->proof, s3, &p->doubt);
	while (!p->is_done)
		if (!rw_s3_run(s3, -1, err))
			return false;
	if (!p->good && err != NULL)
		*err = p->failure;
	return p->good;
}

bool
rw_s3_probe_put(struct rw_s3 *s3, const char *key, const void *bytes,
	size_t len, struct rw_s3_call *call, struct rw_err *err)
{
	struct probe p = {0};
	struct rw_header headers[3];
	bool good = digest(&p, bytes, len, err);

	if (good) {
		headers[0] = (struct rw_header){"content-md5",
			rw_buf_text(&p.md5_base64)};
		headers[1] = (struct rw_header){"content-type", "text/plain"};
		headers[2] = (struct rw_header){"x-amz-meta-sha256", p.sha256};
		*call = (struct rw_s3_call){.method = "PUT", .key = key,
			.headers = headers, .header_count = 3,
			.has_body = true, .sha256 = p.sha256,
			.body = {.bytes = bytes, .fd = -1, .len = len},
			.accepts = probe_is_possible, .context = &p};
		good = rw_s3_do(s3, call, err);
		good = good && (p.doubt.kind == RW_OK ||
			prove(&p, s3, key, err));
		/* Borrowed until here. */
		call->headers = NULL;
		call->header_count = 0;
		call->sha256 = NULL;
		call->context = NULL;
	}
	rw_s3_proof_free(&p.proof);
	rw_buf_free(&p.md5_base64);
	return good;
}
