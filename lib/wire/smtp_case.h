/*
 * The keywords of an answer to EHLO, in capital letters. RFC 5321, section 2.4,
 * gives them without regard to case; libcurl 7.88 to 8.x finds STARTTLS, AUTH,
 * SIZE and SMTPUTF8, and the mechanisms, only in capital letters. So what a
 * server answers to EHLO is changed on its way to libcurl, within recv and
 * SSL_read, which the dynamic linker finds here before the libraries'. All other
 * streams, and all other answers, are left as they are.
 */
#ifndef RW_WIRE_SMTP_CASE_H
#define RW_WIRE_SMTP_CASE_H

#include <stdbool.h>
#include <stddef.h>

/* A stream that an answer to EHLO is expected from. Valid when zeroed. */
struct rw_smtp_case {
	struct rw_smtp_case *next;
	bool is_begun;
	int fd;
	const void *tls;	/* SSL *; NULL: no TLS yet */
	size_t column;
	bool is_good;		/* the line so far is that of a 250 */
};

/* Adds the stream, which stays where it is until rw_smtp_case_end. */
void
rw_smtp_case_begin(struct rw_smtp_case *stream, int fd, const void *tls);

/* Does nothing when it has not begun. */
void
rw_smtp_case_end(struct rw_smtp_case *stream);

/* The next bytes of the stream, changed in place. */
void
rw_smtp_case_raise(struct rw_smtp_case *stream, char *bytes, size_t len);

#endif
