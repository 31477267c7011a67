#include "wire/cloudfront.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "tap.h"

static char *
pem_of(EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *data;
	long len;

	if (PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL)) {
		len = BIO_get_mem_data(bio, &data);
		text = strndup(data, (size_t)len);
	}
	BIO_free(bio);
	return text;
}

/* The bytes of a signature between Signature= and &. */
static size_t
decode(const char *query, unsigned char *out)
{
	const char *start = strstr(query, "Signature=") + 10;
	size_t len = strcspn(start, "&"), i, pad = 0;
	char text[2048];

	for (i = 0; i < len; i++) {
		text[i] = start[i] == '-' ? '+' : start[i] == '_' ? '=' :
			start[i] == '~' ? '/' : start[i];
		pad += text[i] == '=';
	}
	return (size_t)EVP_DecodeBlock(out, (unsigned char *)text, (int)len) -
		pad;
}

static bool
verifies(EVP_PKEY *key, const char *policy, const char *query)
{
	unsigned char signature[2048];
	size_t len = decode(query, signature);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = EVP_DigestVerifyInit_ex(context, NULL, "SHA1", NULL, NULL,
		key, NULL) == 1 && EVP_DigestVerify(context, signature, len,
		(const unsigned char *)policy, strlen(policy)) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

static void
test_links(EVP_PKEY *key, const char *pem)
{
	static const char url[] = "https://d111111abcdef8.cloudfront.net/a.pdf"
		"?versionId=1";
	static const char policy[] = "{\"Statement\":[{\"Resource\":\""
		"https://d111111abcdef8.cloudfront.net/a.pdf?versionId=1\","
		"\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":%d}}}]}";
	struct rw_cloudfront signer;
	struct rw_buf out = {0};
	struct rw_err err = {0};
	char signed_policy[512];
	int i;

	if (!ok(rw_cloudfront_open(&signer, "K2JCJMDEHXQW5F", pem, &err),
	    "open"))
		return;
	/* Enough of them to see every character of base64. */
	for (i = 0; i < 20; i++) {
		rw_buf_reset(&out);
		ok(rw_cloudfront_presign(&signer, url, 1700000000 + i, &out,
			&err), "a link");
		ok(strspn(rw_buf_text(&out), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
			"ghijklmnopqrstuvwxyz0123456789-_~=&") == out.len,
			"has only characters that may stand in a URL");
		snprintf(signed_policy, sizeof signed_policy, policy,
			1700000000 + i);
		ok(verifies(key, signed_policy, rw_buf_text(&out)),
			"its signature is right");
		ok(strstr(rw_buf_text(&out), "&Key-Pair-Id=K2JCJMDEHXQW5F") !=
			NULL, "it names the key");
	}
	ok(!verifies(key, policy, rw_buf_text(&out)),
		"another policy does not verify");
	rw_cloudfront_close(&signer);
	rw_buf_free(&out);
}

static void
test_bad_keys(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	char *ec = pem_of(key);
	const char *const cases[] = {"", "no key", "-----BEGIN PRIVATE KEY----"
		"-\nAAAA\n-----END PRIVATE KEY-----\n", ec};
	struct rw_cloudfront signer;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		err = (struct rw_err){0};
		ok(!rw_cloudfront_open(&signer, "K", cases[i], &err),
			"a bad key is refused");
		is_int(err.kind, RW_CONFIG, "as RW_CONFIG: %s", err.message);
		rw_cloudfront_close(&signer);
	}
	free(ec);
	EVP_PKEY_free(key);
}

/* One bit of the modulus is another one. */
static void
test_damaged_key(EVP_PKEY *key)
{
	struct rw_cloudfront signer;
	unsigned char *der = NULL;
	int len = i2d_PrivateKey(key, &der);
	BIO *bio = BIO_new(BIO_s_mem());
	struct rw_err err = {0};
	char *data, *pem;
	long size;

	der[len / 8] ^= 1;
	PEM_write_bio(bio, PEM_STRING_RSA, "", der, len);
	size = BIO_get_mem_data(bio, &data);
	pem = strndup(data, (size_t)size);
	ok(!rw_cloudfront_open(&signer, "K", pem, &err),
		"a damaged key is refused");
	is(err.message, "the CloudFront key is damaged: what it signs does "
		"not match its public part", "by name");
	is_int(err.kind, RW_CONFIG, "as RW_CONFIG");
	rw_cloudfront_close(&signer);
	free(pem);
	BIO_free(bio);
	OPENSSL_free(der);
}

int
main(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	char *pem = pem_of(key);

	test_links(key, pem);
	test_bad_keys();
	test_damaged_key(key);
	free(pem);
	EVP_PKEY_free(key);
	return done();
}
