#include "store/s3_error.h"

#include <string.h>

/* Codes that say more than the status. */
static const struct {
	const char *code;
	enum rw_failure failure;
	bool is_general;
	const char *hint;
} codes[] = {
	{"AccessDenied", RW_FAILURE_FINAL, false,
		"(does the user's policy allow it? rw-bucket --print-policy)"},
	{"AuthorizationHeaderMalformed", RW_FAILURE_FINAL, true,
		"(is MINIO_REGION right?)"},
	{"AuthorizationQueryParametersError", RW_FAILURE_FINAL, false, ""},
	{"BadDigest", RW_FAILURE_TRANSIENT, false, ""},
	{"BandwidthLimitExceeded", RW_FAILURE_THROTTLED, false, ""},
	{"EC2ThrottledException", RW_FAILURE_THROTTLED, false, ""},
	{"ExpiredToken", RW_FAILURE_FINAL, true,
		"(the session token has expired)"},
	{"InternalError", RW_FAILURE_TRANSIENT, false, ""},
	{"InvalidAccessKeyId", RW_FAILURE_FINAL, true,
		"(check MINIO_ACCESS_KEY)"},
	{"InvalidBucketName", RW_FAILURE_FINAL, true,
		"(check MINIO_BUCKET_NAME)"},
	{"InvalidToken", RW_FAILURE_FINAL, true,
		"(check the session token)"},
	{"LimitExceededException", RW_FAILURE_THROTTLED, false, ""},
	{"NoSuchBucket", RW_FAILURE_FINAL, true,
		"(check MINIO_BUCKET_NAME; rw-bucket creates it)"},
	{"PermanentRedirect", RW_FAILURE_FINAL, true,
		"(is MINIO_REGION right?)"},
	{"PriorRequestNotComplete", RW_FAILURE_THROTTLED, false, ""},
	{"QuotaExceeded", RW_FAILURE_FINAL, false,
		"(the bucket or its owner is full)"},
	{"RequestLimitExceeded", RW_FAILURE_THROTTLED, false, ""},
	{"RequestThrottled", RW_FAILURE_THROTTLED, false, ""},
	{"RequestThrottledException", RW_FAILURE_THROTTLED, false, ""},
	{"RequestTimeTooSkewed", RW_FAILURE_FINAL, false,
		"(the clocks of the store and of this host differ)"},
	{"RequestTimeout", RW_FAILURE_TRANSIENT, false, ""},
	{"RequestTimeoutException", RW_FAILURE_TRANSIENT, false, ""},
	{"ServiceUnavailable", RW_FAILURE_TRANSIENT, false, ""},
	{"SignatureDoesNotMatch", RW_FAILURE_FINAL, true,
		"(check MINIO_SECRET_KEY)"},
	{"SlowDown", RW_FAILURE_THROTTLED, false, ""},
	{"SlowDownRead", RW_FAILURE_THROTTLED, false, ""},
	{"SlowDownWrite", RW_FAILURE_THROTTLED, false, ""},
	{"TemporaryRedirect", RW_FAILURE_FINAL, true,
		"(the bucket is new or in another region: is MINIO_REGION "
		"right, and MINIO_ENDPOINT_URL the one of that region?)"},
	{"ThrottledException", RW_FAILURE_THROTTLED, false, ""},
	{"Throttling", RW_FAILURE_THROTTLED, false, ""},
	{"ThrottlingException", RW_FAILURE_THROTTLED, false, ""},
	{"TooManyRequests", RW_FAILURE_THROTTLED, false, ""},
	{"TooManyRequestsException", RW_FAILURE_THROTTLED, false, ""},
	{"XMinioServerNotInitialized", RW_FAILURE_TRANSIENT, false, ""},
};

static size_t
find(const char *code)
{
	size_t i;

	for (i = 0; i < sizeof codes / sizeof *codes; i++)
		if (strcmp(codes[i].code, code) == 0)
			break;
	return i;
}

static bool
is_known(size_t i)
{
	return i < sizeof codes / sizeof *codes;
}

enum rw_failure
rw_s3_error_failure(int status, const char *code)
{
	size_t i = find(code);

	if (is_known(i))
		return codes[i].failure;
	switch (status) {
	case 408:
	case 500:
	case 502:
	case 503:
	case 504:
		return RW_FAILURE_TRANSIENT;
	case 429:
		return RW_FAILURE_THROTTLED;
	default:
		/* A success that the caller did not accept, for example because
		 * of a wrong checksum. */
		return status < 300 ? RW_FAILURE_TRANSIENT :
			RW_FAILURE_FINAL;
	}
}

bool
rw_s3_error_is_general(const char *code)
{
	size_t i = find(code);

	return is_known(i) && codes[i].is_general;
}

const char *
rw_s3_error_hint(const char *code)
{
	size_t i = find(code);

	return is_known(i) ? codes[i].hint : "";
}
