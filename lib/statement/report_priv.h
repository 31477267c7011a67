/*
 * Inside of reports: drawing the two documents of a statement, with the tools of
 * one thread. For report.c and report_draw.c alone.
 */
#ifndef RW_STATEMENT_REPORT_PRIV_H
#define RW_STATEMENT_REPORT_PRIV_H

#include "statement/report.h"

struct rw_reporter {
	const struct rw_report_settings *settings;
	struct rw_pdf *pdf;
	struct rw_xlsx_archive *archive;
	struct rw_digest digest;
	struct rw_buf document;		/* one of the two at a time */
};

/* To reporter->document, with its checksum. */
bool
rw_report_draw_pdf(struct rw_reporter *reporter,
	const struct rw_statement *statement, struct rw_err *fonts,
	char sha256[RW_SHA256_HEX], struct rw_err *err);

/* The same; path is a file that the library may need. */
bool
rw_report_draw_workbook(struct rw_reporter *reporter,
	const struct rw_statement *statement, const char *path,
	char sha256[RW_SHA256_HEX], struct rw_err *err);

#endif
