/*
 * The statement as a PDF document: a summary page, then a page with every day.
 *
 * The same statement, look and date give the same bytes.
 *
 * Errors: as in wire/pdf.h.
 */
#ifndef RW_STATEMENT_PDF_PAGES_H
#define RW_STATEMENT_PDF_PAGES_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/pdf.h"
#include "statement/statement.h"

struct rw_issuer;

/* The sender as the document shows it. */
struct rw_look {
	const char *brand;	/* "SpreadPilot" */
	const struct rw_image *logo;	/* in place of the brand's name; NULL:
					 * none; borrowed */
	const struct rw_issuer *issuer;	/* borrowed */
};

/* Appends the document. created: seconds since 1970. *shown: whether the fonts
 * can show the follower's name, or a part of it; a page without the name shows
 * the follower's ID, and says why. *fonts is the reason when a required font
 * cannot be used, otherwise RW_OK. */
bool
rw_statement_pdf(struct rw_pdf *pdf, const struct rw_statement *statement,
	const struct rw_look *look, int64_t created, struct rw_buf *out,
	enum rw_pdf_shown *shown, struct rw_err *fonts, struct rw_err *err);

#endif
