/*
 * One call of wire/http as libcurl sees it. For wire/http.c alone.
 */
#ifndef RW_WIRE_HTTP_CALL_H
#define RW_WIRE_HTTP_CALL_H

#include "wire/http.h"

/* Sets the handle up for the call. False when libcurl does not take it; then
 * too the call is to be released. options are borrowed meanwhile, and their
 * numbers are not 0. */
bool
rw_http_call_begin(struct rw_http_call *call, void *easy,
	const struct rw_http_options *options);

/* What a CURLcode means for the call; sets its status and why. */
enum rw_http_end
rw_http_call_result(struct rw_http_call *call, int code);

/* Returns the handle. */
void *
rw_http_call_release(struct rw_http_call *call);

#endif
