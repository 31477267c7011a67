/*
 * Checks a mail address before it is used in a header or sent to a server.
 *
 * Source: RFC 5321, section 4.1.2 (Mailbox) and 4.5.3.1 (lengths), RFC 6531,
 * section 3.3 (characters outside ASCII).
 */
#ifndef RW_MAIL_ADDRESS_H
#define RW_MAIL_ADDRESS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_address {
	struct rw_buf text;	/* local@domain, the domain in A-labels */
	const char *domain;	/* borrowed from text */
	/* The local part is not ASCII, so that only a server with SMTPUTF8
	 * accepts the address. */
	bool needs_utf8;
};

/* Reads an address of the form local@domain. RW_DATA: the message names the
 * fault and begins with what, the name of the address ("email"). An invisible
 * character is a fault, wherever it is: no reader could tell the address from
 * another. address may be
 * {0} or used before. */
bool
rw_address_parse(struct rw_address *address, const char *what,
	const char *text, struct rw_err *err);

const char *
rw_address_text(const struct rw_address *address);

void
rw_address_free(struct rw_address *address);

#endif
