#include "work/statement_xlsx.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "work/statement_xlsx_parts.h"

/* ---- cells ------------------------------------------------------------- */

double
rw_cell_value(int64_t amount)
{
	char text[RW_MONEY_SIZE];

	rw_money_text(text, amount, 0);
	return strtod(text, NULL);
}

void
rw_book_note(struct rw_book *book, int failure)
{
	if (book->failure == 0)
		book->failure = failure;
}

/* What a cell can hold at most; a text that is longer is cut. */
enum { TEXT_LIMIT = 32767 };

void
rw_book_text(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, const char *text)
{
	char *cut = NULL;

	if (strlen(text) > TEXT_LIMIT) {
		size_t n = TEXT_LIMIT;

		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
		cut = strndup(text, n);
		text = cut != NULL ? cut : "";
	}
	rw_book_note(book, (int)worksheet_write_string(book->sheet, row,
		(lxw_col_t)column, text, book->formats[cell]));
	free(cut);
}

void
rw_book_number(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, double value)
{
	rw_book_note(book, (int)worksheet_write_number(book->sheet, row,
		(lxw_col_t)column, value, book->formats[cell]));
}

void
rw_book_formula(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, double value, const char *format, ...)
{
	char formula[256];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(formula, sizeof formula, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof formula) {
		rw_book_note(book, LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED);
		return;
	}
	rw_book_note(book, (int)worksheet_write_formula_num(book->sheet, row,
		(lxw_col_t)column, formula, book->formats[cell], value));
}

/* ---- formats ----------------------------------------------------------- */

static lxw_format *
add_format(struct rw_book *book, enum rw_cell cell, const char *number)
{
	lxw_format *format = workbook_add_format(book->workbook);

	format_set_font_name(format, "Calibri");
	format_set_font_size(format, 10);
	format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
	if (number != NULL) {
		format_set_num_format(format, number);
		format_set_align(format, LXW_ALIGN_RIGHT);
	}
	book->formats[cell] = format;
	return format;
}

/* "#,##0.00": digits decimals. */
static void
number_format(char out[32], int digits)
{
	snprintf(out, 32, "#,##0%s%.*s", digits > 0 ? "." : "", digits,
		"0000");
}

static void
add_text_formats(struct rw_book *book)
{
	lxw_format *format;

	format = add_format(book, RW_CELL_TITLE, NULL);
	format_set_font_size(format, 16);
	format_set_bold(format);
	format_set_font_color(format, 0x17365d);
	format = add_format(book, RW_CELL_SUBTITLE, NULL);
	format_set_font_color(format, 0x5f6b7a);
	format = add_format(book, RW_CELL_HEAD, NULL);
	format_set_bold(format);
	format_set_font_color(format, 0x17365d);
	format_set_bottom(format, LXW_BORDER_THIN);
	format_set_bottom_color(format, 0xd3dae2);
	format = add_format(book, RW_CELL_LABEL, NULL);
	format_set_font_color(format, 0x5f6b7a);
	format = add_format(book, RW_CELL_TEXT, NULL);
	format_set_align(format, LXW_ALIGN_RIGHT);
	format = add_format(book, RW_CELL_WRAPPED, NULL);
	format_set_text_wrap(format);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	format = add_format(book, RW_CELL_TERM, NULL);
	format_set_bold(format);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
}

static void
add_number_formats(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	const char *currency = s->in.currency;
	char number[32], money[64];

	add_format(book, RW_CELL_DATE, "yyyy-mm-dd");
	number_format(number, s->digits);
	add_format(book, RW_CELL_AMOUNT, number);
	snprintf(money, sizeof money, "%s \"%s\"", number, currency);
	add_format(book, RW_CELL_MONEY, money);
	number_format(number, s->minor);
	snprintf(money, sizeof money, "%s \"%s\"", number, currency);
	format_set_bold(add_format(book, RW_CELL_FEE, money));
	snprintf(money, sizeof money, "#,##0.%.*s##### \"%s\"", s->minor,
		"000", currency);
	add_format(book, RW_CELL_UNROUNDED, money);
	add_format(book, RW_CELL_COUNT, "0");
	add_format(book, RW_CELL_RATIO, "0.00");
	add_format(book, RW_CELL_PERCENT, "0.00%");
	book->gain = workbook_add_format(book->workbook);
	format_set_font_color(book->gain, 0x2f7d5b);
	book->loss = workbook_add_format(book->workbook);
	format_set_font_color(book->loss, 0xb23a32);
}

/* ---- sheets ------------------------------------------------------------ */

static void
add_sheet(struct rw_book *book, const char *name, bool landscape,
	void (*fill)(struct rw_book *))
{
	lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, name);
	char foot[320];

	if (sheet == NULL) {
		rw_book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return;
	}
	book->sheet = sheet;
	worksheet_set_paper(sheet, book->options->letter ? 1 : 9);
	if (landscape)
		worksheet_set_landscape(sheet);
	worksheet_fit_to_pages(sheet, 1, 0);
	worksheet_set_margins(sheet, 0.6, 0.6, 0.7, 0.8);
	worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
	snprintf(foot, sizeof foot, "&L&8Statement %.150s&R&8Page &P of &N",
		book->statement->number);
	rw_book_note(book, (int)worksheet_set_footer(sheet, foot));
	fill(book);
}

static void
set_properties(struct rw_book *book)
{
	char month[32], title[64], subject[192], author[256];
	lxw_doc_properties properties = {0};

	rw_period_words(month, book->statement->in.period);
	snprintf(title, sizeof title, "Monthly statement, %s", month);
	snprintf(subject, sizeof subject, "Statement %s",
		book->statement->number);
	snprintf(author, sizeof author, "%s", book->options->brand);
	properties.title = title;
	properties.subject = subject;
	properties.author = author;
	properties.company = author;
	/* The library takes 0 for now. */
	properties.created = book->options->created != 0 ?
		(time_t)book->options->created : 1;
	rw_book_note(book, (int)workbook_set_properties(book->workbook,
		&properties));
}

/* Closing frees the workbook whatever comes out. */
static bool
close_book(struct rw_book *book, const char *path, struct rw_err *err)
{
	int failure = (int)workbook_close(book->workbook);

	if (book->failure == 0)
		book->failure = failure;
	if (book->failure == 0)
		return true;
	return rw_fail(err, book->failure == failure ? RW_IO : RW_BUG,
		"cannot write the workbook %s: %s", path,
		lxw_strerror((lxw_error)book->failure));
}

bool
rw_statement_xlsx(const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	struct rw_err *err)
{
	struct rw_book book = {.statement = statement, .options = options};

	book.workbook = workbook_new(path);
	if (book.workbook == NULL)
		return rw_fail(err, RW_IO, "cannot start a workbook: no "
			"memory");
	set_properties(&book);
	add_text_formats(&book);
	add_number_formats(&book);
	add_sheet(&book, "Summary", true, rw_book_summary);
	add_sheet(&book, "Daily", false, rw_book_daily);
	add_sheet(&book, "Commission", false, rw_book_commission);
	add_sheet(&book, "Definitions", false, rw_book_definitions);
	return close_book(&book, path, err);
}
