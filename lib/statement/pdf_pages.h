/*
 * The statement as a PDF document: a page that says it all, a page with every
 * day.
 *
 * The same statement, look and date give the same bytes.
 *
 * Errors: those of wire/pdf.h.
 */
#ifndef RW_STATEMENT_PDF_PAGES_H
#define RW_STATEMENT_PDF_PAGES_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/pdf.h"
#include "statement/statement.h"

/* Who sends it. */
struct rw_look {
	const char *brand;	/* "SpreadPilot" */
	const struct rw_image *logo;	/* in place of the brand's name; NULL:
					 * none; borrowed */
};

/* Appends the document. created: seconds since 1970. A name that the fonts
 * cannot show gives way to the follower's ID, and the page says so;
 * *fonts is why the fonts for it cannot be used, or RW_OK. */
bool
rw_statement_pdf(struct rw_pdf *pdf, const struct rw_statement *statement,
	const struct rw_look *look, int64_t created, struct rw_buf *out,
	struct rw_err *fonts, struct rw_err *err);

#endif
