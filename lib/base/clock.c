#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/period.h"
#include "base/text.h"

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
rw_clock_now_ms(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
rw_clock_monotonic_ms(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

bool
rw_clock_is_sane(const char *clock, int64_t seconds, struct rw_err *err)
{
	const int64_t from = 946684800, end = 7289654400;
	char now[RW_RFC3339_SIZE];

	if (seconds >= from && seconds < end)
		return true;
	rw_rfc3339(now, seconds);
	return rw_fail(err, RW_CONFIG, "%s is wrong: it says %s, expected a "
		"year from 2000 to 2200", clock, now);
}

bool
rw_clock_check(struct rw_err *err)
{
	return rw_clock_is_sane("the clock of this host",
		rw_clock_now_ms() / 1000, err);
}

bool
rw_clock_document(int64_t *seconds, struct rw_err *err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t value;

	if (text == NULL || text[0] == '\0') {
		*seconds = rw_clock_now_ms() / 1000;
		return true;
	}
	if (!rw_text_to_u64(text, 253402300799, &value))
		return rw_fail(err, RW_CONFIG, "SOURCE_DATE_EPOCH is \"%s\", "
			"not seconds since 1970", text);
	*seconds = (int64_t)value;
	return true;
}

void
rw_rfc3339(char out[RW_RFC3339_SIZE], int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm = {.tm_mday = 1};
	char rest[20];

	gmtime_r(&when, &tm);
	/* %Y would write the year 999 with three digits. */
	strftime(rest, sizeof rest, "-%m-%dT%H:%M:%SZ", &tm);
	snprintf(out, RW_RFC3339_SIZE, "%04ld%s", tm.tm_year + 1900L, rest);
}

/* True when text begins with the pattern: d matches a digit, T matches T or
 * t. */
static bool
has_shape(const char *text, const char *shape)
{
	for (; *shape != '\0'; text++, shape++)
		if (*shape == 'd' ? !isdigit((unsigned char)*text) :
		    *shape == 'T' ? *text != 'T' && *text != 't' :
		    *text != *shape)
			return false;
	return true;
}

/* "Z", "+02:00" or "-05:30" to seconds east of UTC. */
static bool
parse_offset(const char *text, int64_t *offset)
{
	int hours, minutes;

	if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') {
		*offset = 0;
		return true;
	}
	if ((text[0] != '+' && text[0] != '-') || !has_shape(text + 1, "dd:dd")
	    || text[6] != '\0')
		return false;
	hours = atoi(text + 1);
	minutes = atoi(text + 4);
	if (hours > 23 || minutes > 59)
		return false;
	*offset = (hours * 60 + minutes) * 60;
	if (text[0] == '-')
		*offset = -*offset;
	return true;
}

bool
rw_rfc3339_parse(const char *text, int64_t *seconds)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	struct tm tm = {0};
	int64_t offset;

	if (!has_shape(text, shape))
		return false;
	tm.tm_year = atoi(text) - 1900;
	tm.tm_mon = atoi(text + 5) - 1;
	tm.tm_mday = atoi(text + 8);
	tm.tm_hour = atoi(text + 11);
	tm.tm_min = atoi(text + 14);
	tm.tm_sec = atoi(text + 17);
	/* timegm would convert 31 February to 3 March. */
	if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_mday >
	    rw_period_days((struct rw_period){tm.tm_year + 1900, tm.tm_mon + 1})
	    || tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	text += strlen(shape);
	if (has_shape(text, ".d"))
		for (text += 2; isdigit((unsigned char)*text); text++)
			;
	if (!parse_offset(text, &offset))
		return false;
	*seconds = (int64_t)timegm(&tm) - offset;
	return true;
}
