/*
 * Whether a server can be reached: its name is resolved, a connection made, and
 * for https its certificate verified. Nothing is requested. Source:
 * https://curl.se/libcurl/c/CURLOPT_CONNECT_ONLY.html
 *
 * Proxies and certificates come from the environment, as curl(1) reads it.
 */
#ifndef RW_WIRE_HTTP_CONNECT_H
#define RW_WIRE_HTTP_CONNECT_H

#include <stdbool.h>

#include "base/err.h"

/* name is that of the setting with the URL, which may be a secret: messages
 * name at most its host. RW_CONFIG: it is not a URL of http or https.
 * RW_UNREACHABLE. Within 10 seconds. */
bool
rw_http_connect(const char *name, const char *url, struct rw_err *err);

#endif
