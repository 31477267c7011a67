/*
 * The monthly statement as data: every figure, table and series that its reader
 * sees, computed once and exactly. The PDF and the workbook only show these
 * figures; they compute none of their own.
 *
 * All amounts and percentages are in the units of base/money.h. The P&L has as
 * many decimals as the currency's minor unit, or more when a daily figure needs
 * them (digits). The commission always has the decimals of the minor unit.
 *
 * Errors: RW_DATA when a sum overflows or a fee term is missing.
 */
#ifndef RW_STATEMENT_STATEMENT_H
#define RW_STATEMENT_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/iban.h"
#include "base/period.h"
#include "record/issuer.h"
#include "statement/earlier.h"
#include "statement/fee.h"

#define RW_STATEMENT_DAYS 31
#define RW_STATEMENT_NUMBER_SIZE 160

struct rw_statement_day {
	struct rw_date date;
	int64_t pnl;
	/* Computed: */
	int64_t cumulative;	/* P&L from the start of the month */
	int64_t drawdown;	/* cumulative minus its highest value so far;
				 * 0 or less */
};

/* Figures from another source that the statement is compared with. The
 * documents do not show them. */
struct rw_expected {
	bool has_total, has_amount, has_rate;
	int64_t total, amount, rate;
	/* See record/change.h; 0: not known, or not compared. */
	int64_t largest, max_change;
};

/* What the ledger knows of a report that was sent; all borrowed, and NULL when it
 * is not known. The digests may be the beginnings of digests. */
struct rw_statement_sent {
	const char *figures, *content, *drawn;
};

/* What the statement is made from. */
struct rw_statement_input {
	const char *follower_id;	/* borrowed for the statement's life */
	const char *name;		/* the same; "" when unknown */
	char iban[RW_IBAN_SIZE];	/* "" when unknown */
	char currency[4];
	const char *zone;		/* borrowed; of the trading day's end */
	struct rw_period period;
	int64_t revision;		/* from 1 */
	struct rw_date issued;		/* year 0: the first day after the
					 * month, set by the statement */
	const struct rw_payee *payee;	/* borrowed; NULL: no payment words */
	struct rw_date paid;		/* when the commission was; year 0: it
					 * was not */
	const char *paid_reference;	/* borrowed; NULL: unknown */
	struct rw_statement_sent sent;		/* this revision, or it may
						 * have been */
	struct rw_statement_sent revised;	/* the newest revision, when
						 * this one is to follow it */
	struct rw_earlier earlier;
	struct rw_replaced replaced;
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
	bool known;		/* false: the month's days do not give it */
	int64_t value;
	int day;		/* of the month; 0: the figure has no day */
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
	RW_DRAWDOWN_SHARE,	/* in percent of the highest balance before */
	RW_FIGURES,
};

enum { RW_YEAR_MONTHS = 12 };

struct rw_year_month {
	struct rw_period period;
	bool known;		/* false: a gap */
	int64_t pnl, commission;
	bool has_return;
	int64_t yield;		/* the return, in percent */
};

/* The twelve months that end with the statement's. */
struct rw_year {
	bool known;		/* the ledger has an earlier month */
	struct rw_year_month months[RW_YEAR_MONTHS];
	struct rw_earlier_sum this_year, all;	/* with the own month */
};

enum rw_correction_kind {
	RW_CORRECTED_PNL,
	RW_CORRECTED_COMMISSION,
	RW_CORRECTED_RATE,
	RW_CORRECTED_OPENING,
	RW_CORRECTED_DAY,
};

/* A figure of the revision before, and of this one. */
struct rw_correction {
	enum rw_correction_kind kind;
	int day;		/* of the month, for a day */
	bool had, has;		/* whether there is one */
	int64_t then, now;
};

enum { RW_CORRECTIONS = 4 + RW_STATEMENT_DAYS };

struct rw_statement {
	struct rw_statement_input in;	/* with the days' computed members */
	char number[RW_STATEMENT_NUMBER_SIZE];	/* "2025-06-f-1-r2" */
	int minor;		/* decimals of the currency's minor unit */
	int digits;		/* decimals of P&L */
	int64_t total;
	int peak_day;		/* day on which the max drawdown began; 0: the
				 * start of the month */
	struct rw_figure figures[RW_FIGURES];
	struct rw_fee fee;
	struct rw_year year;
	struct rw_correction corrections[RW_CORRECTIONS];
	size_t correction_count;	/* 0: it replaces nothing */
};

/* Whether no day has a profit or a loss. */
bool
rw_statement_is_flat(const struct rw_statement *statement);

/* Computes the statement. */
bool
rw_statement_build(struct rw_statement *statement,
	const struct rw_statement_input *input, struct rw_err *err);

#endif
