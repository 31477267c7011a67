/*
 * Which proxy libcurl would use, as it reads the environment; and why it cannot.
 *
 * Source: curl(1), ENVIRONMENT; libcurl, CURLOPT_NOPROXY(3).
 */
#ifndef RW_WIRE_PROXY_H
#define RW_WIRE_PROXY_H

/* The variable that names a proxy for SMTP to this host; NULL: there is none,
 * or no_proxy excepts the host. */
const char *
rw_proxy_for_smtp(const char *host);

/* Why libcurl failed with CURLE_COULDNT_RESOLVE_PROXY, in place of its own
 * message when that quotes the proxy's URL, which may hold a password. */
const char *
rw_proxy_failure(const char *why);

#endif
