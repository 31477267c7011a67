/*
 * Which proxy libcurl would use, as it reads the environment.
 *
 * Source: curl(1), ENVIRONMENT; libcurl, CURLOPT_NOPROXY(3).
 */
#ifndef RW_WIRE_PROXY_H
#define RW_WIRE_PROXY_H

/* The variable that names a proxy for SMTP to this host; NULL: there is none,
 * or no_proxy excepts the host. */
const char *
rw_proxy_for_smtp(const char *host);

#endif
