#include "statement/xlsx_book_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

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

/* The longest text of a cell; a longer text is cut. */
enum { TEXT_LIMIT = 32767 };

/* "_x000A_" in a cell means a line end (ISO 29500-1, 22.9.2.19). */
static bool
is_escape(const char *text)
{
	return text[0] == '_' && text[1] == 'x' &&
		strspn(text + 2, "0123456789abcdefABCDEF") >= 4 &&
		text[6] == '_';
}

/* Adds as much of the text as a cell can hold. Escapes are quoted, so that the
 * text is shown unchanged. */
static void
add_cell_text(struct rw_buf *out, const char *text)
{
	size_t end = 0;

	for (; *text != '\0'; text++) {
		if (((unsigned char)*text & 0xc0) != 0x80)
			end = out->len;
		if (is_escape(text))
			rw_buf_adds(out, "_x005F");
		rw_buf_addc(out, *text);
		if (out->len > TEXT_LIMIT) {
			out->data[out->len = end] = '\0';
			return;
		}
	}
}

void
rw_book_text(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, const char *text)
{
	struct rw_buf shown = {0};

	if (strlen(text) > TEXT_LIMIT || strstr(text, "_x") != NULL) {
		add_cell_text(&shown, text);
		text = rw_buf_text(&shown);
	}
	rw_book_note(book, (int)worksheet_write_string(book->sheet, row,
		(lxw_col_t)column, text, book->formats[cell]));
	rw_buf_free(&shown);
}

void
rw_book_lines(struct rw_book *book, unsigned row, unsigned column,
	enum rw_cell cell, size_t characters, const char *text)
{
	size_t lines = strlen(text) / characters + 1;

	rw_book_text(book, row, column, cell, text);
	if (lines > 1)
		rw_book_note(book, (int)worksheet_set_row(book->sheet, row,
			(lines < 20 ? (double)lines : 20) * 14, NULL));
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

/* The formats that many cells use all differ. Two equal formats would be slow,
 * because libxlsxwriter would compare them again for each cell. */

enum { INK = 0x16212e, MUTED = 0x5f6b7a, RULE = 0xd3dae2, NAVY = 0x17365d };

static lxw_format *
add_format(struct rw_book *book, enum rw_cell cell, lxw_color_t ink)
{
	lxw_format *format = workbook_add_format(book->workbook);

	format_set_font_size(format, 10);
	format_set_font_color(format, ink);
	format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
	book->formats[cell] = format;
	return format;
}

static void
add_heading_formats(struct rw_book *book)
{
	lxw_format *format = add_format(book, RW_CELL_TITLE, NAVY);
	int cell;

	format_set_font_size(format, 16);
	format_set_bold(format);
	for (cell = RW_CELL_HEAD; cell <= RW_CELL_HEAD_RIGHT; cell++) {
		format = add_format(book, (enum rw_cell)cell, NAVY);
		format_set_bold(format);
		format_set_bottom(format, LXW_BORDER_THIN);
		format_set_bottom_color(format, RULE);
	}
	format_set_align(format, LXW_ALIGN_RIGHT);
}

static void
add_text_formats(struct rw_book *book)
{
	lxw_format *format;

	add_format(book, RW_CELL_LABEL, MUTED);
	format = add_format(book, RW_CELL_TEXT, INK);
	format_set_align(format, LXW_ALIGN_RIGHT);
	format_set_text_wrap(format);
	format = add_format(book, RW_CELL_MEANING, INK);
	format_set_text_wrap(format);
	format = add_format(book, RW_CELL_TERM, INK);
	format_set_bold(format);
	book->gain = workbook_add_format(book->workbook);
	format_set_font_color(book->gain, 0x2f7d5b);
	book->loss = workbook_add_format(book->workbook);
	format_set_font_color(book->loss, 0xb23a32);
}

/* A number with the given number of decimals, followed by a text. */
static lxw_format *
add_number(struct rw_book *book, enum rw_cell cell, const char *before,
	int digits, const char *after)
{
	lxw_format *format = add_format(book, cell, INK);
	char number[96];

	snprintf(number, sizeof number, "%s0%s%.*s%s", before, digits > 0 ?
		"." : "", digits, "0000000000", after);
	format_set_num_format(format, number);
	format_set_align(format, LXW_ALIGN_RIGHT);
	return format;
}

static void
set_total(lxw_format *format)
{
	format_set_bold(format);
	format_set_top(format, LXW_BORDER_THIN);
	format_set_top_color(format, NAVY);
}

static void
add_number_formats(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	const char *point = strchr(s->fee.unrounded, '.');
	lxw_format *format;
	char currency[16];

	snprintf(currency, sizeof currency, " \"%s\"", s->in.currency);
	add_number(book, RW_CELL_AMOUNT, "#,##", s->digits, "");
	set_total(add_number(book, RW_CELL_TOTAL, "#,##", s->digits, ""));
	set_total(add_format(book, RW_CELL_TOTAL_LABEL, INK));
	add_number(book, RW_CELL_MONEY, "#,##", s->digits, currency);
	format = add_number(book, RW_CELL_FEE, "#,##", s->minor, currency);
	format_set_bold(format);
	add_number(book, RW_CELL_UNROUNDED, "#,##", point != NULL ?
		(int)strlen(point + 1) : 0, currency);
	add_number(book, RW_CELL_COUNT, "", 0, "");
	if (s->digits == 2)
		book->formats[RW_CELL_RATIO] = book->formats[RW_CELL_AMOUNT];
	else
		add_number(book, RW_CELL_RATIO, "#,##", 2, "");
	add_number(book, RW_CELL_SHARE, "", 1, "%");
	add_number(book, RW_CELL_RETURN, "#,##", 2, "%");
	add_number(book, RW_CELL_RATE, "", rw_money_decimals(s->in.fee.rate),
		"%");
	format = add_format(book, RW_CELL_DATE, INK);
	format_set_num_format(format, "yyyy-mm-dd");
	format_set_align(format, LXW_ALIGN_LEFT);
}

void
rw_book_add_formats(struct rw_book *book)
{
	add_heading_formats(book);
	add_text_formats(book);
	add_number_formats(book);
}

/* ---- shapes ------------------------------------------------------------ */

double
rw_book_width(const struct rw_book *book, int64_t amount)
{
	char text[RW_MONEY_SIZE];
	size_t n;

	rw_money_grouped(text, amount, book->statement->digits);
	n = strlen(text) + 2;
	return n < 14 ? 14 : (double)n;
}

void
rw_book_heading(struct rw_book *book, const char *title)
{
	const struct rw_statement *s = book->statement;
	char month[32], words[256];

	rw_period_words(month, s->in.period);
	snprintf(words, sizeof words, "%s, %s", month, s->in.currency);
	rw_book_text(book, 0, 0, RW_CELL_TITLE, title);
	rw_book_text(book, 1, 0, RW_CELL_LABEL, words);
	worksheet_set_row(book->sheet, 0, 24, NULL);
}
