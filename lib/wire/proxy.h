/*
 * Finds the proxy that libcurl would take from the environment, and explains
 * why a proxy cannot be used.
 *
 * Source: curl(1), ENVIRONMENT; libcurl, CURLOPT_NOPROXY(3).
 */
#ifndef RW_WIRE_PROXY_H
#define RW_WIRE_PROXY_H

#include <stdbool.h>

#include "base/err.h"

enum rw_proxy_use { RW_PROXY_HTTP = 1, RW_PROXY_SMTP = 2 };

/* RW_CONFIG names the first variable that libcurl reads for this use and whose
 * value is not SCHEME://USER:PASSWORD@HOST:PORT, of which everything except
 * HOST is optional. No message contains any part of the value. Call before
 * libcurl reads the variables. */
bool
rw_proxy_check(enum rw_proxy_use use, struct rw_err *err);

/* The meaning of an answer 407, and the remedy. */
#define RW_PROXY_407 "the proxy requires a user and a password: check " \
	"http_proxy, HTTPS_PROXY"

/* The variable that names a proxy for SMTP to this host; NULL: there is none,
 * or no_proxy exempts the host. */
const char *
rw_proxy_for_smtp(const char *host);

/* The reason for CURLE_COULDNT_RESOLVE_PROXY: libcurl's own message, unless it
 * quotes the proxy's URL, which may contain a password. */
const char *
rw_proxy_failure(const char *why);

#endif
