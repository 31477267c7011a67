#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct queue {
	struct rw_task *first, **last;
};

struct worker {
	struct rw_pool *pool;
	void *state;
	pthread_t thread;
};

struct rw_pool {
	pthread_mutex_t lock;		/* protects all members below */
	pthread_cond_t more;		/* todo has grown, or closing is set */
	struct queue todo, done;
	bool closing;
	int event;			/* counted when done got its first task */
	void (*work)(void *state, struct rw_task *task);
	size_t threads;
	struct worker workers[];
};

static void
put(struct queue *queue, struct rw_task *task)
{
	task->next = NULL;
	*queue->last = task;
	queue->last = &task->next;
}

static struct rw_task *
get(struct queue *queue)
{
	struct rw_task *task = queue->first;

	if (task != NULL) {
		queue->first = task->next;
		if (queue->first == NULL)
			queue->last = &queue->first;
	}
	return task;
}

/* The next task; NULL when the pool is closing and nothing is left. */
static struct rw_task *
wait_for_task(struct rw_pool *pool)
{
	struct rw_task *task;

	pthread_mutex_lock(&pool->lock);
	while ((task = get(&pool->todo)) == NULL && !pool->closing)
		pthread_cond_wait(&pool->more, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static void
hand_back(struct rw_pool *pool, struct rw_task *task)
{
	bool first;

	pthread_mutex_lock(&pool->lock);
	first = pool->done.first == NULL;
	put(&pool->done, task);
	pthread_mutex_unlock(&pool->lock);
	/* After unlocking, because the thread that wakes up takes the lock. If
	 * the task was taken already, this is harmless; it cannot block. */
	if (first)
		(void)!write(pool->event, &(uint64_t){1}, sizeof(uint64_t));
}

static void *
run_worker(void *context)
{
	struct worker *worker = context;
	struct rw_task *task;

	while ((task = wait_for_task(worker->pool)) != NULL) {
		worker->pool->work(worker->state, task);
		hand_back(worker->pool, task);
	}
	return NULL;
}

size_t
rw_pool_cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

bool
rw_pool_open(struct rw_pool **opened, size_t threads,
	void (*work)(void *state, struct rw_task *task), void **states,
	struct rw_err *err)
{
	struct rw_pool *pool = calloc(1, sizeof *pool +
		threads * sizeof *pool->workers);
	bool ok;

	if (pool == NULL)
		return rw_fail_memory(err, "threads");
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->more, NULL);
	pool->todo.last = &pool->todo.first;
	pool->done.last = &pool->done.first;
	pool->work = work;
	pool->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ok = pool->event >= 0;
	for (; ok && pool->threads < threads; pool->threads += ok) {
		struct worker *worker = &pool->workers[pool->threads];

		worker->pool = pool;
		worker->state = states[pool->threads];
		ok = pthread_create(&worker->thread, NULL, run_worker, worker) == 0;
	}
	if (!ok) {
		rw_pool_close(pool);
		return rw_fail(err, RW_IO, "cannot start %zu threads",
			threads);
	}
	*opened = pool;
	return true;
}

void
rw_pool_close(struct rw_pool *pool)
{
	size_t i;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->closing = true;
	pthread_cond_broadcast(&pool->more);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->threads; i++)
		pthread_join(pool->workers[i].thread, NULL);
	if (pool->event >= 0)
		close(pool->event);
	pthread_cond_destroy(&pool->more);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

void
rw_pool_submit(struct rw_pool *pool, struct rw_task *task)
{
	pthread_mutex_lock(&pool->lock);
	put(&pool->todo, task);
	pthread_cond_signal(&pool->more);
	pthread_mutex_unlock(&pool->lock);
}

struct rw_task *
rw_pool_take(struct rw_pool *pool)
{
	struct rw_task *task;
	uint64_t count;

	pthread_mutex_lock(&pool->lock);
	task = get(&pool->done);
	if (task == NULL)
		(void)!read(pool->event, &count, sizeof count);
	pthread_mutex_unlock(&pool->lock);
	return task;
}

int
rw_pool_fd(const struct rw_pool *pool)
{
	return pool->event;
}
