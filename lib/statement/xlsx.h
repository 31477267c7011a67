/*
 * The statement as a workbook: sheets Summary, Daily, Commission, Definitions; and
 * Months and Corrections where there is something to show.
 *
 * Dates and amounts are numbers. A derived figure is a formula that is stored
 * together with its value. Text is never interpreted as a formula. A cell holds
 * a binary floating-point number of 15 digits; an amount with more digits is
 * rounded to the nearest such number. The PDF is exact. The same statement,
 * look and date give the same bytes.
 *
 * Errors: RW_BUG when the library refuses a call; RW_IO when there is not
 * enough memory or a file that the library needs cannot be written; RW_DATA
 * when the buffer is full.
 * Source: ECMA-376; https://libxlsxwriter.github.io
 */
#ifndef RW_STATEMENT_XLSX_H
#define RW_STATEMENT_XLSX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/image.h"
#include "wire/xlsx_archive.h"
#include "statement/statement.h"

struct rw_workbook_options {
	const char *brand;
	const struct rw_image *logo;	/* NULL: none; borrowed */
	const struct rw_issuer *issuer;	/* borrowed */
	bool letter;		/* paper: US letter, else A4 */
	int64_t created;	/* seconds since 1970 */
};

/* Appends the workbook. When libxlsxwriter cannot write into memory, it writes
 * the file path, which may already exist. */
bool
rw_statement_xlsx(struct rw_xlsx_archive *archive,
	const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	struct rw_buf *out, struct rw_err *err);

#endif
