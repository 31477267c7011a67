/*
 * The workbook that the sheets are written into: its formats, and functions
 * that fill a cell. This file does not depend on any sheet.
 */
#ifndef RW_STATEMENT_XLSX_BOOK_PRIV_H
#define RW_STATEMENT_XLSX_BOOK_PRIV_H

#include <stddef.h>
#include <stdint.h>

#include "statement/sentences.h"
#include "statement/words.h"

struct rw_workbook_options;

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

enum rw_cell {
	RW_CELL_TITLE,
	RW_CELL_HEAD,		/* above a block or a column */
	RW_CELL_HEAD_RIGHT,
	RW_CELL_LABEL,		/* beside a value, below the title */
	RW_CELL_TEXT,
	RW_CELL_MEANING,	/* on as many lines as the text needs */
	RW_CELL_TERM,
	RW_CELL_DATE,
	RW_CELL_AMOUNT,		/* P&L, without the currency */
	RW_CELL_TOTAL,		/* the same below a column */
	RW_CELL_TOTAL_LABEL,
	RW_CELL_MONEY,		/* P&L, with the currency */
	RW_CELL_FEE,		/* the commission, in its minor unit */
	RW_CELL_UNROUNDED,
	RW_CELL_COUNT,
	RW_CELL_RATIO,
	RW_CELL_SHARE,		/* a percentage with one decimal, */
	RW_CELL_RETURN,		/* with two, */
	RW_CELL_RATE,		/* with as many as the rate has */
	RW_CELLS,
};

struct rw_book {
	const struct rw_statement *statement;
	const struct rw_workbook_options *options;
	struct lxw_workbook *workbook;
	struct lxw_worksheet *sheet;	/* the one being written */
	struct lxw_format *formats[RW_CELLS];
	struct lxw_format *gain, *loss;
	int failure;			/* the library's first error, or 0 */
};

/* Adds all formats to a new workbook. */
void
rw_book_add_formats(struct rw_book *book);

/* The number that represents an amount in a cell. */
double
rw_cell_value(int64_t amount);

void
rw_book_text(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, const char *text);

/* Writes a text that may need several lines, and sets the height of its row,
 * because a spreadsheet program does not. characters: the number that fits on a
 * line. */
void
rw_book_lines(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, size_t characters, const char *text);

void
rw_book_number(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, double value);

/* Writes a formula and its value. */
void
rw_book_formula(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, double value, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Notes a result of the library; the first error is kept. */
void
rw_book_note(struct rw_book *book, int failure);

/* Writes the title and the month into the first two rows. */
void
rw_book_heading(struct rw_book *book, const char *title);

/* The width of a column in which both the amount and the heading fit. */
double
rw_book_width(const struct rw_book *book, int64_t amount);

#endif
