/*
 * What is wrong with the URL of a setting, before a library reads it: the
 * messages of libraries quote what they cannot read, and with it a part of a
 * password. No message of this file has any part of the URL.
 *
 * Source: RFC 3986, 3.2. Stricter than it in one thing: a password has no ":",
 * because MongoDB's drivers refuse one.
 */
#ifndef RW_BASE_URL_H
#define RW_BASE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Where the authority begins: behind "SCHEME://", or at the beginning of what
 * has no scheme. */
const char *
rw_url_authority(const char *url);

/* RW_CONFIG with the advice to percent-encode when what is before the last "@"
 * of the URL is not USER or USER:PASSWORD: it has another "@" or ":", a "/",
 * "?", "#", blank or control character, or a "%" that begins no escape. name
 * is the setting's. */
bool
rw_url_check_user(const char *name, const char *url, struct rw_err *err);

/* The same, and the setting takes no user at all. */
bool
rw_url_check_no_user(const char *name, const char *url, struct rw_err *err);

/* Behind the user part, expects HOST or HOST:PORT, IPv6 addresses in brackets;
 * with lists several of them, with commas. RW_CONFIG says what is wrong. Call
 * rw_url_check_user first. */
bool
rw_url_check_hosts(const char *name, const char *url, bool lists,
	struct rw_err *err);

#endif
