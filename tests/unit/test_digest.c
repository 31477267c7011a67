#include "wire/digest.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static const char *const names[] = {"MD5", "SHA-1", "SHA-256"};

/* RFC 1321 A.5, FIPS 180-4 examples. */
static const struct {
	enum rw_digest_name name;
	const char *message;
	const char *hex;
} digests[] = {
	{RW_MD5, "", "d41d8cd98f00b204e9800998ecf8427e"},
	{RW_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
	{RW_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{RW_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
		"91b7852b855"},
	{RW_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb4"
		"10ff61f20015ad"},
	{RW_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db0"
		"6c1"},
};

/* RFC 2202, RFC 4231. */
static const struct {
	enum rw_digest_name name;
	const char *key;
	size_t key_fill;	/* when set: that many bytes 0xaa */
	const char *message;
	const char *hex;
} hmacs[] = {
	{RW_MD5, "Jefe", 0, "what do ya want for nothing?",
		"750c783e6ab0b503eaa86e310a5db738"},
	{RW_SHA1, "Jefe", 0, "what do ya want for nothing?",
		"effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
	{RW_SHA1, NULL, 80, "Test Using Larger Than Block-Size Key - Hash Key "
		"First", "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
	{RW_SHA256, "Jefe", 0, "what do ya want for nothing?",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3"
		"843"},
	{RW_SHA256, NULL, 131, "Test Using Larger Than Block-Size Key - Hash "
		"Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c514"
		"0546040f0ee37f54"},
};

static void
test_digests(void)
{
	unsigned char result[RW_DIGEST_SIZE];
	char hex[RW_SHA256_HEX];
	struct rw_digest digest;
	struct rw_err err = {0};
	size_t i, j;

	for (i = 0; i < sizeof digests / sizeof *digests; i++) {
		if (!ok(rw_digest_open(&digest, digests[i].name, &err),
		    "open %s", names[digests[i].name]))
			continue;
		/* Twice, byte by byte the second time: it can be reused. */
		rw_digest_start(&digest);
		rw_digest_add(&digest, digests[i].message,
			strlen(digests[i].message));
		ok(rw_digest_end(&digest, result, &err), "end");
		rw_digest_hex(result, digest.size, hex);
		is(hex, digests[i].hex, "%s of \"%s\"",
			names[digests[i].name], digests[i].message);
		rw_digest_start(&digest);
		for (j = 0; digests[i].message[j] != '\0'; j++)
			rw_digest_add(&digest, digests[i].message + j, 1);
		ok(rw_digest_end(&digest, result, &err), "end");
		rw_digest_hex(result, digest.size, hex);
		is(hex, digests[i].hex, "the same byte by byte");
		rw_digest_close(&digest);
	}
}

static void
test_hmacs(void)
{
	unsigned char result[RW_DIGEST_SIZE], filled[256];
	char hex[RW_SHA256_HEX];
	struct rw_hmac_key key;
	struct rw_digest digest;
	struct rw_err err = {0};
	size_t i;

	memset(filled, 0xaa, sizeof filled);
	for (i = 0; i < sizeof hmacs / sizeof *hmacs; i++) {
		const void *bytes = hmacs[i].key;
		size_t len = hmacs[i].key_fill;

		if (bytes == NULL)
			bytes = filled;
		else
			len = strlen(hmacs[i].key);
		ok(rw_digest_open(&digest, hmacs[i].name, &err) &&
			rw_hmac_key(&digest, bytes, len, &key, &err) &&
			rw_hmac(&digest, &key, hmacs[i].message,
			strlen(hmacs[i].message), result, &err),
			"HMAC with %s", names[hmacs[i].name]);
		rw_digest_hex(result, digest.size, hex);
		is(hex, hmacs[i].hex, "its value");
		rw_digest_close(&digest);
	}
}

static void
test_files(void)
{
	char path[] = "/tmp/test_digest.XXXXXX", hex[RW_SHA256_HEX];
	char of_bytes[RW_SHA256_HEX];
	static char bytes[200000];
	struct rw_err err = {0};
	size_t len = 0;
	int fd = mkstemp(path);

	memset(bytes, 'x', sizeof bytes);
	ok(fd >= 0 && write(fd, bytes, sizeof bytes) == sizeof bytes,
		"a file of 200,000 bytes");
	ok(rw_sha256_file(path, hex, &len, &err), "its SHA-256");
	is_int((int64_t)len, sizeof bytes, "its length");
	ok(rw_sha256_hex(bytes, sizeof bytes, of_bytes, &err), "of bytes");
	is(hex, of_bytes, "the same of the bytes and of the file");
	close(fd);
	unlink(path);
	ok(!rw_sha256_file(path, hex, NULL, &err), "no file");
	is_int(err.kind, RW_IO, "is RW_IO");
	ok(strstr(err.message, path) != NULL, "that names it: %s",
		err.message);
}

int
main(void)
{
	test_digests();
	test_hmacs();
	test_files();
	return done();
}
