#include "base/budget.h"
#include "store/s3.h"

#include "tap.h"

/* A budget of 10 s at 1000 bytes a second: the number of bytes, their interval,
 * the time, and when the budget is spent. */
static const struct {
	const char *name;
	int64_t every_ms;
	uint64_t bytes;
	int64_t until_ms;	/* no bytes arrive after this time */
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

/* The store's own figures: bytes over a line that all share, looked at twice a
 * second; at_ms is when one of the two budgets was spent, -1: never. */
static int64_t
upload(int64_t bytes, int64_t line, int64_t connections)
{
	struct rw_budget all, one;
	int64_t now, step = line / 2;

	rw_budget_start(&all, RW_S3_STALL_S * RW_S3_BUDGET_STALLS * 500,
		RW_S3_LEAST_RATE, 0);
	rw_budget_start(&one, RW_S3_STALL_S * 1000, RW_S3_LEAST_RATE /
		(RW_S3_LEAST_PART * connections) + 1, 0);
	for (now = 500; bytes > 0; now += 500, bytes -= step) {
		if (rw_budget_left_ms(&all, now) == 0 ||
		    rw_budget_left_ms(&one, now) == 0)
			return now;
		rw_budget_earn(&all, (uint64_t)step);
		rw_budget_earn(&one, (uint64_t)(step / connections));
	}
	return -1;
}

static void
test_lines(void)
{
	const int64_t gb = 1000000000, kb = 1024;

	is_int(upload(gb, 64 * kb, 8), -1, "1 GB over 64 kB/s");
	is_int(upload(gb, 40 * kb, 8), -1, "1 GB over 40 kB/s");
	is_int(upload(gb, 64 * kb, 1), -1, "1 GB over one connection");
	is_int(upload(6000 * 60 * kb, 64 * kb, 8), -1, "6,000 reports");
	is_int(upload(gb, 64 * kb, 200), -1, "1 GB over 200 connections");
	ok(upload(gb, 16 * kb, 8) <= 101000, "1 GB over 16 kB/s is given up");
	ok(upload(30 * 60 * kb, 2, 8) <= 51000, "a drip is given up");
}

int
main(void)
{
	struct rw_budget budget;
	size_t i;

	test_lines();

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
