/*
 * Draws the two documents of a statement with the state of one thread.
 *
 * Errors: as in wire/pdf.h and statement/xlsx.h.
 */
#ifndef RW_STATEMENT_REPORT_DRAW_H
#define RW_STATEMENT_REPORT_DRAW_H

#include "base/buf.h"
#include "wire/digest.h"
#include "statement/pdf_pages.h"
#include "statement/statement.h"
#include "statement/xlsx.h"

struct rw_report_drawer {
	struct rw_pdf *pdf;
	struct rw_xlsx_archive *archive;
	struct rw_digest digest;
	struct rw_buf document;		/* one of the two at a time */
};

/* Draws the PDF into drawer->document and computes its checksum. created: the
 * date inside the document. shown and fonts: as for rw_statement_pdf. */
bool
rw_report_draw_pdf(struct rw_report_drawer *drawer,
	const struct rw_statement *statement, const struct rw_look *look,
	int64_t created, enum rw_pdf_shown *shown, struct rw_err *fonts,
	char sha256[RW_SHA256_HEX], struct rw_err *err);

/* Does the same for the workbook. path: a file that the library may need. */
bool
rw_report_draw_workbook(struct rw_report_drawer *drawer,
	const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	char sha256[RW_SHA256_HEX], struct rw_err *err);

#endif
