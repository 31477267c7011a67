/*
 * The scale of a chart's value axis: round steps around the amounts, zero
 * always among them. The one place where an amount becomes a float: a length
 * on paper. Pure.
 */
#ifndef RW_STATEMENT_CHART_H
#define RW_STATEMENT_CHART_H

#include <stdint.h>

#include "base/money.h"

struct rw_scale {
	int64_t low, high;	/* amounts; multiples of step; low < high */
	int64_t step;		/* 1, 2, 2.5 or 5 times a power of ten */
};

/* A scale over low to high, and zero, in at most steps steps (2 or more). */
struct rw_scale
rw_scale_make(int64_t low, int64_t high, int steps);

/* The place of the amount on the scale: 0 at low, 1 at high. */
float
rw_scale_at(const struct rw_scale *scale, int64_t amount);

/* "2.50": with as many decimals as the step needs. */
void
rw_scale_label(const struct rw_scale *scale, int64_t tick,
	char out[RW_MONEY_SIZE]);

#endif
