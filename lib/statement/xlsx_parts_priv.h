/*
 * The sheets of the workbook, and the positions that formulas of other sheets
 * refer to.
 */
#ifndef RW_STATEMENT_XLSX_PARTS_PRIV_H
#define RW_STATEMENT_XLSX_PARTS_PRIV_H

#include "statement/xlsx_book_priv.h"

/* The names of the sheets as formulas use them. */
#define RW_SHEET_SUMMARY "Summary"
#define RW_SHEET_DAILY "Daily"
#define RW_SHEET_COMMISSION "Commission"
#define RW_SHEET_MONTHS "Months"

/* The first row of days on the sheet Daily, from 0. */
enum { RW_DAILY_FIRST = 4 };

/* The row, from 0, of a figure on the sheet Summary; RW_FIGURES stands for the
 * net P&L. The values are in column B. */
int
rw_summary_row(enum rw_figure_name name);

void
rw_book_summary(struct rw_book *book);

void
rw_book_daily(struct rw_book *book);

void
rw_book_commission(struct rw_book *book);

void
rw_book_months(struct rw_book *book);

void
rw_book_corrections(struct rw_book *book);

void
rw_book_definitions(struct rw_book *book);

/* Writes how the commission is paid and who the issuer is, on the sheet
 * Commission from this row on; nothing of what is not known. */
void
rw_book_payment(struct rw_book *book, unsigned row);

/* The row, from 0, of the commission on the sheet Commission. The value is in
 * column B. */
enum { RW_FEE_DUE_ROW = 7 };

/* Inserts the logo above the charts. */
void
rw_book_logo(struct rw_book *book);

/* Inserts the charts beside the summary. */
void
rw_book_charts(struct rw_book *book);

#endif
