/*
 * One call of wire/http.h as libcurl sees it.
 */
#ifndef RW_WIRE_HTTP_CURL_PRIV_H
#define RW_WIRE_HTTP_CURL_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/http_call.h"

/* A handle with the options that all calls share; NULL when libcurl cannot
 * create one. No number in options is 0. */
void *
rw_http_curl_new(const struct rw_http_options *options);

/* Sets the handle up for the call. False when libcurl rejects it; the call has
 * to be released in that case too. */
bool
rw_http_curl_begin(struct rw_http_call *call, void *easy,
	const struct rw_http_options *options);

/* Asks how much of the body the peer has received by now (all that was sent, if
 * it has answered); returns the bytes that are new. */
uint64_t
rw_http_curl_look(struct rw_http_call *call, bool is_ended, int64_t now_ms);

/* What a CURLcode means for the call; sets its status and why. */
enum rw_http_end
rw_http_curl_result(struct rw_http_call *call, int code);

/* Returns the handle. */
void *
rw_http_curl_release(struct rw_http_call *call);

#endif
