/*
 * Any head of a store's answer: its ETag, Date, Retry-After, expiration and
 * version, and what they prove about an upload.
 */
#include "fuzz.h"

#include <strings.h>
#include <time.h>

#include "store/s3_answer.h"
#include "store/s3_attempt_priv.h"
#include "store/s3_verdict.h"

static const char md5[] = "cf49600cf70f4f01cdf7be1c2835c121";

static void
read_header(const struct rw_http_call *call, const char *name)
{
	char small[8], large[300];
	bool found = rw_http_header(call, name, large, sizeof large);

	require(found || *large == '\0');
	require(strchr(large, '\n') == NULL);
	require(rw_http_header(call, name, small, sizeof small) == found);
	require(strncmp(small, large, sizeof small - 1) == 0);
}

/* What is read as a date is written as the same text, but for its case and its
 * blanks, by the C library. */
static void
read_date(const char *text)
{
	char again[64];
	int64_t seconds, same;
	struct tm tm;
	time_t when;

	if (!rw_s3_date(text, &seconds))
		return;
	when = (time_t)seconds;
	require(gmtime_r(&when, &tm) != NULL);
	require(strftime(again, sizeof again, "%a, %d %b %Y %H:%M:%S GMT",
		&tm) > 0);
	require(rw_s3_date(again, &same) && same == seconds);
}

static bool
mentions(const char *head, const char *what)
{
	return strcasestr(head, what) != NULL;
}

static void
judge(const struct rw_http_call *answer)
{
	const struct rw_s3_object object = {.md5 = md5,
		.sha256 = "0123456789abcdef", .size = 7};
	char why[RW_S3_WHY_SIZE], etag[RW_S3_ETAG_SIZE];
	const char *head = rw_buf_text(&answer->head);
	struct rw_s3_finding finding;

	rw_s3_judge_put(answer, &object, &finding);
	require(finding.verdict != RW_S3_STORED || mentions(head, md5) ||
		mentions(head, "x-amz-server-side-encryption"));
	require(finding.verdict == RW_S3_STORED || *finding.why != '\0');
	if (rw_s3_judge_head(answer, &object, why))
		require(mentions(head, "0123456789abcdef") &&
			mentions(head, "content-length") &&
			answer->status == 200);
	else
		require(*why != '\0');
	if (rw_s3_judge_part(answer, etag, &finding))
		require(*etag != '\0' && strchr(etag, '\n') == NULL &&
			rw_text_is_utf8(etag, strlen(etag), NULL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"etag", "date", "retry-after",
		"x-amz-expiration", "x-amz-version-id", "content-length"};
	struct fuzz_input input = {data, size};
	struct rw_s3_call call = {.http.status = 200};
	char version[RW_S3_VERSION_SIZE], *text;
	int64_t seconds;
	size_t i;

	if (fuzz_byte(&input) & 1)
		call.http.status = 206;
	text = fuzz_rest(&input);
	read_date(text);
	rw_buf_adds(&call.http.head, text);
	free(text);
	for (i = 0; i < sizeof names / sizeof *names; i++)
		read_header(&call.http, names[i]);
	rw_s3_version(&call.http, version);
	require(strlen(version) < sizeof version);
	seconds = rw_s3_expiration(&call.http);
	require(seconds >= RW_S3_UNCLEAR &&
		(seconds < 0 || seconds % 86400 == 0));
	require(rw_s3_attempt_retry_after(&call) >= -1);
	(void)rw_s3_clock_ahead(&call, &seconds);
	judge(&call.http);
	rw_s3_call_free(&call);
	return 0;
}
