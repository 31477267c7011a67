#include "base/gate.h"

void
rw_gate_enter(struct rw_gate *gate, int64_t value)
{
	pthread_mutex_lock(&gate->lock);
	while (gate->inside > 0 && gate->value != value)
		pthread_cond_wait(&gate->empty, &gate->lock);
	gate->value = value;
	gate->inside++;
	pthread_mutex_unlock(&gate->lock);
}

void
rw_gate_leave(struct rw_gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	if (--gate->inside == 0)
		pthread_cond_broadcast(&gate->empty);
	pthread_mutex_unlock(&gate->lock);
}
