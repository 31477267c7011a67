#include "base/budget.h"

#include "tap.h"

/* A budget of 10 s at 1000 bytes a second: so many bytes, so often, in a time;
 * when it is spent. */
static const struct {
	const char *name;
	int64_t every_ms;
	uint64_t bytes;
	int64_t until_ms;	/* nothing moves from then on */
	int64_t spent_ms;	/* -1: not within an hour */
} cases[] = {
	{"nothing moves", 1000, 0, 0, 10000},
	{"one byte a second", 1000, 1, INT64_MAX, 10010},
	{"a tenth of the rate", 1000, 100, INT64_MAX, 11000},
	{"half of the rate", 1000, 500, INT64_MAX, 19000},
	{"just the rate, in lumps", 5000, 5000, INT64_MAX, -1},
	{"lumps that are too far apart", 11000, 1u << 30, INT64_MAX, 10000},
	{"fast, then nothing", 100, 1u << 30, 60000, 70000},
	{"more than can be counted", 100, UINT64_MAX, 60000, 70000},
	{"fast, then one byte a second", 1000, 1000000, 1000, 11000},
};

/* Looks every 10 ms. */
static int64_t
spent_at(size_t i)
{
	struct rw_budget budget;
	int64_t now;

	rw_budget_start(&budget, 10000, 1000, 500);
	for (now = 0; now <= 3600000; now += 10) {
		if (rw_budget_left_ms(&budget, now + 500) == 0)
			return now;
		if (now % cases[i].every_ms == 0 && now > 0 &&
		    now <= cases[i].until_ms)
			rw_budget_earn(&budget, cases[i].bytes);
	}
	return -1;
}

int
main(void)
{
	struct rw_budget budget;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		is_int(spent_at(i), cases[i].spent_ms, "%s", cases[i].name);
	rw_budget_start(&budget, 10000, 1000, 0);
	is_int(rw_budget_left_ms(&budget, 4000), 6000, "time passes");
	rw_budget_pause(&budget, 9000);
	is_int(rw_budget_left_ms(&budget, 9000), 6000, "a pause costs nothing");
	rw_budget_earn(&budget, 2500);
	is_int(rw_budget_left_ms(&budget, 9000), 8500, "bytes earn time");
	rw_budget_earn(&budget, 3000);
	is_int(rw_budget_left_ms(&budget, 9000), 10000, "and no more than all");
	is_int(rw_budget_left_ms(&budget, 8000), 10000,
		"a clock that goes back costs nothing");
	rw_budget_start(&budget, 10000, 0, 0);
	rw_budget_left_ms(&budget, 9000);
	rw_budget_earn(&budget, 5);
	is_int(rw_budget_left_ms(&budget, 9000), 6000, "a rate of 0 is 1");
	return done();
}
