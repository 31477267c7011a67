/*
 * A gate that many threads pass at once as long as they bring the same value:
 * for what a library keeps in one place for all threads, where equal values do
 * no harm.
 */
#ifndef RW_BASE_GATE_H
#define RW_BASE_GATE_H

#include <pthread.h>
#include <stdint.h>

struct rw_gate {
	pthread_mutex_t lock;
	pthread_cond_t empty;
	int64_t value;		/* of those inside */
	unsigned inside;
};

#define RW_GATE {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0}

/* Waits until nobody with another value is inside. */
void
rw_gate_enter(struct rw_gate *gate, int64_t value);

void
rw_gate_leave(struct rw_gate *gate);

#endif
