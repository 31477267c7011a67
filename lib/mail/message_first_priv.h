/*
 * The fields of the header as the first edition of the mail has them
 * (record/mail_edition.h): GMime encodes and folds them. Its encoded words can
 * be longer than RFC 2047 allows, so that new mails are written by
 * wire/mime_header.h.
 */
#ifndef RW_MAIL_MESSAGE_FIRST_PRIV_H
#define RW_MAIL_MESSAGE_FIRST_PRIV_H

#include "base/buf.h"

void
rw_message_first_add_text(struct rw_buf *out, const char *field,
	const char *text);

/* address: one; without a name several, with ", " between them. */
void
rw_message_first_add_address(struct rw_buf *out, const char *field,
	const char *name, const char *address);

/* "Content-Disposition: attachment; filename=...": a whole field. */
void
rw_message_first_add_named(struct rw_buf *out, const char *field,
	const char *parameter, const char *value);

#endif
