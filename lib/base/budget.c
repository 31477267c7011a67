#include "base/budget.h"

enum { US = 1000 };

void
rw_budget_start(struct rw_budget *budget, int64_t most_ms, int64_t rate,
	int64_t now_ms)
{
	*budget = (struct rw_budget){.most_us = most_ms * US,
		.left_us = most_ms * US, .rate = rate > 0 ? rate : 1,
		.at_ms = now_ms};
}

void
rw_budget_earn(struct rw_budget *budget, uint64_t bytes)
{
	int64_t missing_us = budget->most_us - budget->left_us;

	/* Divides instead of multiplying: bytes can be any number. */
	if (bytes / (uint64_t)budget->rate >= (uint64_t)missing_us / 1000000 +
	    1) {
		budget->left_us = budget->most_us;
		return;
	}
	budget->left_us += (int64_t)(bytes * 1000000 / (uint64_t)budget->rate);
	if (budget->left_us > budget->most_us)
		budget->left_us = budget->most_us;
}

void
rw_budget_spend(struct rw_budget *budget, int64_t ms)
{
	budget->left_us -= ms * US;
	if (budget->left_us < 0)
		budget->left_us = 0;
}

int64_t
rw_budget_left_ms(struct rw_budget *budget, int64_t now_ms)
{
	if (now_ms > budget->at_ms)
		rw_budget_spend(budget, now_ms - budget->at_ms);
	budget->at_ms = now_ms;
	return (budget->left_us + US - 1) / US;
}

void
rw_budget_pause(struct rw_budget *budget, int64_t now_ms)
{
	budget->at_ms = now_ms;
}
