#include "store/s3_answer.h"

#include <string.h>
#include <time.h>

enum { DAY = 86400 };

bool
rw_s3_date(const char *text, int64_t *seconds)
{
	struct tm tm = {0}, again;
	const char *rest = strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	int weekday = tm.tm_wday, day = tm.tm_mday;
	time_t when;

	if (rest == NULL || *rest != '\0' || tm.tm_year < 1000 - 1900)
		return false;
	when = timegm(&tm);
	/* timegm makes 3 March of 31 February. A wrong day of the week means
	 * that the server mixed up two dates. */
	if (gmtime_r(&when, &again) == NULL || again.tm_wday != weekday ||
	    again.tm_mday != day)
		return false;
	*seconds = (int64_t)when;
	return true;
}

bool
rw_s3_clock_ahead(const struct rw_s3_call *call, int64_t *seconds)
{
	int64_t there, asked = call->asked_ms / 1000,
		came = call->came_ms / 1000;
	char text[64];

	if (!rw_http_header(&call->http, "date", text, sizeof text) ||
	    !rw_s3_date(text, &there))
		return false;
	*seconds = there < asked ? there - asked :
		there > came ? there - came : 0;
	return true;
}

void
rw_s3_version(const struct rw_http_call *answer,
	char version[RW_S3_VERSION_SIZE])
{
	rw_http_header(answer, "x-amz-version-id", version,
		RW_S3_VERSION_SIZE);
	/* A bucket with suspended versioning returns "null". */
	if (strcmp(version, "null") == 0)
		version[0] = '\0';
}

int64_t
rw_s3_expiration(const struct rw_http_call *answer)
{
	static const char name[] = "expiry-date=\"";
	char text[512], *date;
	int64_t seconds;

	if (!rw_http_header(answer, "x-amz-expiration", text, sizeof text))
		return RW_S3_KEPT;
	date = strstr(text, name);
	if (date == NULL)
		return RW_S3_KEPT;
	date += sizeof name - 1;
	date[strcspn(date, "\"")] = '\0';
	if (!rw_s3_date(date, &seconds) || seconds % DAY != 0)
		return RW_S3_UNCLEAR;
	return seconds;
}
