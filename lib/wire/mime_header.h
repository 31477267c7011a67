/*
 * The fields of a mail's header: text outside ASCII as encoded words, file
 * names as parameters, and lines of at most 76 characters where they can be
 * folded. Text that only looks like an encoded word is encoded, so that it
 * arrives unchanged. Pure.
 *
 * The texts are UTF-8 without control characters.
 *
 * Source: RFC 5322, sections 2.2.3 (folding), 3.3 and 3.4; RFC 2047 (encoded
 * words: 75 characters, whole characters of the text in each); RFC 2231
 * (parameters).
 */
#ifndef RW_WIRE_MIME_HEADER_H
#define RW_WIRE_MIME_HEADER_H

#include <stdint.h>

#include "base/buf.h"

/* Appends "Subject: TEXT" and CRLF. */
void
rw_mime_add_text_field(struct rw_buf *out, const char *field,
	const char *text);

/* Appends "To: NAME <ADDRESS>" and CRLF. Without a name (NULL), address can be
 * several, with ", " between them. */
void
rw_mime_add_address_field(struct rw_buf *out, const char *field,
	const char *name, const char *address);

/* Appends "Date: Tue, 01 Jul 2025 00:10:00 +0000" and CRLF. */
void
rw_mime_add_date_field(struct rw_buf *out, int64_t seconds);

/* Appends a parameter to a field that has no line end yet, on a line of its
 * own; a value outside ASCII, or a long one, as RFC 2231 says. */
void
rw_mime_add_parameter(struct rw_buf *out, const char *name,
	const char *value);

/* The same in the form that older readers understand: a value outside ASCII is
 * encoded words within quotes. */
void
rw_mime_add_old_parameter(struct rw_buf *out, const char *name,
	const char *value);

#endif
