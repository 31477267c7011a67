/*
 * What makes a statement the same one as another, as two digests.
 *
 * content: what the statement is about: follower, month, name, account,
 * currency, fee terms, balances, and each day. drawn: all that a reader sees,
 * but neither a signature nor a payment that has come since. So the content, the
 * look (issuer, logo, paper, fonts), the payee, the issue date, and earlier
 * months.
 *
 * The number of the revision, and what a correction says of the revision
 * before, belong to neither: two revisions with equal digests differ in
 * nothing that was to be corrected.
 *
 * A new input that is drawn belongs to one of the two functions.
 *
 * Errors: those of wire/digest.h.
 */
#ifndef RW_STATEMENT_IDENTITY_H
#define RW_STATEMENT_IDENTITY_H

#include "base/err.h"
#include "statement/statement.h"
#include "wire/digest.h"

/* The version of the layout. A change that a reader notices in an old month is
 * the next one. */
#define RW_STATEMENT_LAYOUT 2

bool
rw_identity_content(struct rw_digest *digest,
	const struct rw_statement *statement, char sha256[RW_SHA256_HEX],
	struct rw_err *err);

/* What documents are drawn with, apart from the statement. */
struct rw_identity_look {
	const char *settings;	/* their digest; borrowed */
	unsigned shown;		/* the follower's name, see enum rw_pdf_shown */
};

/* content is that of the same statement. */
bool
rw_identity_drawn(struct rw_digest *digest,
	const struct rw_statement *statement, const char *content,
	const struct rw_identity_look *look, char sha256[RW_SHA256_HEX],
	struct rw_err *err);

/* ---- for digests of settings --------------------------------------------- */

/* One fact: its name and value cannot be taken for another's. NULL: none. */
void
rw_identity_add(struct rw_digest *digest, const char *name, const char *value);

void
rw_identity_add_bytes(struct rw_digest *digest, const char *name,
	const void *bytes, size_t len);

void
rw_identity_add_number(struct rw_digest *digest, const char *name,
	int64_t value);

bool
rw_identity_end(struct rw_digest *digest, char sha256[RW_SHA256_HEX],
	struct rw_err *err);

#endif
