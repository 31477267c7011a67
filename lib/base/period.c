#include "base/period.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int
number(const char *text, size_t len)
{
	int n = 0;

	while (len-- > 0) {
		if (!isdigit((unsigned char)*text))
			return -1;
		n = n * 10 + (*text++ - '0');
	}
	return n;
}

bool
rw_period_parse(const char *text, struct rw_period *period, struct rw_err *err)
{
	struct rw_period p;

	if (strlen(text) == 7 && text[4] == '-') {
		p.year = number(text, 4);
		p.month = number(text + 5, 2);
		if (p.year >= 1970 && p.month >= 1 && p.month <= 12) {
			*period = p;
			return true;
		}
	}
	return rw_fail(err, RW_DATA, "\"%.20s\" is not a valid month: expected "
		"YYYY-MM, from 1970-01 to 9999-12", text);
}

void
rw_period_text(char out[RW_PERIOD_SIZE], struct rw_period period)
{
	unsigned year = (unsigned)period.year % 10000;
	unsigned month = (unsigned)period.month % 100;

	snprintf(out, RW_PERIOD_SIZE, "%04u-%02u", year, month);
}

void
rw_period_words(char out[32], struct rw_period period)
{
	static const char *const names[] = {
		"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"};

	snprintf(out, 32, "%s %d", names[period.month - 1], period.year);
}

int
rw_period_days(struct rw_period period)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (period.year % 4 == 0 && period.year % 100 != 0) ||
		period.year % 400 == 0;

	return days[period.month - 1] + (period.month == 2 && leap ? 1 : 0);
}

/* libc silently replaces an unknown zone with UTC, which would select the wrong
 * month on the first or last day. */
static bool
zone_exists(const char *zone)
{
	const char *dir = getenv("TZDIR");
	char path[512];
	int n;

	if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL)
		return false;
	n = snprintf(path, sizeof path, "%s/%s", dir != NULL ? dir :
		"/usr/share/zoneinfo", zone);
	return n > 0 && (size_t)n < sizeof path && access(path, R_OK) == 0;
}

static bool
unknown_zone(const char *zone, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "the time zone \"%.64s\" is not "
		"in the zone database (expected a name such as "
		"America/New_York; is tzdata installed?)", zone);
}

static void
restore_zone(char *saved)
{
	if (saved != NULL)
		setenv("TZ", saved, 1);
	else
		unsetenv("TZ");
	tzset();
	free(saved);
}

bool
rw_period_last(int64_t now, const char *zone, struct rw_period *period,
	struct rw_err *err)
{
	const char *old = getenv("TZ");
	char *saved = old != NULL ? strdup(old) : NULL;
	time_t when = (time_t)now;
	struct tm tm;

	if (!zone_exists(zone)) {
		free(saved);
		return unknown_zone(zone, err);
	}
	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&when, &tm);
	restore_zone(saved);
	period->year = tm.tm_year + 1900 - (tm.tm_mon == 0 ? 1 : 0);
	period->month = tm.tm_mon == 0 ? 12 : tm.tm_mon;
	return true;
}

bool
rw_zone_time(char out[RW_ZONE_TIME_SIZE], int64_t when, const char *zone,
	struct rw_err *err)
{
	const char *old = getenv("TZ");
	char *saved;
	time_t seconds = (time_t)when;
	struct tm tm;

	if (!zone_exists(zone))
		return unknown_zone(zone, err);
	saved = old != NULL ? strdup(old) : NULL;
	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&seconds, &tm);
	if (strftime(out, RW_ZONE_TIME_SIZE, "%Y-%m-%d %H:%M %Z", &tm) == 0)
		out[0] = '\0';
	restore_zone(saved);
	return true;
}

bool
rw_date_parse(const char *text, size_t len, struct rw_date *date,
	struct rw_err *err)
{
	struct rw_date d = {-1, -1, -1};

	if (len == 10 && text[4] == '-' && text[7] == '-')
		d = (struct rw_date){number(text, 4), number(text + 5, 2),
			number(text + 8, 2)};
	else if (len == 8)
		d = (struct rw_date){number(text, 4), number(text + 4, 2),
			number(text + 6, 2)};
	if (d.year < 1970 || d.month < 0 || d.day < 0)
		return rw_fail(err, RW_DATA, "\"%.*s\" is not a valid date: "
			"expected YYYY-MM-DD or YYYYMMDD", len > 20 ? 20 :
			(int)len, text);
	if (d.month < 1 || d.month > 12 || d.day < 1 || d.day >
	    rw_period_days((struct rw_period){d.year, d.month}))
		return rw_fail(err, RW_DATA, "\"%.*s\" is not in the calendar",
			(int)len, text);
	*date = d;
	return true;
}

void
rw_date_text(char out[RW_DATE_SIZE], struct rw_date date)
{
	rw_period_text(out, (struct rw_period){date.year, date.month});
	out[7] = '-';
	out[8] = (char)('0' + date.day / 10 % 10);
	out[9] = (char)('0' + date.day % 10);
	out[10] = '\0';
}

bool
rw_date_is_in(struct rw_date date, struct rw_period period)
{
	return date.year == period.year && date.month == period.month;
}

int
rw_date_compare(struct rw_date a, struct rw_date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return a.day < b.day ? -1 : a.day > b.day;
}

int64_t
rw_date_serial(struct rw_date date)
{
	struct tm tm = {.tm_year = date.year - 1900, .tm_mon = date.month - 1,
		.tm_mday = date.day};
	int64_t seconds = (int64_t)timegm(&tm);

	return seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
}

int
rw_date_weekday(struct rw_date date)
{
	return (int)(((rw_date_serial(date) + 4) % 7 + 7) % 7);
}

void
rw_date_words(char out[32], struct rw_date date)
{
	char month[32];

	rw_period_words(month, (struct rw_period){date.year, date.month});
	snprintf(out, 32, "%d %.28s", date.day, month);
}

struct rw_date
rw_date_later(struct rw_date date, unsigned days)
{
	time_t when = (time_t)(rw_date_serial(date) + days) * 86400;
	struct tm tm;

	gmtime_r(&when, &tm);
	return (struct rw_date){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}
