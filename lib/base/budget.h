/*
 * A deadline that moves as bytes are transferred: a slow but steady connection
 * never reaches it, but a peer that sends a byte now and then does. Pure: the
 * caller passes the clock.
 *
 * The budget starts with a stock of time. The stock decreases as time passes,
 * and increases by one second for every "rate" bytes, but never above its
 * initial value. When it is empty, the budget is spent. Therefore a transfer at
 * that rate or faster is never stopped, and a transfer that stalls or trickles
 * is stopped when the stock is used up. A complete transfer takes at most the
 * stock plus bytes/rate.
 */
#ifndef RW_BASE_BUDGET_H
#define RW_BASE_BUDGET_H

#include <stdint.h>

struct rw_budget {
	/* private */
	int64_t most_us, left_us;
	int64_t rate;		/* bytes a second */
	int64_t at_ms;		/* time of the last update */
};

/* rate in bytes a second, at least 1. */
void
rw_budget_start(struct rw_budget *budget, int64_t most_ms, int64_t rate,
	int64_t now_ms);

/* Adds the time for transferred bytes. */
void
rw_budget_earn(struct rw_budget *budget, uint64_t bytes);

/* The milliseconds that remain if nothing is transferred; 0: the budget is
 * spent. */
int64_t
rw_budget_left_ms(struct rw_budget *budget, int64_t now_ms);

/* Subtracts ms from the stock, independent of the clock. */
void
rw_budget_spend(struct rw_budget *budget, int64_t ms);

/* Does not count the time since the last call. */
void
rw_budget_pause(struct rw_budget *budget, int64_t now_ms);

#endif
