/*
 * Chart scales.
 */
#include "tap.h"
#include "statement/chart.h"

static const struct {
	int64_t low, high;
	int steps;
	int64_t want_low, want_high, want_step;
} cases[] = {
	{-50000, 70000, 4, -50000, 100000, 50000},
	{0, 100, 4, 0, 100, 25},
	{0, 3, 4, 0, 3, 1},
	{0, 9, 4, 0, 10, 5},
	{120, 130, 4, 0, 150, 50},
	{-130, -120, 4, -150, 0, 50},
	{0, 0, 4, 0, 10000, 2500},
	{-1, 1, 2, -1, 1, 1},
	{0, 112543339600, 4, 0, 150000000000, 50000000000},
	{0, 2010000, 3, 0, 3000000, 1000000},
	{-340000000000000000, 0, 3, -400000000000000000, 0,
		200000000000000000},
	{0, 1000000000000000000, 5, 0, 1000000000000000000,
		200000000000000000},
	{-INT64_MAX, INT64_MAX, 4, -9000000000000000000,
		9000000000000000000, 1000000000000000000},
};

int
main(void)
{
	char label[RW_MONEY_SIZE];
	struct rw_scale scale;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		scale = rw_scale_make(cases[i].low, cases[i].high,
			cases[i].steps);
		is_int(scale.low, cases[i].want_low, "case %zu: low", i);
		is_int(scale.high, cases[i].want_high, "case %zu: high", i);
		is_int(scale.step, cases[i].want_step, "case %zu: step", i);
	}
	ok(rw_scale_at(&scale, scale.low) == 0.0F &&
		rw_scale_at(&scale, scale.high) == 1.0F,
		"its ends are 0 and 1");
	scale = rw_scale_make(0, 100000, 4);
	ok(rw_scale_at(&scale, 50000) == 0.5F, "the middle is a half");
	rw_scale_label(&scale, 75000, label);
	is(label, "7.5", "a label has the decimals of the step");
	return done();
}
