/*
 * Who sends the statements, and to whom a commission is paid: the settings of
 * the issuer and of the payee, for the documents and for the mail.
 *
 *	RW_ISSUER_NAME		"Example Capital Ltd"
 *	RW_ISSUER_ADDRESS	lines with "|" or a line feed between them
 *	RW_ISSUER_NUMBER	"VAT ID DE123456789", as it is to be printed
 *	RW_ISSUER_EMAIL, RW_ISSUER_URL
 *	RW_ISSUER_FOOTER	a sentence at the foot of each page
 *	RW_PAYEE_NAME, RW_PAYEE_IBAN, RW_PAYEE_BIC
 *	RW_PAYMENT_DAYS		from the issue date to the due date
 *	RW_COLLECTION		transfer, debit or none
 *
 * All texts are UTF-8 of one line, without control characters. The texts are
 * not escaped for HTML.
 *
 * Errors: RW_CONFIG, which names the setting and what is expected.
 *
 * Sources: ISO 13616-1 (IBAN), ISO 9362 (BIC), EPC069-12 (70 characters for the
 * name of a payee).
 */
#ifndef RW_RECORD_ISSUER_H
#define RW_RECORD_ISSUER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/iban.h"

enum {
	RW_ISSUER_LINES = 6,		/* of an address */
	RW_ISSUER_LINE_SIZE = 320,	/* 70 characters of UTF-8, and a NUL */
	RW_BIC_SIZE = 12,		/* 11 characters and a NUL */
};

/* A text that is not set is NULL. Texts are borrowed from the environment. */
struct rw_issuer {
	const char *name;
	char address[RW_ISSUER_LINES][RW_ISSUER_LINE_SIZE];
	size_t address_lines;		/* 0: not set */
	const char *number;		/* of a tax office or a register */
	const char *email;		/* local@domain */
	const char *url;		/* https://..., printable ASCII */
	const char *footer;
};

/* How a commission is collected. */
enum rw_collection {
	RW_COLLECTION_NONE,		/* the documents do not say */
	RW_COLLECTION_TRANSFER,		/* the follower pays */
	RW_COLLECTION_DEBIT,		/* the follower's account is debited */
};

struct rw_payee {
	enum rw_collection collection;
	const char *name;		/* NULL: no payee */
	char iban[RW_IBAN_SIZE];	/* with the name, never alone */
	char bic[RW_BIC_SIZE];		/* "": not set */
	bool has_days;
	unsigned days;			/* 0 to 366 */
};

bool
rw_issuer_read(struct rw_issuer *issuer, struct rw_err *err);

/* Whether any of its settings is set. */
bool
rw_issuer_is_set(const struct rw_issuer *issuer);

/* RW_COLLECTION is transfer when it is not set and there is a payee. A transfer
 * without a payee is an error, and so is a name or a BIC without an IBAN. */
bool
rw_payee_read(struct rw_payee *payee, struct rw_err *err);

#endif
