/*
 * Composes a mail: headers, text, HTML and attachments. Pure: the same
 * arguments give the same bytes.
 *
 * Any server accepts the result: its lines are short (at most 76 characters in
 * the body) and end with CRLF, and it is plain ASCII. The only exception is an
 * address with a local part outside ASCII.
 *
 * A message of the first edition (record/mail_edition.h) has the fields of the
 * header as GMime encodes them. All else is written straight into the buffer,
 * since a run writes the same few parts for thousands of followers.
 *
 * Sources: RFC 5322 (format), RFC 2045 to 2047 and 2231 (MIME), RFC 3834
 * (Auto-Submitted), RFC 6532 (addresses outside ASCII).
 */
#ifndef RW_MAIL_MESSAGE_H
#define RW_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_attachment {
	const char *name;	/* UTF-8 */
	const char *type;	/* "application/pdf" */
	const void *bytes;
	size_t len;
};

/* Texts are UTF-8 without control characters. Addresses were checked by
 * rw_address_parse. All pointers are borrowed. */
struct rw_message {
	int64_t edition;	/* see record/mail_edition.h */
	const char *from_name, *from;
	const char *to_name, *to;	/* to_name may be NULL */
	const char *cc;		/* NULL: none; addresses are separated by
				 * ", " */
	const char *reply_to;	/* NULL: none */
	const char *original_to;	/* X-Original-To; NULL: none */
	const char *subject;
	const char *message_id;		/* without angle brackets */
	int64_t date;			/* seconds since 1970 */
	const char *text, *html;	/* lines end with LF; html may be
					 * NULL */
	struct rw_attachment attachments[2];
	size_t attachment_count;
};

/* Appends the message. RW_DATA when it is longer than out may hold. */
bool
rw_message_compose(const struct rw_message *message, struct rw_buf *out,
	struct rw_err *err);

#endif
