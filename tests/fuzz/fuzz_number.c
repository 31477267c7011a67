/*
 * Any text as a number, a duration, a boolean and a number of bytes.
 */
#include "fuzz.h"

#include <errno.h>

enum { TEN_YEARS = 3660 * 86400 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	char *text = fuzz_rest(&input), *end;
	struct rw_buf words = {0};
	struct rw_err err = {0};
	uint64_t value = 0;
	bool good, yes;

	if (rw_text_to_u64(text, UINT64_MAX, &value)) {
		errno = 0;
		require(strtoull(text, &end, 10) == value && errno == 0);
		require(*end == '\0');
		require(!rw_text_to_u64(text, value - 1, &value) || value == 0);
	}
	good = rw_text_to_seconds(text, &value, &err);
	fuzz_outcome(good, &err);
	if (good) {
		require(value <= TEN_YEARS);
		rw_text_add_duration(&words, value);
		require(words.len > 2);
	}
	(void)rw_text_to_bool(text, &yes);
	rw_buf_free(&words);
	free(text);
	return 0;
}
