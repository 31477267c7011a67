/*
 * HTTP/1.1 over libcurl: many calls at once over connections that are kept.
 * One call is one request and one answer; nothing is tried again here (but
 * that libcurl itself repeats a request on a fresh connection when a kept one
 * turns out to be closed), no redirect is followed, and a status of 500 is an
 * answer like any other.
 *
 * No server holds a call up: from its start to its end a call lives on a budget
 * (base/budget.h) that only the bytes of the bodies fill, as far as the far end
 * has taken them. Heads, interim answers, trailers and what TLS says earn
 * nothing, and interim answers are counted.
 *
 * Proxies come from the environment as curl reads it: http_proxy,
 * HTTPS_PROXY, NO_PROXY (see curl(1)).
 *
 * Errors: RW_BUG when libcurl cannot be set up, RW_IO from rw_http_wait.
 * What becomes of a call is no error but its end.
 */
#ifndef RW_WIRE_HTTP_H
#define RW_WIRE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/header.h"

/* Bytes: a shorter body that is at hand goes out together with the head. */
enum { RW_HTTP_SHORT_BODY = 65536 };

/* Answers of 100 to 199 before the answer; more are none (RW_HTTP_CUT). */
enum { RW_HTTP_INTERIM_MAX = 5 };

struct rw_http_body {
	const void *bytes;	/* used when fd is -1 */
	int fd;			/* a file; its offset is not touched */
	uint64_t offset;	/* where in it the body begins */
	uint64_t len;		/* bytes */
};

enum rw_http_end {
	RW_HTTP_OPEN,		/* under way */
	RW_HTTP_ANSWERED,	/* status, head and answer are set */
	RW_HTTP_UNREACHED,	/* no address, no connection, or it broke */
	RW_HTTP_TIMEOUT,	/* nothing moved for too long, or too little */
	RW_HTTP_CUT,		/* an answer that ended too early, or is none */
	RW_HTTP_UNTRUSTED,	/* TLS: not the server that was meant */
	RW_HTTP_LOCAL,		/* the body could not be read here */
};

struct rw_http_call {
	/* The request, borrowed until the call has ended. */
	const char *method;
	const char *url;
	const struct rw_header *headers;
	size_t header_count;
	bool has_body;
	struct rw_http_body body;
	size_t answer_max;	/* bytes of the answer; 0: 1 MiB */
	bool takes_part;	/* stops, answered, when that much is there */
	void *context;		/* the caller's */

	/* The answer, kept until rw_http_call_free or the next start. */
	enum rw_http_end end;
	char why[256];		/* what libcurl said, when not answered */
	int status;
	struct rw_buf head;	/* "name: value\n", names in lower case */
	struct rw_buf answer;

	/* Bytes of the body that the far end has taken, in any attempt: what
	 * is sent again does not count again. The caller's to set to 0. */
	uint64_t taken;

	/* private */
	void *easy, *list;
	uint64_t sent;		/* bytes of the body handed over */
	uint64_t taken_now;	/* in this attempt */
	int64_t moved_ms;	/* when the last byte moved */
	int64_t looked_ms;	/* when that was asked last */
	int fd;			/* its socket; -1: not known */
	struct rw_budget budget;
	unsigned heads;		/* that have begun */
	int local_errno;
	struct rw_http_call *next;
};

struct rw_http;

struct rw_http_options {
	size_t connections;		/* kept open; 0: 8 */
	int64_t connect_timeout_ms;	/* 0: 10,000 */
	int64_t stall_ms;		/* that a call may go on while nothing
					 * moves; 0: 20,000 */
	int64_t least_rate;		/* bytes a second that count as moving,
					 * for each call; 0: 1024 */
	const char *ca_file;		/* PEM; NULL: the system's */
};

/* NULL with RW_BUG or RW_CONFIG. */
struct rw_http *
rw_http_new(const struct rw_http_options *options, struct rw_err *err);

/* Breaks off what is under way. Accepts NULL. */
void
rw_http_delete(struct rw_http *http);

/* Begins a call; it is in http's hands until rw_http_next returns it. */
bool
rw_http_start(struct rw_http *http, struct rw_http_call *call,
	struct rw_err *err);

/* Breaks all calls off; they are the caller's again. */
void
rw_http_abandon(struct rw_http *http);

/* Ends all calls as RW_HTTP_TIMEOUT, for this reason. */
void
rw_http_give_up(struct rw_http *http, const char *why);

/* Bytes of bodies that far ends have taken, since the start; those of one call
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

/* The value of a header of the answer, copied into out; "" when there is
 * none. name in lower case. True when it is there. */
bool
rw_http_header(const struct rw_http_call *call, const char *name,
	char *out, size_t size);

void
rw_http_call_free(struct rw_http_call *call);

#endif
