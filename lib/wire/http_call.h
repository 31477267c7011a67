/*
 * One call of wire/http as libcurl sees it. For wire/http.c alone.
 */
#ifndef RW_WIRE_HTTP_CALL_H
#define RW_WIRE_HTTP_CALL_H

#include "wire/http.h"

/* A handle with all that is the same for each call; NULL when libcurl has
 * none. Its numbers are not 0. */
void *
rw_http_handle_new(const struct rw_http_options *options);

/* Sets the handle up for the call. False when libcurl does not take it; then
 * too the call is to be released. */
bool
rw_http_call_begin(struct rw_http_call *call, void *easy);

/* What a CURLcode means for the call; sets its status and why. */
enum rw_http_end
rw_http_call_result(struct rw_http_call *call, int code);

/* Returns the handle. */
void *
rw_http_call_release(struct rw_http_call *call);

#endif
