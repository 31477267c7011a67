/*
 * Any text as the name of a time zone. TZ is afterwards as it was before.
 */
#include "fuzz.h"

#include "base/period.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	int64_t now = (int64_t)fuzz_number(&input, 4);
	char *zone = fuzz_rest(&input);
	struct rw_period period;
	struct rw_err err = {0};
	bool good;

	require(setenv("TZ", "Asia/Tokyo", 1) == 0);
	good = rw_period_last(now, zone, &period, &err);
	fuzz_outcome(good, &err);
	require(good || err.kind == RW_CONFIG || err.kind == RW_DATA);
	require(!good || (period.month >= 1 && period.month <= 12 &&
		period.year >= 1969 && period.year <= 2200));
	require(strcmp(getenv("TZ"), "Asia/Tokyo") == 0);
	free(zone);
	return 0;
}
