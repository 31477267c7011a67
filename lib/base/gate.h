/*
 * A gate that admits threads with the same value at the same time. For state
 * that a library keeps once for all threads: threads can share it while they
 * need the same value.
 */
#ifndef RW_BASE_GATE_H
#define RW_BASE_GATE_H

#include <pthread.h>
#include <stdint.h>

struct rw_gate {
	pthread_mutex_t lock;
	pthread_cond_t empty;
	int64_t value;		/* of the threads inside */
	unsigned inside;
};

#define RW_GATE {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0}

/* Waits until no thread with a different value is inside. */
void
rw_gate_enter(struct rw_gate *gate, int64_t value);

void
rw_gate_leave(struct rw_gate *gate);

#endif
