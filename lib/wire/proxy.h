/*
 * Which proxy libcurl would use, as it reads the environment; and why it cannot.
 *
 * Source: curl(1), ENVIRONMENT; libcurl, CURLOPT_NOPROXY(3).
 */
#ifndef RW_WIRE_PROXY_H
#define RW_WIRE_PROXY_H

#include <stdbool.h>

#include "base/err.h"

enum rw_proxy_use { RW_PROXY_HTTP = 1, RW_PROXY_SMTP = 2 };

/* RW_CONFIG names the first of the variables that libcurl reads for this use
 * whose value is not SCHEME://USER:PASSWORD@HOST:PORT; all but HOST may be
 * left out. No message has any part of the value. Call it before libcurl
 * reads them. */
bool
rw_proxy_check(enum rw_proxy_use use, struct rw_err *err);

/* What an answer 407 means, and the remedy. */
#define RW_PROXY_407 "the proxy requires a user and a password: check " \
	"http_proxy, HTTPS_PROXY"

/* The variable that names a proxy for SMTP to this host; NULL: there is none,
 * or no_proxy excepts the host. */
const char *
rw_proxy_for_smtp(const char *host);

/* Why libcurl failed with CURLE_COULDNT_RESOLVE_PROXY, in place of its own
 * message when that quotes the proxy's URL, which may hold a password. */
const char *
rw_proxy_failure(const char *why);

#endif
