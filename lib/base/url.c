#include "base/url.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HEX "0123456789abcdefABCDEF"

const char *
rw_url_authority(const char *url)
{
	size_t len = strspn(url, LETTERS "0123456789+.-");

	return len > 0 && strncmp(url + len, "://", 3) == 0 ? url + len + 3 :
		url;
}

/* ---- the user part ------------------------------------------------------ */

static bool
is_escape(const char *percent)
{
	return percent[1] != '\0' && strchr(HEX, percent[1]) != NULL &&
		percent[2] != '\0' && strchr(HEX, percent[2]) != NULL &&
		strncmp(percent + 1, "00", 2) != 0;
}

static bool
is_user_part(const char *text, const char *end)
{
	bool has_colon = false;

	for (; text < end; text++) {
		if (strchr("@/?#", *text) != NULL ||
		    (unsigned char)*text <= ' ' || *text == 0x7f ||
		    (*text == ':' && has_colon) ||
		    (*text == '%' && !is_escape(text)))
			return false;
		has_colon = has_colon || *text == ':';
	}
	return true;
}

static bool
check(const char *name, const char *url, const char *more, struct rw_err *err)
{
	const char *begin = rw_url_authority(url), *end = strrchr(begin, '@');

	return end == NULL || is_user_part(begin, end) || rw_fail(err,
		RW_CONFIG, "%s: expected USER or USER:PASSWORD before the "
		"\"@\", and each special character of both percent-encoded: "
		"\"@\" as %%40, \":\" as %%3A, \"/\" as %%2F, \"?\" as %%3F, "
		"\"#\" as %%23, \"%%\" as %%25%s", name, more);
}

bool
rw_url_check_user(const char *name, const char *url, struct rw_err *err)
{
	return check(name, url, "", err);
}

bool
rw_url_check_no_user(const char *name, const char *url, struct rw_err *err)
{
	if (!check(name, url, "; this setting takes no user and no password",
	    err))
		return false;
	return strchr(url, '@') == NULL || rw_fail(err, RW_CONFIG, "%s takes "
		"no user and no password: expected nothing before an \"@\"",
		name);
}

/* ---- hosts -------------------------------------------------------------- */

static bool
is_port(const char *text, const char *end)
{
	unsigned port = 0;

	if (text == end || end - text > 5)
		return false;
	for (; text < end; text++) {
		if (*text < '0' || *text > '9')
			return false;
		port = port * 10 + (unsigned)(*text - '0');
	}
	return port >= 1 && port <= 65535;
}

/* Describes the fault of HOST[:PORT]; NULL: none. */
static const char *
find_host_fault(const char *text, const char *end)
{
	const char *p = text, *colon;

	for (; p < end; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return "its host has a blank or a control character";
	if (text < end && *text == '[') {
		colon = memchr(text, ']', (size_t)(end - text));
		if (colon == NULL || (++colon < end && *colon != ':'))
			return "its IPv6 address has no closing bracket";
		colon = colon < end ? colon : NULL;
	} else {
		colon = memchr(text, ':', (size_t)(end - text));
	}
	if (text == end || colon == text)
		return "it has no host";
	if (colon != NULL && !is_port(colon + 1, end))
		return "its port is not a number from 1 to 65535; a user and "
			"a password are followed by \"@\"";
	return NULL;
}

bool
rw_url_check_hosts(const char *name, const char *url, bool lists,
	struct rw_err *err)
{
	const char *at = rw_url_authority(url), *end, *comma, *fault = NULL;

	end = strrchr(at, '@');
	at = end != NULL ? end + 1 : at;
	end = at + strcspn(at, "/?#");
	for (;; at = comma + 1) {
		comma = lists ? memchr(at, ',', (size_t)(end - at)) : NULL;
		fault = find_host_fault(at, comma != NULL ? comma : end);
		if (fault != NULL)
			return rw_fail(err, RW_CONFIG, "%s: %s", name, fault);
		if (comma == NULL)
			return true;
	}
}
