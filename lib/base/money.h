/*
 * Money: exact decimals in an int64_t, in ten-thousandths of the currency's
 * unit (1.25 EUR is 12500). Nothing here uses double, and every operation
 * reports overflow.
 *
 * Percentages are in the same form: 12.5 percent is 125000.
 */
#ifndef RW_BASE_MONEY_H
#define RW_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define RW_MONEY_DECIMALS 4
#define RW_MONEY_ONE ((int64_t)10000)

/* ISO 4217; the currency of a record that does not name one. */
#define RW_MONEY_DEFAULT_CURRENCY "EUR"

/* Enough bytes for any amount as text, with sign, point, grouping and NUL. */
#define RW_MONEY_SIZE 64

/* Reads a decimal number with sign, digits, point and exponent as in JSON, and
 * nothing else. RW_DATA, naming the text, when it is not a number, when it
 * needs more than four decimals, or when it has more than 14 digits before the
 * point. */
bool
rw_money_parse(const char *text, size_t len, int64_t *amount,
	struct rw_err *err);

/* The same for a sum that a tool has made, which has up to 15 digits before the
 * point: RW_DATA when it does not fit. */
bool
rw_money_parse_sum(const char *text, size_t len, int64_t *amount,
	struct rw_err *err);

/* False on overflow, without changing *sum. */
bool
rw_money_add(int64_t a, int64_t b, int64_t *sum);

/* amount x percent / 100, rounded once, half away from zero, to digits
 * decimals (0 to 4). False on overflow. */
bool
rw_money_percent(int64_t amount, int64_t percent, int digits,
	int64_t *rounded);

/* The same product as text, unrounded: up to ten decimals, without trailing
 * zeros, but with at least "digits" decimals. */
void
rw_money_percent_text(char out[RW_MONEY_SIZE], int64_t amount,
	int64_t percent, int digits);

/* Rounded half away from zero to digits decimals (0 to 4). False on
 * overflow. */
bool
rw_money_round(int64_t amount, int digits, int64_t *rounded);

/* numerator / denominator as a decimal, rounded once, half away from zero, to
 * digits decimals (0 to 4). For a ratio both are amounts; for the average of n
 * amounts the denominator is n x RW_MONEY_ONE. False on overflow, and when
 * denominator is 0. */
bool
rw_money_divide(int64_t numerator, int64_t denominator, int digits,
	int64_t *rounded);

/* How many decimals the amount needs: 0 to 4. */
int
rw_money_decimals(int64_t amount);

/* "-1234.50": at least digits decimals, more when the amount has them. */
void
rw_money_text(char out[RW_MONEY_SIZE], int64_t amount, int digits);

/* "-1,234.50", for people. */
void
rw_money_grouped(char out[RW_MONEY_SIZE], int64_t amount, int digits);

#endif
