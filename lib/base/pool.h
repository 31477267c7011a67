/*
 * Threads that process tasks. One thread submits the tasks and takes them back.
 * Tasks come back in the order in which they are finished.
 *
 * A task, and everything it points to, belongs to the pool from rw_pool_submit
 * until rw_pool_take returns it. The submitting thread must not use it in
 * between.
 */
#ifndef RW_BASE_POOL_H
#define RW_BASE_POOL_H

#include <stddef.h>

#include "base/err.h"

struct rw_task {		/* the first member of the caller's struct */
	struct rw_task *next;
};

struct rw_pool;

/* How many threads this process can run at once. */
size_t
rw_pool_cores(void);

/* Starts the threads; thread i calls work(states[i], task). states is
 * borrowed until the pool is closed. RW_IO when threads cannot be created. */
bool
rw_pool_open(struct rw_pool **pool, size_t threads,
	void (*work)(void *state, struct rw_task *task), void **states,
	struct rw_err *err);

/* Waits for the submitted tasks and ends the threads. Accepts NULL. Afterwards,
 * tasks that were not taken belong to the caller. */
void
rw_pool_close(struct rw_pool *pool);

void
rw_pool_submit(struct rw_pool *pool, struct rw_task *task);

/* A finished task, or NULL when there is none yet. */
struct rw_task *
rw_pool_take(struct rw_pool *pool);

/* A descriptor for poll(2): readable from the moment that a task is finished,
 * until rw_pool_take returns NULL. */
int
rw_pool_fd(const struct rw_pool *pool);

#endif
