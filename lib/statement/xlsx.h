/*
 * The statement as a workbook: sheets Summary, Daily, Commission, Definitions.
 *
 * Dates and amounts are numbers, what follows from them is a formula with its
 * value beside it, text is never taken for a formula. A cell holds a binary
 * number of 15 digits, so an amount of more digits is there to the nearest
 * that a cell can hold; the PDF is exact. The same statement, look and date
 * give the same bytes.
 *
 * Errors: RW_BUG for what the library refuses; RW_IO when there is no memory, or
 * no file where it needs one; RW_DATA when the buffer is full.
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
	bool letter;		/* paper: US letter, else A4 */
	int64_t created;	/* seconds since 1970 */
};

/* Appends the workbook. Where libxlsxwriter does not write into memory, it
 * writes the file path, which may exist already. */
bool
rw_statement_xlsx(struct rw_xlsx_archive *archive,
	const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	struct rw_buf *out, struct rw_err *err);

#endif
