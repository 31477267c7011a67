#include "statement/chart.h"

#include <stdbool.h>

/* The largest step, and the limit that amounts are clamped to, so that the next
 * multiple of the step still fits into an int64_t. */
static const int64_t largest = 1000000000000000000;
static const int64_t limit = 9 * 1000000000000000000;

/* The number of steps between zero and amount, rounded away from zero. */
static int64_t
steps_to(int64_t amount, int64_t step)
{
	return amount / step + (amount % step > 0) - (amount % step < 0);
}

static bool
is_enough(int64_t low, int64_t high, int64_t step, int steps)
{
	return (uint64_t)steps_to(high, step) +
		(uint64_t)-steps_to(low, step) <= (uint64_t)steps;
}

static int64_t
find_step(int64_t low, int64_t high, int steps)
{
	static const int64_t tenths[] = {10, 20, 25, 50};
	int64_t power;
	size_t i;

	for (power = 1; power < largest; power *= 10)
		for (i = 0; i < sizeof tenths / sizeof *tenths; i++) {
			int64_t step = tenths[i] * power;

			if (step % 10 == 0 && is_enough(low, high, step / 10,
			    steps))
				return step / 10;
		}
	return largest;
}

struct rw_scale
rw_scale_make(int64_t low, int64_t high, int steps)
{
	struct rw_scale scale;

	low = low > 0 ? 0 : low < -limit ? -limit : low;
	high = high < 0 ? 0 : high > limit ? limit : high;
	if (low == high)
		high = RW_MONEY_ONE;
	scale.step = find_step(low, high, steps);
	scale.low = steps_to(low, scale.step) * scale.step;
	scale.high = steps_to(high, scale.step) * scale.step;
	return scale;
}

float
rw_scale_at(const struct rw_scale *scale, int64_t amount)
{
	double low = (double)scale->low;

	return (float)(((double)amount - low) / ((double)scale->high - low));
}

void
rw_scale_label(const struct rw_scale *scale, int64_t tick,
	char out[RW_MONEY_SIZE])
{
	rw_money_grouped(out, tick, rw_money_decimals(scale->step));
}
