/*
 * One call of wire/http.h in terms of libcurl.
 */
#ifndef RW_WIRE_HTTP_CURL_PRIV_H
#define RW_WIRE_HTTP_CURL_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/http_call.h"

/* A handle with the options of all calls; NULL when libcurl cannot create one.
 * No number in options may be 0. */
void *
rw_http_curl_new(const struct rw_http_options *options);

/* Sets up the handle for the call. False when libcurl rejects it; the call must
 * be released in this case, too. */
bool
rw_http_curl_begin(struct rw_http_call *call, void *easy,
	const struct rw_http_options *options);

/* Updates how much of the body the peer has received (all that was sent, if it
 * has answered); returns the number of new bytes. */
uint64_t
rw_http_curl_look(struct rw_http_call *call, bool is_ended, int64_t now_ms);

/* Translates a CURLcode to the call's outcome; sets its status and why. */
enum rw_http_end
rw_http_curl_result(struct rw_http_call *call, int code);

/* Returns the handle. */
void *
rw_http_curl_release(struct rw_http_call *call);

#endif
