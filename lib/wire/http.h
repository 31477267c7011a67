/*
 * HTTP/1.1 over libcurl: many calls at once over connections that are kept.
 * One call is one request and one answer; nothing is retried here (but
 * that libcurl itself repeats a request on a fresh connection when a kept one
 * turns out to be closed), no redirect is followed, and a status of 500 is an
 * answer like any other.
 *
 * No server can delay a call for ever: from its start to its end a call has a
 * budget (base/budget.h), which only bytes of bodies fill that the peer has
 * received. Heads, interim answers, trailers and TLS records earn nothing, and
 * interim answers are counted.
 *
 * Proxies come from the environment as curl reads it: http_proxy,
 * HTTPS_PROXY, NO_PROXY (see curl(1)).
 *
 * Errors: RW_BUG when libcurl cannot be set up, RW_IO from rw_http_wait.
 * The outcome of a call is not an error but its end.
 */
#ifndef RW_WIRE_HTTP_H
#define RW_WIRE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/http_call.h"

struct rw_http;

/* NULL with RW_BUG or RW_CONFIG. */
struct rw_http *
rw_http_new(const struct rw_http_options *options, struct rw_err *err);

/* Aborts running calls. Accepts NULL. */
void
rw_http_delete(struct rw_http *http);

/* Begins a call, which belongs to http until rw_http_next returns it. */
bool
rw_http_start(struct rw_http *http, struct rw_http_call *call,
	struct rw_err *err);

/* Aborts all calls; they are the caller's again. */
void
rw_http_abandon(struct rw_http *http);

/* Ends all calls as RW_HTTP_TIMEOUT, for this reason. */
void
rw_http_give_up(struct rw_http *http, const char *why);

/* Bytes of bodies that peers have received since the start; those of one call
 * count once, however often it was started. */
uint64_t
rw_http_taken(const struct rw_http *http);

/* A call that has ended; NULL when there is none. */
struct rw_http_call *
rw_http_next(struct rw_http *http);

/* Lets the calls go on for at most timeout_ms (-1: without a bound), or until
 * one has ended, or input_fd (-1: none) can be read or is at its end: then
 * *has_input is true. */
bool
rw_http_wait(struct rw_http *http, int input_fd, int64_t timeout_ms,
	bool *has_input, struct rw_err *err);

#endif
