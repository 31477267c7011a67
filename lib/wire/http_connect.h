/*
 * Checks that a server is reachable: resolves its name, connects, and for https
 * verifies its certificate. Sends no request. Source:
 * https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html
 *
 * Proxies and certificates come from the environment, as curl(1) reads it.
 */
#ifndef RW_WIRE_HTTP_CONNECT_H
#define RW_WIRE_HTTP_CONNECT_H

#include <stdbool.h>

#include "base/err.h"

/* name is the setting with the URL. The URL may be secret: messages show at
 * most its host. RW_CONFIG: not an http or https URL. RW_UNREACHABLE. Takes at
 * most 10 seconds. */
bool
rw_http_connect(const char *name, const char *url, struct rw_err *err);

#endif
