/*
 * One HTTP request and its answer, as data: the members that the caller sets,
 * and the members that wire/http.h fills in.
 */
#ifndef RW_WIRE_HTTP_CALL_H
#define RW_WIRE_HTTP_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/buf.h"
#include "wire/header.h"

/* In bytes. A shorter body in memory is sent together with the head. */
enum { RW_HTTP_SHORT_BODY = 65536 };

/* The most interim answers (1xx); more of them end the call with
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
	RW_HTTP_UNREACHED,	/* no address, no connection, or a broken
				 * connection */
	RW_HTTP_TIMEOUT,	/* no progress for too long, or too little */
	RW_HTTP_CUT,		/* the answer ended too early, or is not HTTP */
	RW_HTTP_UNTRUSTED,	/* TLS: the server is not the expected one */
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
	bool takes_part;	/* ends as answered when answer_max bytes have
				 * arrived */
	void *context;		/* the caller's */

	/* The answer; valid until rw_http_call_free or the next start. */
	enum rw_http_end end;
	char why[256];		/* libcurl's message, when not answered */
	int status;
	struct rw_buf head;	/* "name: value\n", names in lower case */
	struct rw_buf answer;

	/* Body bytes that the peer has received, in any attempt. Bytes that are
	 * sent again do not count again. The caller initialises it to 0. */
	uint64_t taken;

	/* private */
	void *easy, *list;
	uint64_t sent;		/* body bytes handed to libcurl */
	uint64_t taken_now;	/* in this attempt */
	int64_t moved_ms;	/* time of the last progress */
	int64_t looked_ms;	/* time of the last check */
	int fd;			/* its socket; -1: not known */
	struct rw_budget budget;
	unsigned heads;		/* heads that have begun */
	int local_errno;
	struct rw_http_call *next;
};

struct rw_http_options {
	size_t connections;		/* kept open; 0: 8 */
	int64_t connect_timeout_ms;	/* 0: 10,000 */
	int64_t stall_ms;		/* longest time without progress; 0:
					 * 20,000 */
	int64_t least_rate;		/* least bytes a second that count as
					 * progress, for each call; 0: 1024 */
	const char *ca_file;		/* PEM; NULL: the system's */
};

/* Copies the value of a header field of the answer into out; "" when there is
 * none. name in lower case. True when the field exists. */
bool
rw_http_header(const struct rw_http_call *call, const char *name,
	char *out, size_t size);

void
rw_http_call_free(struct rw_http_call *call);

#endif
