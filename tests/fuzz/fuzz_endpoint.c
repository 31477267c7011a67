/*
 * Any text as the address of a store. What is read, put together again, is read
 * as the same.
 */
#include "fuzz.h"

#include "store/endpoint_bucket.h"
#include "store/store.h"

static void
read_again(const struct rw_endpoint *endpoint)
{
	struct rw_endpoint again = {0};
	struct rw_buf url = {0};
	struct rw_err err = {0};

	rw_buf_addf(&url, "%s://%s%s", endpoint->scheme, endpoint->host,
		endpoint->prefix);
	require(rw_endpoint_parse("A_SETTING", rw_buf_text(&url), false, false,
		&again, &err));
	require(strcmp(again.scheme, endpoint->scheme) == 0);
	require(strcmp(again.host, endpoint->host) == 0);
	require(strcmp(again.prefix, endpoint->prefix) == 0);
	rw_endpoint_free(&again);
	rw_buf_free(&url);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_byte(&input);
	char *text = fuzz_rest(&input);
	struct rw_endpoint endpoint = {0};
	struct rw_err err = {0};
	bool good = rw_endpoint_parse("A_SETTING", text, flags & 1, flags & 2,
		&endpoint, &err);

	fuzz_outcome(good, &err);
	if (good) {
		const struct rw_endpoint_words words = {.name = "A_SETTING",
			.scheme = endpoint.scheme, .host = endpoint.host,
			.prefix = endpoint.prefix, .bucket = "bucket"};

		require(strcmp(endpoint.scheme, "http") == 0 ||
			strcmp(endpoint.scheme, "https") == 0);
		require(fuzz_is_ascii(endpoint.host) && *endpoint.host != '\0');
		require(strpbrk(endpoint.host, "/?#@ ") == NULL);
		require(*endpoint.prefix == '\0' || *endpoint.prefix == '/');
		read_again(&endpoint);
		good = rw_endpoint_lacks_bucket(&words, &err);
		fuzz_outcome(good, &err);
	}
	rw_endpoint_free(&endpoint);
	free(text);
	return 0;
}
