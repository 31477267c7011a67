/*
 * The calendar: a month of reports, and its days. Proleptic Gregorian.
 */
#ifndef RW_BASE_PERIOD_H
#define RW_BASE_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct rw_period {
	int year;	/* 1970 to 9999 */
	int month;	/* 1 to 12 */
};

struct rw_date {
	int year;
	int month;
	int day;	/* 1 to 31 */
};

#define RW_PERIOD_SIZE 8	/* "2025-06" */
#define RW_DATE_SIZE 11		/* "2025-06-30" */

/* Reads "YYYY-MM" and nothing else; RW_DATA names the text. */
bool
rw_period_parse(const char *text, struct rw_period *period,
	struct rw_err *err);

void
rw_period_text(char out[RW_PERIOD_SIZE], struct rw_period period);

/* "June 2025" */
void
rw_period_words(char out[32], struct rw_period period);

int
rw_period_days(struct rw_period period);

/* The month before the month that contains now (seconds since 1970) in the time
 * zone zone, a name of the zone database. RW_CONFIG when the zone is unknown.
 * Not thread-safe: sets TZ temporarily. */
bool
rw_period_last(int64_t now, const char *zone, struct rw_period *period,
	struct rw_err *err);

/* "2025-07-01 09:30 EDT" */
#define RW_ZONE_TIME_SIZE 48

/* The time in seconds since 1970 as the clocks of the zone show it. RW_CONFIG when
 * the zone is unknown. */
bool
rw_zone_time(char out[RW_ZONE_TIME_SIZE], int64_t when, const char *zone,
	struct rw_err *err);

/* Reads "YYYY-MM-DD" or "YYYYMMDD" and nothing else. RW_DATA names the text and
 * the reason, including a day that the month does not have. */
bool
rw_date_parse(const char *text, size_t len, struct rw_date *date,
	struct rw_err *err);

void
rw_date_text(char out[RW_DATE_SIZE], struct rw_date date);

/* "1 July 2025" */
void
rw_date_words(char out[32], struct rw_date date);

/* The date this many days later; the year can be 10000. */
struct rw_date
rw_date_later(struct rw_date date, unsigned days);

bool
rw_date_is_in(struct rw_date date, struct rw_period period);

/* Negative, zero or positive when a is before, the same as or after b. */
int
rw_date_compare(struct rw_date a, struct rw_date b);

/* Days since 1970-01-01; may be negative. */
int64_t
rw_date_serial(struct rw_date date);

/* 0 for Sunday to 6 for Saturday. */
int
rw_date_weekday(struct rw_date date);

#endif
