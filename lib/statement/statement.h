/*
 * The monthly statement as data: every figure, table and series that a reader
 * of it sees, computed once and exactly. The PDF and the workbook show these
 * figures and compute none.
 *
 * All amounts and percentages as in base/money.h. Money carries as many
 * decimals as the currency's minor unit has, or as the finest daily figure
 * needs (digits); the commission always those of the minor unit.
 *
 * Errors: RW_DATA, when the sums do not fit or the fee terms are not whole.
 */
#ifndef RW_STATEMENT_STATEMENT_H
#define RW_STATEMENT_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "statement/fee.h"
#include "statement/iban.h"

#define RW_STATEMENT_DAYS 31
#define RW_STATEMENT_NUMBER_SIZE 160

struct rw_statement_day {
	struct rw_date date;
	int64_t pnl;
	/* Computed: */
	int64_t cumulative;	/* P&L from the start of the month */
	int64_t drawdown;	/* cumulative less its highest so far; 0 or
				 * less */
};

/* Figures from another source, to compare the statement with; they are not
 * shown. */
struct rw_expected {
	bool has_total, has_amount, has_rate;
	int64_t total, amount, rate;
	/* See record/change.h; 0: not known, not asked for. */
	int64_t largest, max_change;
};

/* What the statement is made from. */
struct rw_statement_input {
	const char *follower_id;	/* borrowed for the statement's life */
	const char *name;		/* the same; "" when unknown */
	char iban[RW_IBAN_SIZE];	/* "" when there is none */
	char currency[4];
	const char *zone;		/* borrowed; of the trading day's end */
	struct rw_period period;
	int64_t revision;		/* from 1 */
	const char *sent;		/* borrowed; figures that this revision
					 * was sent with, NULL: it was not */
	const char *sent_checksums;	/* borrowed; of the documents that it
					 * was or may have been sent with */
	const char *revised_checksums;	/* borrowed; of the documents of the
					 * revision before, which was sent */
	struct rw_expected expected;
	struct rw_fee_terms fee;	/* digits is set by the statement */
	struct rw_statement_day days[RW_STATEMENT_DAYS]; /* date and pnl, in
							  * order of date */
	size_t count;
};

enum rw_figure_kind {
	RW_FIGURE_MONEY,
	RW_FIGURE_COUNT,
	RW_FIGURE_RATIO,	/* in ten-thousandths */
	RW_FIGURE_PERCENT,
};

/* One figure of the statistics. */
struct rw_figure {
	const char *label;
	enum rw_figure_kind kind;
	bool known;		/* false: the data does not support it */
	int64_t value;
	int day;		/* of the month, when it belongs to one; or 0 */
};

enum rw_figure_name {
	RW_TRADING_DAYS,
	RW_WINNING_DAYS,
	RW_LOSING_DAYS,
	RW_UNCHANGED_DAYS,
	RW_WINNING_SHARE,
	RW_AVERAGE_DAY,
	RW_AVERAGE_WIN,
	RW_AVERAGE_LOSS,
	RW_BEST_DAY,
	RW_WORST_DAY,
	RW_GROSS_PROFIT,
	RW_GROSS_LOSS,
	RW_PROFIT_FACTOR,
	RW_WINNING_STREAK,
	RW_LOSING_STREAK,
	RW_MAX_DRAWDOWN,
	RW_OPENING_BALANCE,
	RW_CLOSING_BALANCE,
	RW_RETURN,
	RW_DRAWDOWN_SHARE,	/* of the highest balance before it */
	RW_FIGURES,
};

struct rw_statement {
	struct rw_statement_input in;	/* with the days' computed members */
	char number[RW_STATEMENT_NUMBER_SIZE];	/* "2025-06-f-1-r2" */
	int minor;		/* decimals of the currency's minor unit */
	int digits;		/* decimals of P&L */
	int64_t total;
	int peak_day;		/* where the max drawdown began; 0: at the
				 * start of the month */
	struct rw_figure figures[RW_FIGURES];
	struct rw_fee fee;
};

/* Whether no day has a profit or a loss. */
bool
rw_statement_is_flat(const struct rw_statement *statement);

/* Fills the statement. */
bool
rw_statement_build(struct rw_statement *statement,
	const struct rw_statement_input *input, struct rw_err *err);

#endif
