/*
 * Converts the keywords in an answer to EHLO to capital letters. They are
 * case-insensitive (RFC 5321, section 2.4), but libcurl 7.88 to 8.x recognises
 * STARTTLS, AUTH, SIZE, SMTPUTF8 and the mechanisms only in capital letters.
 * Old servers write "AUTH=PLAIN", and some a tab, where libcurl expects a blank.
 * Therefore a server's answer to EHLO is changed before libcurl gets it, in
 * recv and SSL_read, which the dynamic linker finds here before the libraries'.
 * All other streams and answers are unchanged.
 */
#ifndef RW_WIRE_SMTP_CASE_H
#define RW_WIRE_SMTP_CASE_H

#include <stdbool.h>
#include <stddef.h>

/* A stream from which an answer to EHLO is expected. Valid when zeroed. */
struct rw_smtp_case {
	struct rw_smtp_case *next;
	bool is_begun;
	int fd;
	const void *tls;	/* SSL *; NULL: no TLS yet */
	size_t column;
	bool is_good;		/* the line so far belongs to a 250 answer */
	bool is_auth;		/* its keyword so far is that of "AUTH" */
};

/* Adds the stream, which must not move until rw_smtp_case_end. */
void
rw_smtp_case_begin(struct rw_smtp_case *stream, int fd, const void *tls);

/* Does nothing for a stream that was not added. */
void
rw_smtp_case_end(struct rw_smtp_case *stream);

/* The next bytes of the stream, changed in place. */
void
rw_smtp_case_raise(struct rw_smtp_case *stream, char *bytes, size_t len);

#endif
