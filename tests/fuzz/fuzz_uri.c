/*
 * Any text as the URL of a database or a proxy, with a password in it. No
 * message has any part of the password.
 */
#include "fuzz.h"

#include <mongoc/mongoc.h>

#include "base/url.h"
#include "wire/mongo_uri_priv.h"
#include "wire/pg_target.h"
#include "wire/proxy.h"

static const char secret[] = "Zq7hR2xK9w";

/* Any five characters of the password in a row. */
static bool
has_part(const char *text)
{
	char part[6];
	size_t i;

	for (i = 0; i + sizeof part <= sizeof secret; i++) {
		memcpy(part, secret + i, sizeof part - 1);
		part[sizeof part - 1] = '\0';
		if (strstr(text, part) != NULL)
			return true;
	}
	return false;
}

static void
require_silent(bool good, const struct rw_err *err)
{
	fuzz_outcome(good, err);
	require(!has_part(err->message));
}

static void
check_url(const char *url)
{
	struct rw_err err = {0};
	bool good = rw_url_check_user("A_SETTING", url, &err);

	require_silent(good, &err);
	if (good)
		require_silent(rw_url_check_hosts("A_SETTING", url, true, &err),
			&err);
	err = (struct rw_err){0};
	require_silent(rw_url_check_no_user("A_SETTING", url, &err), &err);
}

static void
check_databases(const char *url)
{
	struct rw_pg_target target = {.variable = "A_SETTING"};
	struct rw_err err = {0};
	mongoc_uri_t *uri;

	require_silent(rw_pg_target_read(&target, url, &err), &err);
	rw_pg_target_free(&target);
	err = (struct rw_err){0};
	uri = rw_mongo_uri_read(url, &err);
	require_silent(uri != NULL, &err);
	if (uri != NULL)
		mongoc_uri_destroy(uri);
	err = (struct rw_err){0};
	require(setenv("https_proxy", url, 1) == 0);
	require_silent(rw_proxy_check(RW_PROXY_HTTP, &err), &err);
}

static void
ignore(mongoc_log_level_t level, const char *domain, const char *message,
	void *context)
{
	(void)level, (void)domain, (void)message, (void)context;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const schemes[] = {"mongodb://", "mongodb+srv://",
		"postgresql://", "postgresql+asyncpg://", "http://", ""};
	struct fuzz_input input = {data, size};
	struct rw_buf url = {0};
	char *user, *rest;

	mongoc_log_set_handler(ignore, NULL);
	rw_buf_adds(&url, schemes[fuzz_byte(&input) % 6]);
	user = fuzz_text(&input);
	rest = fuzz_rest(&input);
	/* It is not a password where it is not before the last @. */
	rw_buf_addf(&url, "u:%s%s%s@%s", user, secret, "", rest);
	/* What an input repeats of the password may be shown elsewhere. */
	if (!has_part(user) && !has_part(rest)) {
		check_url(rw_buf_text(&url));
		check_databases(rw_buf_text(&url));
	}
	rw_buf_free(&url);
	free(user);
	free(rest);
	return 0;
}
