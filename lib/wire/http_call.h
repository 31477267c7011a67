/*
 * One request of HTTP and its answer, as data: what the caller sets, and what
 * wire/http.h fills in.
 */
#ifndef RW_WIRE_HTTP_CALL_H
#define RW_WIRE_HTTP_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/buf.h"
#include "wire/header.h"

/* Bytes: a shorter body in memory is sent together with the head. */
enum { RW_HTTP_SHORT_BODY = 65536 };

/* Interim answers (1xx) before the answer; more of them end the call with
 * RW_HTTP_CUT. */
enum { RW_HTTP_INTERIM_MAX = 5 };

struct rw_http_body {
	const void *bytes;	/* used when fd is -1 */
	int fd;			/* a file; its offset is not touched */
	uint64_t offset;	/* where in it the body begins */
	uint64_t len;		/* bytes */
};

enum rw_http_end {
	RW_HTTP_OPEN,		/* in progress */
	RW_HTTP_ANSWERED,	/* status, head and answer are set */
	RW_HTTP_UNREACHED,	/* no address, no connection, or it broke */
	RW_HTTP_TIMEOUT,	/* nothing moved for too long, or too little */
	RW_HTTP_CUT,		/* the answer ended too early, or is not HTTP */
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

	/* Bytes of the body that the peer has received, in any attempt: bytes
	 * that are sent again do not count again. The caller sets it to 0. */
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

struct rw_http_options {
	size_t connections;		/* kept open; 0: 8 */
	int64_t connect_timeout_ms;	/* 0: 10,000 */
	int64_t stall_ms;		/* that a call may go on while nothing
					 * moves; 0: 20,000 */
	int64_t least_rate;		/* bytes a second that count as moving,
					 * for each call; 0: 1024 */
	const char *ca_file;		/* PEM; NULL: the system's */
};

/* The value of a header of the answer, copied into out; "" when there is
 * none. name in lower case. True when it is there. */
bool
rw_http_header(const struct rw_http_call *call, const char *name,
	char *out, size_t size);

void
rw_http_call_free(struct rw_http_call *call);

#endif
