#include "wire/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

bool
rw_digest_open(struct rw_digest *digest, enum rw_digest_name name,
	struct rw_err *err)
{
	static const char *const names[] = {
		[RW_MD5] = "MD5",
		[RW_SHA1] = "SHA1",
		[RW_SHA256] = "SHA256",
	};
	EVP_MD *method = EVP_MD_fetch(NULL, names[name], NULL);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	*digest = (struct rw_digest){.context = context, .method = method};
	if (method == NULL || context == NULL) {
		rw_digest_close(digest);
		return rw_fail(err, RW_CONFIG, "OpenSSL does not offer %s here "
			"(is it restricted to FIPS?)", names[name]);
	}
	digest->size = (size_t)EVP_MD_get_size(method);
	return true;
}

void
rw_digest_close(struct rw_digest *digest)
{
	EVP_MD_CTX_free(digest->context);
	/* Fetched by open and therefore owned; const only for the header. */
	EVP_MD_free((EVP_MD *)(uintptr_t)digest->method);
	*digest = (struct rw_digest){0};
}

void
rw_digest_start(struct rw_digest *digest)
{
	digest->failed = EVP_DigestInit_ex2(digest->context, digest->method,
		NULL) != 1;
}

void
rw_digest_add(struct rw_digest *digest, const void *bytes, size_t len)
{
	if (!digest->failed && len > 0)
		digest->failed = EVP_DigestUpdate(digest->context, bytes,
			len) != 1;
}

bool
rw_digest_end(struct rw_digest *digest, unsigned char out[RW_DIGEST_SIZE],
	struct rw_err *err)
{
	if (digest->failed ||
	    EVP_DigestFinal_ex(digest->context, out, NULL) != 1)
		return rw_fail(err, RW_BUG, "OpenSSL failed in the middle of "
			"a digest");
	return true;
}

bool
rw_hmac_key(struct rw_digest *digest, const void *key, size_t len,
	struct rw_hmac_key *ready, struct rw_err *err)
{
	unsigned char block[RW_DIGEST_BLOCK] = {0};
	bool good = true;
	size_t i;

	if (len > sizeof block) {
		rw_digest_start(digest);
		rw_digest_add(digest, key, len);
		good = rw_digest_end(digest, block, err);
	} else if (len > 0) {
		memcpy(block, key, len);
	}
	for (i = 0; i < sizeof block; i++) {
		ready->inner[i] = block[i] ^ 0x36;
		ready->outer[i] = block[i] ^ 0x5c;
	}
	OPENSSL_cleanse(block, sizeof block);
	return good;
}

bool
rw_hmac(struct rw_digest *digest, const struct rw_hmac_key *key,
	const void *bytes, size_t len, unsigned char out[RW_DIGEST_SIZE],
	struct rw_err *err)
{
	unsigned char inner[RW_DIGEST_SIZE];

	rw_digest_start(digest);
	rw_digest_add(digest, key->inner, sizeof key->inner);
	rw_digest_add(digest, bytes, len);
	if (!rw_digest_end(digest, inner, err))
		return false;
	rw_digest_start(digest);
	rw_digest_add(digest, key->outer, sizeof key->outer);
	rw_digest_add(digest, inner, digest->size);
	return rw_digest_end(digest, out, err);
}

void
rw_digest_hex(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

bool
rw_sha256_hex(const void *bytes, size_t len, char out[RW_SHA256_HEX],
	struct rw_err *err)
{
	unsigned char result[RW_DIGEST_SIZE];
	struct rw_digest digest;
	bool good;

	if (!rw_digest_open(&digest, RW_SHA256, err))
		return false;
	rw_digest_start(&digest);
	rw_digest_add(&digest, bytes, len);
	good = rw_digest_end(&digest, result, err);
	if (good)
		rw_digest_hex(result, digest.size, out);
	rw_digest_close(&digest);
	return good;
}

static bool
add_file(struct rw_digest *digest, int fd, const char *path, size_t *length,
	struct rw_err *err)
{
	unsigned char bytes[65536];
	ssize_t n;

	*length = 0;
	for (;;) {
		n = read(fd, bytes, sizeof bytes);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rw_fail_errno(err, RW_IO, "cannot read %s",
				path);
		if (n == 0)
			return true;
		rw_digest_add(digest, bytes, (size_t)n);
		*length += (size_t)n;
	}
}

bool
rw_sha256_fd(int fd, const char *name, char out[RW_SHA256_HEX],
	size_t *length, struct rw_err *err)
{
	unsigned char result[RW_DIGEST_SIZE];
	struct rw_digest digest = {0};
	size_t read_bytes;
	bool good;

	if (!rw_digest_open(&digest, RW_SHA256, err))
		return false;
	rw_digest_start(&digest);
	good = add_file(&digest, fd, name, &read_bytes, err) &&
		rw_digest_end(&digest, result, err);
	if (good)
		rw_digest_hex(result, digest.size, out);
	if (good && length != NULL)
		*length = read_bytes;
	rw_digest_close(&digest);
	return good;
}

bool
rw_sha256_file(const char *path, char out[RW_SHA256_HEX], size_t *length,
	struct rw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	good = rw_sha256_fd(fd, path, out, length, err);
	close(fd);
	return good;
}
