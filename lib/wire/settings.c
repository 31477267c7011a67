#include "wire/settings.h"

#include <string.h>

static const struct {
	const char *pattern;
	bool is_secret;		/* NAME_FILE is valid as well */
} ours[] = {
	{"ADMIN_EMAIL", false},
	{"ALL_PROXY", false},
	{"APP_ENV", false},
	{"AWS_ACCESS_KEY_ID", true},
	{"AWS_DEFAULT_REGION", false},
	{"AWS_ENDPOINT_URL", false},
	{"AWS_ENDPOINT_URL_S3", false},
	{"AWS_REGION", false},
	{"AWS_SECRET_ACCESS_KEY", true},
	{"AWS_SESSION_TOKEN", true},
	{"CURL_CA_BUNDLE", false},	/* curl(1), for the heartbeat */
	{"DATABASE_URL", true},
	{"DEFAULT_COMMISSION_PERCENTAGE", false},
	{"DRY_RUN_MODE", false},
	{"FONTCONFIG_FILE", false},
	{"FONTCONFIG_PATH", false},
	{"HOME", false},
	{"HTTPS_PROXY", false},
	{"MARKET_CLOSE_TIMEZONE", false},
	{"MINIO_ACCESS_KEY", true},
	{"MINIO_BUCKET_NAME", false},
	{"MINIO_ENDPOINT_URL", false},
	{"MINIO_PUBLIC_ENDPOINT_URL", false},
	{"MINIO_REGION", false},
	{"MINIO_SECRET_KEY", true},
	{"MINIO_SECURE", false},
	{"MINIO_SESSION_TOKEN", true},
	{"MONGO_DB_NAME", false},
	{"MONGO_DB_NAME_SECRETS", false},
	{"MONGO_URI", true},
	{"NO_PROXY", false},
	{"PG*", false},			/* libpq */
	{"PNL_DATABASE_URL", true},
	{"POSTGRES_DB", false},
	{"POSTGRES_HOST", false},
	{"POSTGRES_PASSWORD", true},
	{"POSTGRES_PORT", false},
	{"POSTGRES_URI", true},
	{"POSTGRES_USER", false},
	{"REPORT_SENDER_EMAIL", false},
	{"RW_*", false},
	{"SMTP_HOST", false},
	{"SMTP_PASSWORD", true},
	{"SMTP_PORT", false},
	{"SMTP_PROXY", false},
	{"SMTP_TLS", false},
	{"SMTP_TOKEN", true},
	{"SMTP_TOKEN_COMMAND", false},
	{"SMTP_URI", true},
	{"SMTP_USER", false},
	{"SOURCE_DATE_EPOCH", false},
	{"SQLITE_TMPDIR", false},
	{"SSL_CERT_DIR", false},
	{"SSL_CERT_FILE", false},
	{"TMPDIR", false},
	{"TZ", false},
	{"TZDIR", false},
	{"XDG_STATE_HOME", false},
	{"all_proxy", false},
	{"http_proxy", false},
	{"https_proxy", false},
	{"no_proxy", false},
	{"smtp_proxy", false},
};

/* Variables that a run sets for its stages, or a test for a tool; and the name
 * of the settings file, because one file must not lead to another. */
static const char *const internal[] = {"RW_ENV_FILE", "RW_FAULT",
	"RW_PROGRESS_FD", "RW_PROGRESS_TOTAL", "RW_RUN_DIR", "RW_RUN_ID", "RW_TEST_*"};

/* Variables of loaders, interpreters, shells, and libraries that load other
 * libraries. */
static const char *const code[] = {"AWKLIBPATH", "AWKPATH", "BASHOPTS",
	"BASH_*", "CDPATH", "CLASSPATH", "DYLD_*", "ENV", "GCONV_PATH",
	"GETCONF_DIR", "GIO_*", "GLIBC_TUNABLES", "IFS", "JAVA_TOOL_OPTIONS",
	"JDK_JAVA_OPTIONS", "KRB5_CONFIG", "LD_*", "LESSOPEN", "LOCPATH",
	"LUA_*", "NLSPATH", "NODE_*", "OPENSSL_*", "PATH", "PERL*",
	"PROMPT_COMMAND", "PS4", "PYTHON*", "RUBY*", "RW_BUILD", "SASL_*",
	"SHELLOPTS", "ZDOTDIR", "_JAVA_OPTIONS"};

/* Matches name_length bytes of name with "NAME" or "BEGINNING*". */
static bool
matches(const char *pattern, const char *name, size_t name_length)
{
	size_t len = strlen(pattern);

	if (pattern[len - 1] == '*')
		return name_length >= len &&
			strncmp(pattern, name, len - 1) == 0;
	return name_length == len && strncmp(pattern, name, len) == 0;
}

static bool
is_among(const char *const *patterns, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (matches(patterns[i], name, strlen(name)))
			return true;
	return false;
}

static bool
is_ours(const char *name)
{
	size_t len = strlen(name), i;
	bool is_file = len > 5 && strcmp(name + len - 5, "_FILE") == 0;

	for (i = 0; i < sizeof ours / sizeof *ours; i++)
		if (matches(ours[i].pattern, name, len) || (is_file &&
		    ours[i].is_secret &&
		    matches(ours[i].pattern, name, len - 5)))
			return true;
	return false;
}

enum rw_setting_kind
rw_setting_kind(const char *name)
{
	if (is_among(code, sizeof code / sizeof *code, name))
		return RW_SETTING_CODE;
	if (is_among(internal, sizeof internal / sizeof *internal, name))
		return RW_SETTING_OTHER;
	return is_ours(name) ? RW_SETTING_OURS : RW_SETTING_OTHER;
}

const char *
rw_setting_pattern(size_t i, bool *is_secret)
{
	if (i >= sizeof ours / sizeof *ours)
		return NULL;
	*is_secret = ours[i].is_secret;
	return ours[i].pattern;
}
