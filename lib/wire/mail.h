/*
 * One message to one recipient: the input of a transport.
 */
#ifndef RW_WIRE_MAIL_H
#define RW_WIRE_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_mail {
	const char *sender, *recipient;	/* checked addresses */
	const char *bytes;		/* lines end with CRLF */
	size_t len;
	bool needs_utf8;		/* an address needs SMTPUTF8 */
	bool probe;			/* test whether the message would be
					 * accepted, and send nothing (SMTP
					 * only); has no bytes, and may have no
					 * recipient */
	int64_t end_by_ms;		/* latest time to end the message, by
					 * rw_boot_clock_ms; 0: no limit */
	bool deferred;			/* out: the server answered 421 or 450
					 * about the recipient or the text */
	void *context;			/* the caller's */
	struct rw_mail *next;		/* for the transport that holds the
					 * mail */
};

/*
 * The outcome. failure is NULL when the message was accepted; else
 *
 * 	RW_UNREACHABLE	the server did not answer about this message; retryable
 *  RW_REFUSED the server refused it; retryable when the refusal is temporary
 * 			or not about this message
 *  RW_CONFIG the server refuses every message; retryable
 * 	RW_LOCKED	it was too late to end the message; retryable
 * 	RW_IN_DOUBT	the answer to the whole message was lost
 * 	RW_IO		writing it here failed
 */
struct rw_mail_report {
	void (*done)(void *context, struct rw_mail *mail,
		const struct rw_err *failure);
	void *context;
};

/* Replaces out by the message with lines that end with LF, as local programs
 * expect. */
void
rw_mail_with_lf(const struct rw_mail *mail, struct rw_buf *out);

#endif
