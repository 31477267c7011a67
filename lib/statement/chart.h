/*
 * The scale of a chart's value axis. It has round steps and always includes
 * zero. Only here does an amount become a float, because it becomes a length on
 * paper. Pure functions.
 */
#ifndef RW_STATEMENT_CHART_H
#define RW_STATEMENT_CHART_H

#include <stdint.h>

#include "base/money.h"

struct rw_scale {
	int64_t low, high;	/* amounts; multiples of step; low < high */
	int64_t step;		/* 1, 2, 2.5 or 5 times a power of ten */
};

/* A scale that includes low, high and zero, in at most steps steps (2 or
 * more). */
struct rw_scale
rw_scale_make(int64_t low, int64_t high, int steps);

/* The position of the amount on the scale: 0 at low, 1 at high. */
float
rw_scale_at(const struct rw_scale *scale, int64_t amount);

/* Writes "2.50", with as many decimals as the step needs. */
void
rw_scale_label(const struct rw_scale *scale, int64_t tick,
	char out[RW_MONEY_SIZE]);

#endif
