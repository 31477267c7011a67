/*
 * One call of wire/http.h as libcurl sees it.
 */
#ifndef RW_WIRE_HTTP_CURL_PRIV_H
#define RW_WIRE_HTTP_CURL_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/http_call.h"

/* A handle with all that is the same for each call; NULL when libcurl has
 * none. Its numbers are not 0. */
void *
rw_http_curl_new(const struct rw_http_options *options);

/* Sets the handle up for the call. False when libcurl does not take it; then
 * too the call is to be released. */
bool
rw_http_curl_begin(struct rw_http_call *call, void *easy,
	const struct rw_http_options *options);

/* Asks how much of the body the far end has taken by now, all that was sent
 * when it has answered; returns the bytes that are new. */
uint64_t
rw_http_curl_look(struct rw_http_call *call, bool is_ended, int64_t now_ms);

/* What a CURLcode means for the call; sets its status and why. */
enum rw_http_end
rw_http_curl_result(struct rw_http_call *call, int code);

/* Returns the handle. */
void *
rw_http_curl_release(struct rw_http_call *call);

#endif
