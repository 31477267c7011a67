/*
 * Any text as a month, a day or a time, and any number as one. What is read is
 * written as a text that is read as the same, and is a day that exists.
 */
#include "fuzz.h"

#include <time.h>

#include "base/clock.h"
#include "base/period.h"
#include "followers/odd_day.h"

static void
read_date(const char *text)
{
	char again[RW_DATE_SIZE];
	struct rw_err err = {0};
	struct rw_date date, same;
	struct rw_period month;
	bool good = rw_date_parse(text, strlen(text), &date, &err);

	fuzz_outcome(good, &err);
	if (!good)
		return;
	month = (struct rw_period){date.year, date.month};
	require(date.day >= 1 && date.day <= rw_period_days(month));
	require(rw_date_is_in(date, month));
	rw_date_text(again, date);
	require(rw_date_parse(again, strlen(again), &same, &err));
	require(rw_date_compare(date, same) == 0);
	require(rw_date_serial(date) == rw_date_serial(same));
	require(rw_date_weekday(date) ==
		(int)(((rw_date_serial(date) + 4) % 7 + 7) % 7));
}

static void
read_period(const char *text)
{
	char again[RW_PERIOD_SIZE], words[32];
	struct rw_err err = {0};
	struct rw_period period;
	bool good = rw_period_parse(text, &period, &err);

	fuzz_outcome(good, &err);
	if (!good)
		return;
	require(period.year >= 1970 && period.year <= 9999);
	rw_period_text(again, period);
	require(strcmp(again, text) == 0);
	rw_period_words(words, period);
	require(strlen(words) >= 8);
}

static void
read_time(const char *text)
{
	char written[RW_RFC3339_SIZE];
	int64_t seconds, again;
	struct tm tm;
	time_t when;

	if (!rw_rfc3339_parse(text, &seconds))
		return;
	when = (time_t)seconds;
	require(gmtime_r(&when, &tm) != NULL);
	rw_rfc3339(written, seconds);
	/* Years before 0 and after 9999 only come of an offset. */
	if (tm.tm_year >= -1900 && tm.tm_year <= 9999 - 1900)
		require(rw_rfc3339_parse(written, &again) && again == seconds);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	const struct rw_period june = {2025, 6};
	char *text = fuzz_rest(&input);

	read_date(text);
	read_period(text);
	read_time(text);
	(void)rw_odd_text_is_elsewhere(text, june);
	input = (struct fuzz_input){data, size};
	(void)rw_odd_number_is_elsewhere((int64_t)fuzz_number(&input, 8), june);
	input = (struct fuzz_input){data, size};
	(void)rw_odd_instant_is_elsewhere((int64_t)fuzz_number(&input, 8), june);
	free(text);
	return 0;
}
