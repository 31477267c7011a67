/*
 * Any bytes as a TrueType font. What is embedded passes the check that libharu
 * needs, and does not grow when it is reduced again.
 */
#include "fuzz.h"

#include "wire/truetype.h"
#include "wire/truetype_check.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rw_char_range ranges[] = {{0x20, 0x7e},
		{0x370, 0x3ff}, {0x1ea0, 0x1eff}};
	const size_t count = sizeof ranges / sizeof *ranges;
	struct rw_buf small = {0}, again = {0};
	struct rw_err err = {0};
	bool good;

	good = rw_truetype_check(data, size, "font", &err);
	fuzz_outcome(good, &err);
	err = (struct rw_err){0};
	good = rw_truetype_reduce(data, size, "font", ranges, count, &small,
		&err);
	fuzz_outcome(good, &err);
	require(good || small.len == 0);
	if (good) {
		require(rw_truetype_check(small.data, small.len, "font", &err));
		good = rw_truetype_reduce(small.data, small.len, "font",
			ranges, count, &again, &err);
		fuzz_outcome(good, &err);
		require(!good || again.len <= small.len);
	}
	rw_buf_free(&small);
	rw_buf_free(&again);
	return 0;
}
