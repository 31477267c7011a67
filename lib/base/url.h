/*
 * Checks the URL of a setting before a library reads it. The messages of
 * libraries quote the part that they cannot read, which may contain a part of a
 * password. No message of this file contains any part of the URL.
 *
 * Source: RFC 3986, 3.2. One rule is stricter: a password must not contain ":",
 * because MongoDB's drivers refuse it.
 */
#ifndef RW_BASE_URL_H
#define RW_BASE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The start of the authority: after "SCHEME://", or the start of a URL without
 * a scheme. */
const char *
rw_url_authority(const char *url);

/* RW_CONFIG with the advice to percent-encode when the text before the last "@"
 * of the URL is not USER or USER:PASSWORD, because it has a further "@" or ":",
 * a "/", "?" or "#", a blank, a control character, or a "%" without two
 * hexadecimal digits. name is the name of the setting. */
bool
rw_url_check_user(const char *name, const char *url, struct rw_err *err);

/* The same for a setting that accepts no user. */
bool
rw_url_check_no_user(const char *name, const char *url, struct rw_err *err);

/* After the user part, expects HOST or HOST:PORT, with IPv6 addresses in
 * brackets; with lists, several separated by commas. RW_CONFIG describes the
 * fault. Call rw_url_check_user first. */
bool
rw_url_check_hosts(const char *name, const char *url, bool lists,
	struct rw_err *err);

#endif
