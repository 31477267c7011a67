/*
 * What the ledger knows of a follower besides the report: the months before it,
 * and, for a correction, the revision that it replaces. Both are members of the
 * line that rw-record --lookup sets, earlier_months and replaces (rw-lines(5)).
 *
 * Amounts and percentages as in base/money.h.
 *
 * Errors: RW_DATA, naming the member, for a value of a wrong form.
 */
#ifndef RW_STATEMENT_EARLIER_H
#define RW_STATEMENT_EARLIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "record/record.h"

enum {
	RW_EARLIER_MONTHS = 12,
	RW_REPLACED_DAYS = 31,
};

/* A month that was sent in the currency of the report. */
struct rw_earlier_month {
	struct rw_period period;
	int64_t pnl, commission;
	bool has_opening;
	int64_t opening;
};

struct rw_earlier_sum {
	int64_t months;			/* 0: none */
	struct rw_period first;
	int64_t pnl, commission;
};

struct rw_earlier {
	struct rw_earlier_month months[RW_EARLIER_MONTHS]; /* in order */
	size_t count;
	struct rw_earlier_sum year, all;	/* without the report's month */
};

struct rw_replaced {
	int64_t revision;		/* 0: this is no correction */
	struct rw_date issued;		/* year 0: the first day after the
					 * month */
	char currency[4];
	bool has_pnl, has_commission, has_rate, has_opening, has_days;
	int64_t pnl, commission, rate, opening;
	bool has_day[RW_REPLACED_DAYS + 1];	/* by the day of the month */
	int64_t days[RW_REPLACED_DAYS + 1];
};

bool
rw_earlier_read(struct rw_earlier *earlier, struct rw_record *record,
	struct rw_err *err);

bool
rw_replaced_read(struct rw_replaced *replaced, struct rw_record *record,
	struct rw_err *err);

#endif
