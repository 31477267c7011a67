#include "followers/odd_day.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400, MARGIN_DAYS = 2,
	DAYS_2000 = 10957, DAYS_2100 = 47482,	/* since 1970 */
	WORKBOOK_DAYS = 25569 };		/* from 1900 to 1970 */

static bool
is_far(int64_t day, struct rw_period period)
{
	struct rw_date first = {period.year, period.month, 1};
	int64_t begin = rw_date_serial(first);

	return day < begin - MARGIN_DAYS ||
		day >= begin + rw_period_days(period) + MARGIN_DAYS;
}

/* ---- texts -------------------------------------------------------------- */

/* One or two digits. */
static int
take_number(const char **text)
{
	int number = 0, n;

	for (n = 0; n < 2 && **text >= '0' && **text <= '9'; n++)
		number = number * 10 + *(*text)++ - '0';
	return n > 0 ? number : -1;
}

static int
take_year(const char **text)
{
	int high = take_number(text), low;
	const char *before = *text;

	low = take_number(text);
	return high < 19 || high > 20 || *text - before != 2 ? -1 :
		high * 100 + low;
}

/* The day of a year, such as 154 in 2025-154; a time may follow. */
static bool
is_day_of_year(const char *text)
{
	return strspn(text, "0123456789") == 3;
}

static bool
is_day_elsewhere(int year, const char *text, struct rw_period period)
{
	struct rw_date first = {year, 1, 1};
	int day = (text[0] - '0') * 100 + (text[1] - '0') * 10 + text[2] - '0';

	return day >= 1 && day <= 366 &&
		is_far(rw_date_serial(first) + day - 1, period);
}

bool
rw_odd_text_is_elsewhere(const char *text, struct rw_period period)
{
	struct rw_date date = {0};
	bool has_separator;

	text += strspn(text, " \t\r\n");
	date.year = take_year(&text);
	has_separator = *text != '\0' && strchr("-/. ", *text) != NULL;
	text += has_separator;
	if (date.year > 0 && has_separator && is_day_of_year(text))
		return is_day_elsewhere(date.year, text, period);
	date.month = take_number(&text);
	/* 202513 is 2025-1-3, but 200625 may be 20 June 2025. */
	if (date.year == period.year && !has_separator && date.month > 12 &&
	    *text == '\0')
		return !rw_date_is_in((struct rw_date){date.year,
			date.month / 10, date.month % 10}, period);
	if (date.year < 0 || date.month < 1 || date.month > 12)
		return false;
	if (has_separator && *text == '\0')
		return date.year != period.year || date.month != period.month;
	if (*text != '\0' && strchr("-/. ", *text) != NULL)
		text++;
	date.day = take_number(&text);
	if (date.day < 1 || date.day > 31)
		return false;
	text += strspn(text, " \t\r\n");
	return *text == '\0' ? !rw_date_is_in(date, period) :
		is_far(rw_date_serial(date), period);
}

/* ---- numbers ------------------------------------------------------------ */

static int64_t
floor_days(int64_t time, int64_t a_day)
{
	return time >= 0 ? time / a_day : -((-(time + 1)) / a_day) - 1;
}

bool
rw_odd_instant_is_elsewhere(int64_t ms, struct rw_period period)
{
	return is_far(floor_days(ms, INT64_C(1000) * DAY_S), period);
}

static bool
is_compact(int64_t number, struct rw_date *date)
{
	*date = (struct rw_date){(int)(number / 10000 % 10000),
		(int)(number / 100 % 100), (int)(number % 100)};
	return number > 0 && number <= 99991231 && date->year >= 2000 &&
		date->year < 2100 && date->month >= 1 && date->month <= 12 &&
		date->day >= 1 && date->day <= 31;
}

bool
rw_odd_number_is_elsewhere(int64_t number, struct rw_period period)
{
	static const int64_t units[] = {1, DAY_S, INT64_C(1000) * DAY_S,
		INT64_C(1000000) * DAY_S, INT64_C(1000000000) * DAY_S};
	const int64_t workbook = number < 0 ? 0 : number - WORKBOOK_DAYS;
	bool is_date = false;
	struct rw_date date;
	int64_t day;
	size_t i;

	if (number < 0)
		return false;
	if (is_compact(number, &date)) {
		if (rw_date_is_in(date, period))
			return false;
		is_date = true;
	}
	for (i = 0; i < sizeof units / sizeof *units; i++) {
		day = floor_days(number, units[i]);
		if (day < DAYS_2000 || day >= DAYS_2100)
			continue;
		if (!is_far(day, period))
			return false;
		is_date = true;
	}
	if (workbook >= DAYS_2000 && workbook < DAYS_2100) {
		if (!is_far(workbook, period))
			return false;
		is_date = true;
	}
	return is_date;
}
