/*
 * The pool: every task is worked off once and comes back once.
 */
#include "tap.h"

#include <poll.h>
#include <stdatomic.h>

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
	return done();
}
