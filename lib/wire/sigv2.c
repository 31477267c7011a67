#include "wire/sigv2.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

bool
rw_sigv2_open(struct rw_sigv2 *signer, const struct rw_identity *identity,
	struct rw_err *err)
{
	*signer = (struct rw_sigv2){.identity = *identity};
	if (!rw_digest_open(&signer->sha1, RW_SHA1, err) ||
	    !rw_hmac_key(&signer->sha1, identity->secret_key,
	    strlen(identity->secret_key), &signer->key, err))
		return false;
	rw_buf_adds(&signer->access, "AWSAccessKeyId=");
	rw_text_add_percent(&signer->access, identity->access_key, "");
	rw_buf_adds(&signer->access, "&Signature=");
	if (identity->token != NULL) {
		rw_buf_adds(&signer->token, "&x-amz-security-token=");
		rw_text_add_percent(&signer->token, identity->token, "");
	}
	return rw_buf_ok(&signer->access, "the access key", err) &&
		rw_buf_ok(&signer->token, "the session token", err);
}

void
rw_sigv2_close(struct rw_sigv2 *signer)
{
	explicit_bzero(&signer->key, sizeof signer->key);
	rw_digest_close(&signer->sha1);
	rw_buf_free(&signer->access);
	rw_buf_free(&signer->token);
	rw_buf_free(&signer->to_sign);
	*signer = (struct rw_sigv2){0};
}

static void
compose(struct rw_sigv2 *signer, const struct rw_sigv2_link *link,
	const char *expires)
{
	struct rw_buf *text = &signer->to_sign;

	rw_buf_reset(text);
	rw_buf_adds(text, "GET\n\n\n");
	rw_buf_adds(text, expires);
	rw_buf_addc(text, '\n');
	if (signer->identity.token != NULL) {
		rw_buf_adds(text, "x-amz-security-token:");
		rw_buf_adds(text, signer->identity.token);
		rw_buf_addc(text, '\n');
	}
	rw_buf_adds(text, link->resource);
}

bool
rw_sigv2_presign(struct rw_sigv2 *signer, const struct rw_sigv2_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	unsigned char result[RW_DIGEST_SIZE];
	struct rw_buf *text = &signer->to_sign;
	char expires[24];

	snprintf(expires, sizeof expires, "%lld", (long long)link->expires_at);
	compose(signer, link, expires);
	if (!rw_buf_ok(text, "the string to sign", err) ||
	    !rw_hmac(&signer->sha1, &signer->key, text->data, text->len,
	    result, err))
		return false;
	if (link->query[0] != '\0') {
		rw_buf_adds(out, link->query);
		rw_buf_addc(out, '&');
	}
	rw_buf_add(out, rw_buf_text(&signer->access), signer->access.len);
	rw_buf_reset(text);
	rw_text_add_base64(text, result, signer->sha1.size);
	rw_text_add_percent(out, rw_buf_text(text), "");
	rw_buf_add(out, rw_buf_text(&signer->token), signer->token.len);
	rw_buf_adds(out, "&Expires=");
	rw_buf_adds(out, expires);
	return rw_buf_ok(text, "a signature", err) &&
		rw_buf_ok(out, "a link", err);
}
