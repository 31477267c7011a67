#include "wire/cloudfront.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/text.h"

enum { SIGNATURE_MAX = 1024 };	/* bytes: RSA with 8192 bits */

/* A daemon must not stop to ask for a pass phrase. */
static int
no_pass_phrase(char *out, int size, int writing, void *context)
{
	(void)out, (void)size, (void)writing, (void)context;
	return -1;
}

static bool
sign(EVP_PKEY *key, const struct rw_buf *policy, unsigned char *out,
	size_t *len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context != NULL &&
		EVP_DigestSignInit_ex(context, NULL, "SHA1", NULL, NULL, key,
		NULL) == 1 &&
		EVP_DigestSign(context, out, len,
		(const unsigned char *)policy->data, policy->len) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

/* Of a key that was damaged, signatures differ from one to the next, and no
 * public key verifies them. */
static bool
verifies_own(EVP_PKEY *key)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t len = sizeof signature;
	struct rw_buf text = {0};
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good;

	rw_buf_adds(&text, "report-worker");
	good = context != NULL && sign(key, &text, signature, &len) &&
		EVP_DigestVerifyInit_ex(context, NULL, "SHA1", NULL, NULL,
		key, NULL) == 1 &&
		EVP_DigestVerify(context, signature, len,
		(const unsigned char *)text.data, text.len) == 1;
	EVP_MD_CTX_free(context);
	rw_buf_free(&text);
	return good;
}

bool
rw_cloudfront_open(struct rw_cloudfront *signer, const char *key_id,
	const char *pem, struct rw_err *err)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL,
		no_pass_phrase, NULL);

	BIO_free(bio);
	*signer = (struct rw_cloudfront){.key_id = key_id, .key = key};
	if (key == NULL)
		return rw_fail(err, RW_CONFIG, "the CloudFront key cannot be "
			"read: expected an RSA private key in PEM without a "
			"pass phrase");
	if (EVP_PKEY_is_a(key, "RSA") != 1 ||
	    EVP_PKEY_get_size(key) > SIGNATURE_MAX) {
		rw_cloudfront_close(signer);
		return rw_fail(err, RW_CONFIG, "the CloudFront key is not an "
			"RSA key of at most %d bits", SIGNATURE_MAX * 8);
	}
	if (!verifies_own(key)) {
		rw_cloudfront_close(signer);
		return rw_fail(err, RW_CONFIG, "the CloudFront key is damaged: "
			"what it signs does not match its public part");
	}
	return true;
}

void
rw_cloudfront_close(struct rw_cloudfront *signer)
{
	EVP_PKEY_free(signer->key);
	*signer = (struct rw_cloudfront){0};
}

/* Base64, with replacements for the three characters that are special in a
 * URL. */
static void
add_url_base64(struct rw_buf *out, const unsigned char *bytes, size_t len)
{
	size_t start = out->len, i;

	rw_text_add_base64(out, bytes, len);
	for (i = start; i < out->len; i++)
		switch (out->data[i]) {
		case '+':
			out->data[i] = '-';
			break;
		case '=':
			out->data[i] = '_';
			break;
		case '/':
			out->data[i] = '~';
			break;
		default:
			break;
		}
}

bool
rw_cloudfront_presign(struct rw_cloudfront *signer, const char *url,
	int64_t expires_at, struct rw_buf *out, struct rw_err *err)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t len = sizeof signature;
	struct rw_buf policy = {0};
	bool good;

	/* The bytes must be exactly these: CloudFront builds the same policy
	 * and compares. */
	rw_buf_addf(&policy, "{\"Statement\":[{\"Resource\":\"%s\","
		"\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":%lld}}}]}",
		url, (long long)expires_at);
	good = rw_buf_ok(&policy, "a CloudFront policy", err);
	if (good && !sign(signer->key, &policy, signature, &len))
		good = rw_fail(err, RW_BUG, "OpenSSL failed to sign a "
			"CloudFront policy");
	if (good) {
		rw_buf_addf(out, "Expires=%lld&Signature=",
			(long long)expires_at);
		add_url_base64(out, signature, len);
		rw_buf_adds(out, "&Key-Pair-Id=");
		rw_text_add_percent(out, signer->key_id, "");
		good = rw_buf_ok(out, "a link", err);
	}
	rw_buf_free(&policy);
	return good;
}
