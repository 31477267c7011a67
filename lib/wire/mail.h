/*
 * One message to one recipient: what a transport is given.
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
	bool probe;			/* find out whether it would be accepted,
					 * and send nothing (SMTP only); without
					 * bytes, perhaps without recipient */
	int64_t end_by_ms;		/* not to be ended later, by
					 * rw_boot_clock_ms; 0: whenever */
	void *context;			/* the caller's */
	struct rw_mail *next;		/* the transport's while it has it */
};

/*
 * The outcome. failure is NULL when the message was accepted; else
 *
 *	RW_UNREACHABLE	the server did not answer about this message; retryable
 *	RW_REFUSED	the server refused it; retryable when that is temporary
 *			or not about this message
 *	RW_CONFIG	the server refuses all messages; retryable
 *	RW_LOCKED	it was too late to end the message; retryable
 *	RW_IN_DOUBT	the answer to the whole message was lost
 *	RW_IO		writing it here failed
 */
struct rw_mail_report {
	void (*done)(void *context, struct rw_mail *mail,
		const struct rw_err *failure);
	void *context;
};

/* Replaces out by the message with lines that end with LF, as programs on
 * this side of SMTP have them. */
void
rw_mail_with_lf(const struct rw_mail *mail, struct rw_buf *out);

#endif
