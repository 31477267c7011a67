/*
 * Time that bytes earn: a deadline that a slow but steady connection never
 * reaches, and that a peer which sends a byte now and then does. Pure: the
 * clock comes from outside.
 *
 * There is a stock of time, full at the start. It goes down as time passes, and
 * up by a second for so many bytes; never above what it was at the start. When
 * it is empty the budget is spent. So a transfer at that rate, or faster, is
 * never stopped; a transfer that stalls, or drips, is stopped when the stock is
 * used up; and a whole transfer takes at most the stock plus bytes/rate.
 */
#ifndef RW_BASE_BUDGET_H
#define RW_BASE_BUDGET_H

#include <stdint.h>

struct rw_budget {
	/* private */
	int64_t most_us, left_us;
	int64_t rate;		/* bytes a second */
	int64_t at_ms;		/* of the last look */
};

/* rate in bytes a second, at least 1. */
void
rw_budget_start(struct rw_budget *budget, int64_t most_ms, int64_t rate,
	int64_t now_ms);

/* Bytes have moved. */
void
rw_budget_earn(struct rw_budget *budget, uint64_t bytes);

/* The milliseconds that are left if nothing moves; 0: it is spent. */
int64_t
rw_budget_left_ms(struct rw_budget *budget, int64_t now_ms);

/* Takes ms off, whatever the time is. */
void
rw_budget_spend(struct rw_budget *budget, int64_t ms);

/* What has passed since the last look costs nothing. */
void
rw_budget_pause(struct rw_budget *budget, int64_t now_ms);

#endif
