/*
 * The pool: every task is processed once and returned once. The gate: no thread
 * finds a different value inside.
 */
#include "tap.h"

#include <poll.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/gate.h"
#include "base/pool.h"

enum { THREADS = 4, TASKS = 2000 };

struct count {
	struct rw_task task;
	int input, output;
};

static atomic_int worked;

static void
square(void *state, struct rw_task *task)
{
	struct count *count = (struct count *)(void *)task;

	count->output = count->input * count->input;
	++*(int *)state;
	atomic_fetch_add(&worked, 1);
}

static struct count *
wait_for_one(struct rw_pool *pool)
{
	struct pollfd ready = {.fd = rw_pool_fd(pool), .events = POLLIN};
	struct rw_task *task;

	while ((task = rw_pool_take(pool)) == NULL)
		if (poll(&ready, 1, 10000) != 1)
			return NULL;
	return (struct count *)(void *)task;
}

static struct rw_gate gate = RW_GATE;
static atomic_int inside[3], met, pair;

static void
pass(void *state, struct rw_task *task)
{
	int value = ((struct count *)(void *)task)->input % 3, i;

	(void)state;
	rw_gate_enter(&gate, value);
	atomic_fetch_add(&inside[value], 1);
	for (i = 0; i < 3; i++)
		if (i != value && atomic_load(&inside[i]) > 0)
			atomic_fetch_add(&met, 1);
	sched_yield();
	atomic_fetch_sub(&inside[value], 1);
	rw_gate_leave(&gate);
}

/* Stays inside until the other one is, too; not for ever, if it cannot. */
static void
wait_inside(void *state, struct rw_task *task)
{
	int i;

	(void)state;
	(void)task;
	rw_gate_enter(&gate, 1);
	atomic_fetch_add(&pair, 1);
	for (i = 0; i < 10000 && atomic_load(&pair) < 2; i++)
		usleep(1000);
	atomic_fetch_add(&met, atomic_load(&pair) != 2);
	rw_gate_leave(&gate);
}

static void
test_gate_of_equals(void)
{
	struct count counts[2] = {0};
	void *states[2] = {NULL};
	struct rw_pool *pool = NULL;
	struct rw_err err = {0};

	ok(rw_pool_open(&pool, 2, wait_inside, states, &err), "a pool opens");
	rw_pool_submit(pool, &counts[0].task);
	rw_pool_submit(pool, &counts[1].task);
	rw_pool_close(pool);
	is_int(met, 0, "equal values are inside at once");
}

static void
test_gate(void)
{
	static struct count counts[TASKS];
	void *states[THREADS] = {NULL};
	struct rw_pool *pool = NULL;
	struct rw_err err = {0};
	int i;

	ok(rw_pool_open(&pool, THREADS, pass, states, &err), "a pool opens");
	for (i = 0; i < TASKS; i++) {
		counts[i].input = i / 8;
		rw_pool_submit(pool, &counts[i].task);
	}
	rw_pool_close(pool);
	is_int(met, 0, "nobody met another value");
}

int
main(void)
{
	static struct count counts[TASKS];
	static bool seen[TASKS];
	int done_by[THREADS] = {0}, i, total = 0, good = 0;
	void *states[THREADS];
	struct rw_pool *pool = NULL;
	struct rw_err err = {0};

	for (i = 0; i < THREADS; i++)
		states[i] = &done_by[i];
	ok(rw_pool_open(&pool, THREADS, square, states, &err),
		"a pool opens %s", err.message);
	ok(rw_pool_take(pool) == NULL, "nothing is done at first");
	for (i = 0; i < TASKS; i++) {
		counts[i].input = i;
		rw_pool_submit(pool, &counts[i].task);
		if (i % 3 == 0) {
			struct count *count = wait_for_one(pool);

			good += count->output == count->input * count->input &&
				!seen[count->input];
			seen[count->input] = true;
		}
	}
	while (good < TASKS) {
		struct count *count = wait_for_one(pool);

		if (count == NULL || seen[count->input])
			break;
		seen[count->input] = true;
		good += count->output == count->input * count->input;
	}
	is_int(good, TASKS, "each comes back once");
	ok(rw_pool_take(pool) == NULL, "nothing is left");
	rw_pool_submit(pool, &counts[0].task);
	rw_pool_close(pool);
	is_int(worked, TASKS + 1, "closing waits for what was submitted");
	for (i = 0; i < THREADS; i++)
		total += done_by[i];
	is_int(total, TASKS + 1, "each thread has its own state");
	rw_pool_close(NULL);
	test_gate();
	test_gate_of_equals();
	return done();
}
