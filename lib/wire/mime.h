/*
 * The transfer encodings of MIME: any bytes as short lines of ASCII, each
 * ended by CRLF. Pure.
 *
 * Source: RFC 2045, sections 6.7 (quoted-printable) and 6.8 (base64).
 */
#ifndef RW_WIRE_MIME_H
#define RW_WIRE_MIME_H

#include <stddef.h>

#include "base/buf.h"

#define RW_MIME_LINE 76		/* characters in a line, at most */

/* Appends text, whose lines end with LF, as quoted-printable. Ends with CRLF
 * when text ends with LF. */
void
rw_mime_add_quoted(struct rw_buf *out, const char *text, size_t len);

/* Appends bytes as base64. Ends with CRLF, unless there are none. */
void
rw_mime_add_base64(struct rw_buf *out, const void *bytes, size_t len);

#endif
