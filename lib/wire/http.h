/*
 * HTTP/1.1 over libcurl: many calls at once over persistent connections. One
 * call is one request and one answer. Nothing is retried here, except that
 * libcurl repeats a request on a new connection when a persistent one turns out
 * to be closed. Redirects are not followed, and a status of 500 is an answer
 * like any other.
 *
 * No server can delay a call indefinitely: a call has a budget (base/budget.h)
 * from its start to its end. Only body bytes that the receiver has got add to
 * the budget. Heads, interim answers, trailers and TLS records do not, and the
 * number of interim answers is limited.
 *
 * Proxies come from the environment as curl reads it: http_proxy,
 * HTTPS_PROXY, NO_PROXY (see curl(1)).
 *
 * Errors: RW_BUG when libcurl cannot be set up, RW_IO from rw_http_wait. A call
 * does not fail with an error; its outcome is in its member end.
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

/* Aborts all calls, and returns them to the caller. */
void
rw_http_abandon(struct rw_http *http);

/* Ends all calls with RW_HTTP_TIMEOUT, and with this reason. */
void
rw_http_give_up(struct rw_http *http, const char *why);

/* Body bytes that peers have received since the start. The bytes of one call
 * count once, even if the call was started several times. */
uint64_t
rw_http_taken(const struct rw_http *http);

/* Returns a call that has ended; NULL when there is none. */
struct rw_http_call *
rw_http_next(struct rw_http *http);

/* Lets the calls proceed for at most timeout_ms (-1: no limit), until one has
 * ended, or until input_fd (-1: none) is readable or at its end; then
 * *has_input is true. */
bool
rw_http_wait(struct rw_http *http, int input_fd, int64_t timeout_ms,
	bool *has_input, struct rw_err *err);

#endif
