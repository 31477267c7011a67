#include "wire/mongo_uri_priv.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/url.h"

enum { SELECT_MS = 15000, CONNECT_MS = 5000, SOCKET_MS = 60000,
	DATABASE_MAX = 63 };

/* ---- what the driver says of it ----------------------------------------- */

/* The driver's log would go to standard error. The driver only logs what it
 * ignores in a URI, so its messages are collected while this thread reads
 * one. */
static _Thread_local struct rw_buf *heard;

static void
hear(mongoc_log_level_t level, const char *domain, const char *message,
	void *unused)
{
	(void)level;
	(void)domain;
	(void)unused;
	if (heard != NULL)
		rw_buf_addf(heard, "%.200s\n", message);
}

/* Options that only change how PyMongo represents documents: one .env file may
 * serve both programs. */
static bool
is_pymongos(const char *line, size_t len)
{
	static const char *const names[] = {"\"tz_aware\"", "\"tzinfo\"",
		"\"uuidrepresentation\"", "\"datetime_conversion\"",
		"\"unicode_decode_error_handler\"", "\"document_class\"",
		"\"connect\"", "\"type_registry\""};
	char text[256];
	size_t i;

	snprintf(text, sizeof text, "%.*s", (int)len, line);
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasestr(text, names[i]) != NULL)
			return true;
	return false;
}

/* An "&" in the value of such an option makes the rest of the value look like
 * the name of an option. */
static bool
has_secret_option(const char *text)
{
	const char *options = strchr(rw_url_authority(text), '?');

	return options != NULL &&
		(strcasestr(options, "password=") != NULL ||
		strcasestr(options, "mechanismproperties=") != NULL);
}

static void
warn(const char *text, const struct rw_buf *words)
{
	const char *line = rw_buf_text(words);
	size_t len;

	for (; *line != '\0'; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (len == 0 || is_pymongos(line, len))
			continue;
		if (!has_secret_option(text)) {
			rw_say(RW_WARNING, "MONGO_URI: %.*s", (int)len, line);
			continue;
		}
		rw_say(RW_WARNING, "MONGO_URI has an option that the driver "
			"does not know (is each \"&\" in a value "
			"percent-encoded, as %%26?)");
		return;
	}
}

static bool
refuse(const char *text, const char *why, const struct rw_buf *words,
	struct rw_err *err)
{
	const char *more = rw_buf_text(words);
	size_t len = strcspn(more, "\n");

	if (has_secret_option(text))
		return rw_fail(err, RW_CONFIG, "MONGO_URI is not a valid "
			"connection string: its options cannot be read");
	return rw_fail(err, RW_CONFIG, "MONGO_URI is not a valid connection "
		"string: %s%s%.*s%s", why, len > 0 ? " (" : "", (int)len, more,
		len > 0 ? ")" : "");
}

static mongoc_uri_t *
parse(const char *text, struct rw_err *err)
{
	static bool has_warned;
	struct rw_buf words = {0};
	bson_error_t error = {0};
	mongoc_uri_t *uri;

	mongoc_log_set_handler(hear, NULL);
	heard = &words;
	uri = mongoc_uri_new_with_error(text, &error);
	heard = NULL;
	if (uri == NULL)
		refuse(text, error.message, &words, err);
	else if (!has_warned)
		warn(text, &words);
	has_warned = true;
	rw_buf_free(&words);
	return uri;
}

/* ---- what is in it ------------------------------------------------------ */

static bool
check_text(const char *text, struct rw_err *err)
{
	size_t scheme = (size_t)(rw_url_authority(text) - text);

	if (!rw_url_check_user("MONGO_URI", text, err))
		return false;
	if (strncmp(text, "mongodb://", scheme) != 0 &&
	    strncmp(text, "mongodb+srv://", scheme) != 0)
		scheme = 0;
	if (scheme == 0)
		return rw_fail(err, RW_CONFIG, "MONGO_URI does not begin with "
			"mongodb:// or mongodb+srv://");
	return rw_url_check_hosts("MONGO_URI", text, true, err);
}

static bool
verifies_tls(const mongoc_uri_t *uri, struct rw_err *err)
{
	static const char *const weak[] = {MONGOC_URI_TLSINSECURE,
		MONGOC_URI_TLSALLOWINVALIDCERTIFICATES,
		MONGOC_URI_TLSALLOWINVALIDHOSTNAMES};
	size_t i;

	for (i = 0; i < sizeof weak / sizeof weak[0]; i++)
		if (mongoc_uri_get_option_as_bool(uri, weak[i], false))
			return rw_fail(err, RW_CONFIG, "MONGO_URI has %s: "
				"certificates are always verified here (name "
				"a private authority with tlsCAFile)",
				weak[i]);
	return true;
}

static void
set_default(mongoc_uri_t *uri, const char *option, int32_t value)
{
	if (!mongoc_uri_has_option(uri, option))
		mongoc_uri_set_option_as_int32(uri, option, value);
}

static void
complete_uri(mongoc_uri_t *uri)
{
	set_default(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, SELECT_MS);
	set_default(uri, MONGOC_URI_CONNECTTIMEOUTMS, CONNECT_MS);
	set_default(uri, MONGOC_URI_SOCKETTIMEOUTMS, SOCKET_MS);
	if (!mongoc_uri_has_option(uri, MONGOC_URI_SERVERSELECTIONTRYONCE))
		mongoc_uri_set_option_as_bool(uri,
			MONGOC_URI_SERVERSELECTIONTRYONCE, false);
	if (mongoc_uri_get_appname(uri) == NULL)
		mongoc_uri_set_appname(uri, "report-worker");
}

mongoc_uri_t *
rw_mongo_uri_read(const char *text, struct rw_err *err)
{
	mongoc_uri_t *uri = check_text(text, err) ? parse(text, err) : NULL;

	if (uri == NULL)
		return NULL;
	complete_uri(uri);
	if (verifies_tls(uri, err))
		return uri;
	mongoc_uri_destroy(uri);
	return NULL;
}

/* ---- the database ------------------------------------------------------- */

bool
rw_mongo_check_database(const char *setting, const char *name,
	struct rw_err *err)
{
	static const char rule[] = "the name of a database in MongoDB has 1 "
		"to 63 bytes, and no \"/\", \"\\\", \".\", \"$\", quotation "
		"mark, blank or control character";
	size_t len = strlen(name);

	if (len <= DATABASE_MAX && name[strcspn(name, "/\\. \"$")] == '\0' &&
	    !rw_text_has_control(name) && rw_text_is_utf8(name, len, NULL))
		return true;
	/* If the name is in fact a URI, it may contain a password. */
	if (rw_text_has_control(name) || !rw_text_is_utf8(name, len, NULL) ||
	    strpbrk(name, "@/") != NULL)
		return rw_fail(err, RW_CONFIG, "%s: %s", setting, rule);
	return rw_fail(err, RW_CONFIG, "%s is \"%.80s\": %s", setting, name,
		rule);
}
