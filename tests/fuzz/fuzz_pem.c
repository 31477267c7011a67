/*
 * Any text as the private key of CloudFront's links, and any URL in them. A key
 * that is taken signs, twice the same, in the letters of a query.
 */
#include "fuzz.h"

#include "wire/cloudfront.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=&-_~";
	struct fuzz_input input = {data, size};
	char *url = fuzz_text(&input), *pem = fuzz_rest(&input);
	struct rw_cloudfront signer = {0};
	struct rw_buf first = {0}, second = {0};
	struct rw_err err = {0};
	bool good = rw_cloudfront_open(&signer, "KEYID", pem, &err);

	fuzz_outcome(good, &err);
	require(good || err.kind == RW_CONFIG);
	if (good) {
		good = rw_cloudfront_presign(&signer, url, 1700000000, &first,
			&err);
		fuzz_outcome(good, &err);
		require(good || first.len == 0);
		require(strspn(rw_buf_text(&first), letters) == first.len);
		require(rw_cloudfront_presign(&signer, url, 1700000000,
			&second, &err) == good);
		require(strcmp(rw_buf_text(&first), rw_buf_text(&second)) == 0);
	}
	rw_cloudfront_close(&signer);
	rw_buf_free(&first);
	rw_buf_free(&second);
	free(url);
	free(pem);
	return 0;
}
