/*
 * The sheets of the workbook, one function each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "statement/xlsx_parts_priv.h"

/* Spreadsheets count days from 1899-12-30; this holds from March 1900 on. */
enum { SERIAL_OF_1970 = 25569 };

static unsigned
last_day(const struct rw_book *book)
{
	return RW_DAILY_FIRST + (unsigned)book->statement->in.count - 1;
}

/* ---- Daily ------------------------------------------------------------- */

static void
write_day(struct rw_book *book, unsigned row,
	const struct rw_statement_day *day)
{
	unsigned first = RW_DAILY_FIRST + 1, this = row + 1;

	rw_book_number(book, row, 0, RW_CELL_DATE,
		(double)(rw_date_serial(day->date) + SERIAL_OF_1970));
	rw_book_text(book, row, 1, RW_CELL_LABEL,
		rw_word(RW_WORD_SUNDAY +
		(unsigned)rw_date_weekday(day->date)));
	rw_book_number(book, row, 2, RW_CELL_AMOUNT, rw_cell_value(day->pnl));
	rw_book_formula(book, row, 3, RW_CELL_AMOUNT,
		rw_cell_value(day->cumulative), "=ROUND(SUM(C$%u:C%u),%d)",
		first, this, book->statement->digits);
	rw_book_formula(book, row, 4, RW_CELL_AMOUNT,
		rw_cell_value(day->drawdown), "=ROUND(D%u-MAX(0,D$%u:D%u),%d)",
		this, first, this, book->statement->digits);
}

static void
colour_signs(struct rw_book *book, unsigned first_row, unsigned first_column,
	unsigned last_row, unsigned last_column)
{
	lxw_conditional_format rule = {.type = LXW_CONDITIONAL_TYPE_CELL,
		.criteria = LXW_CONDITIONAL_CRITERIA_LESS_THAN,
		.format = book->loss};

	rw_book_note(book, (int)worksheet_conditional_format_range(book->sheet,
		first_row, (lxw_col_t)first_column, last_row,
		(lxw_col_t)last_column, &rule));
	rule.criteria = LXW_CONDITIONAL_CRITERIA_GREATER_THAN;
	rule.format = book->gain;
	rw_book_note(book, (int)worksheet_conditional_format_range(book->sheet,
		first_row, (lxw_col_t)first_column, last_row,
		(lxw_col_t)last_column, &rule));
}

/* Overwrites what the library writes into these cells: text without a format,
 * and formulas that contain the name of a column with an ampersand, which
 * LibreOffice cannot read. */
static void
write_totals(struct rw_book *book, unsigned row)
{
	const struct rw_statement *s = book->statement;
	unsigned first = RW_DAILY_FIRST + 1;

	rw_book_text(book, row, 0, RW_CELL_TOTAL_LABEL,
		rw_word(RW_WORD_MONTH));
	rw_book_text(book, row, 1, RW_CELL_TOTAL, "");
	rw_book_formula(book, row, 2, RW_CELL_TOTAL, rw_cell_value(s->total),
		"=SUBTOTAL(109,C%u:C%u)", first, row);
	rw_book_formula(book, row, 3, RW_CELL_TOTAL, rw_cell_value(s->total),
		"=D%u", row);
	rw_book_formula(book, row, 4, RW_CELL_TOTAL,
		rw_cell_value(s->figures[RW_MAX_DRAWDOWN].value),
		"=SUBTOTAL(105,E%u:E%u)", first, row);
}

enum { WORD_SIZE = 64 };

/* The library copies the text, but its parameter is not const. */
static char *
copy_word(char to[WORD_SIZE], enum rw_word word)
{
	snprintf(to, WORD_SIZE, "%s", rw_word(word));
	return to;
}

static void
add_days_table(struct rw_book *book)
{
	char date[WORD_SIZE], weekday[WORD_SIZE], pnl[WORD_SIZE],
		cumulative[WORD_SIZE], drawdown[WORD_SIZE], month[WORD_SIZE];
	char name[] = "Days";
	lxw_format *left = book->formats[RW_CELL_HEAD];
	lxw_format *right = book->formats[RW_CELL_HEAD_RIGHT];
	lxw_table_column columns[] = {
		{.header = copy_word(date, RW_WORD_DATE), .header_format = left,
			.total_string = copy_word(month, RW_WORD_MONTH)},
		{.header = copy_word(weekday, RW_WORD_DAY),
			.header_format = left},
		{.header = copy_word(pnl, RW_WORD_PNL), .header_format = right,
			.total_function = LXW_TABLE_FUNCTION_SUM},
		{.header = copy_word(cumulative, RW_WORD_CUMULATIVE),
			.header_format = right},
		{.header = copy_word(drawdown, RW_WORD_DRAWDOWN),
			.header_format = right,
			.total_function = LXW_TABLE_FUNCTION_MIN},
	};
	lxw_table_column *list[] = {&columns[0], &columns[1], &columns[2],
		&columns[3], &columns[4], NULL};
	lxw_table_options options = {.name = name, .total_row = LXW_TRUE,
		.no_banded_rows = LXW_TRUE,
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
		.style_type_number = 0, .columns = list};

	rw_book_note(book, (int)worksheet_add_table(book->sheet,
		RW_DAILY_FIRST - 1, 0, last_day(book) + 1, 4, &options));
	write_totals(book, last_day(book) + 1);
}

/* A column wide enough for every amount. A cell that is too narrow shows
 * ####. */
static void
set_widths(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	double widest = rw_book_width(book, s->total), width;
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		width = rw_book_width(book, s->in.days[i].cumulative);
		widest = width > widest ? width : widest;
		width = rw_book_width(book, s->in.days[i].drawdown);
		widest = width > widest ? width : widest;
		width = rw_book_width(book, s->in.days[i].pnl);
		widest = width > widest ? width : widest;
	}
	worksheet_set_column(book->sheet, 0, 0, 13, NULL);
	worksheet_set_column(book->sheet, 1, 1, 8, NULL);
	worksheet_set_column(book->sheet, 2, 4, widest, NULL);
}

void
rw_book_daily(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	size_t i;

	rw_book_heading(book, rw_word(RW_WORD_DAILY_RESULTS));
	set_widths(book);
	worksheet_freeze_panes(book->sheet, RW_DAILY_FIRST, 0);
	worksheet_repeat_rows(book->sheet, 0, RW_DAILY_FIRST - 1);
	if (s->in.count == 0) {
		rw_book_text(book, 3, 0, RW_CELL_LABEL,
			rw_word(RW_WORD_NO_TRADING_DAY));
		return;
	}
	add_days_table(book);
	for (i = 0; i < s->in.count; i++)
		write_day(book, RW_DAILY_FIRST + (unsigned)i, &s->in.days[i]);
	colour_signs(book, RW_DAILY_FIRST, 2, last_day(book), 2);
}

/* ---- Commission -------------------------------------------------------- */

enum {
	FEE_MODEL = 3,
	FEE_BASE,
	FEE_RATE,
	FEE_UNROUNDED,
	FEE_AMOUNT,
	FEE_ROUNDING,
	FEE_ACCOUNT,
	FEE_WHY,
	MARK_HEAD = FEE_WHY + 2,
	MARK_BEFORE,
	MARK_CLOSING,
	MARK_AFTER,
};

_Static_assert((int)FEE_AMOUNT == (int)RW_FEE_DUE_ROW,
	"Summary refers to this row");

static void
write_label(struct rw_book *book, unsigned row, enum rw_word label)
{
	rw_book_text(book, row, 0, RW_CELL_LABEL, rw_word(label));
}

/* The block below: the mark, and how it changes. */
static void
write_mark(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;

	rw_book_text(book, MARK_HEAD, 0, RW_CELL_HEAD,
		rw_word(RW_WORD_MARK));
	rw_book_text(book, MARK_HEAD, 1, RW_CELL_HEAD, "");
	write_label(book, MARK_BEFORE, RW_WORD_BEFORE);
	rw_book_number(book, MARK_BEFORE, 1, RW_CELL_MONEY,
		rw_cell_value(s->in.fee.mark));
	write_label(book, MARK_CLOSING, RW_WORD_CLOSING_BALANCE);
	rw_book_formula(book, MARK_CLOSING, 1, RW_CELL_MONEY,
		rw_cell_value(s->fee.closing), "=" RW_SHEET_SUMMARY "!B%d",
		rw_summary_row(RW_CLOSING_BALANCE) + 1);
	write_label(book, MARK_AFTER, RW_WORD_AFTER);
	rw_book_formula(book, MARK_AFTER, 1, RW_CELL_MONEY,
		rw_cell_value(s->fee.mark_after), "=MAX(B%d,B%d)",
		MARK_BEFORE + 1, MARK_CLOSING + 1);
}

static void
write_amount(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	int net = rw_summary_row(RW_FIGURES) + 1;

	write_label(book, FEE_BASE, RW_WORD_BASE);
	if (s->in.fee.model == RW_FEE_HWM)
		rw_book_formula(book, FEE_BASE, 1, RW_CELL_MONEY,
			rw_cell_value(s->fee.base),
			"=ROUND(MAX(0,MIN(" RW_SHEET_SUMMARY "!B%d,B%d-B%d)),%d)", net,
			MARK_CLOSING + 1, MARK_BEFORE + 1, s->digits);
	else
		rw_book_formula(book, FEE_BASE, 1, RW_CELL_MONEY,
			rw_cell_value(s->fee.base), "=MAX(0," RW_SHEET_SUMMARY "!B%d)",
			net);
	write_label(book, FEE_RATE, RW_WORD_RATE);
	rw_book_number(book, FEE_RATE, 1, RW_CELL_RATE,
		rw_cell_value(s->in.fee.rate) / 100);
	write_label(book, FEE_UNROUNDED, RW_WORD_UNROUNDED);
	rw_book_formula(book, FEE_UNROUNDED, 1, RW_CELL_UNROUNDED,
		strtod(s->fee.unrounded, NULL), "=B%d*B%d", FEE_BASE + 1,
		FEE_RATE + 1);
	write_label(book, FEE_AMOUNT, RW_WORD_COMMISSION_DUE);
	rw_book_formula(book, FEE_AMOUNT, 1, RW_CELL_FEE,
		rw_cell_value(s->fee.amount), "=ROUND(B%d,%d)",
		FEE_UNROUNDED + 1, s->minor);
}

/* A label and a sentence. */
static void
write_words(struct rw_book *book, unsigned row, enum rw_word label,
	void (*words)(const struct rw_statement *, struct rw_buf *))
{
	struct rw_buf buf = {0};

	write_label(book, row, label);
	words(book->statement, &buf);
	rw_book_lines(book, row, 1, RW_CELL_TEXT, 46, rw_buf_text(&buf));
	rw_buf_free(&buf);
}

void
rw_book_commission(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	bool hwm = s->in.fee.model == RW_FEE_HWM;
	char iban[RW_IBAN_GROUPED_SIZE];

	rw_book_heading(book, rw_word(RW_WORD_COMMISSION));
	worksheet_set_column(book->sheet, 0, 0, 24, NULL);
	worksheet_set_column(book->sheet, 1, 1, 46, NULL);
	write_label(book, FEE_MODEL, RW_WORD_FEE_MODEL);
	rw_book_text(book, FEE_MODEL, 1, RW_CELL_TEXT, rw_word(hwm ?
		RW_WORD_MODEL_HWM : RW_WORD_MODEL_MONTHLY));
	write_amount(book);
	write_words(book, FEE_ROUNDING, RW_WORD_ROUNDING, rw_statement_rounding);
	rw_iban_grouped(iban, s->in.iban);
	write_label(book, FEE_ACCOUNT, RW_WORD_ACCOUNT);
	rw_book_text(book, FEE_ACCOUNT, 1, RW_CELL_TEXT, iban[0] != '\0' ? iban :
		rw_word(RW_WORD_NO_ACCOUNT));
	write_words(book, FEE_WHY, RW_WORD_IN_WORDS, rw_statement_why);
	if (hwm)
		write_mark(book);
	rw_book_payment(book, hwm ? MARK_AFTER + 2 : MARK_HEAD);
}

/* ---- Definitions ------------------------------------------------------- */

void
rw_book_definitions(struct rw_book *book)
{
	struct rw_definition definition;
	unsigned i;

	rw_book_heading(book, rw_word(RW_WORD_DEFINITIONS));
	worksheet_set_column(book->sheet, 0, 0, 18, NULL);
	worksheet_set_column(book->sheet, 1, 1, 72, NULL);
	for (i = 0; rw_statement_definition(book->statement, i, &definition);
	    i++) {
		rw_book_text(book, 3 + i, 0, RW_CELL_TERM, definition.term);
		rw_book_lines(book, 3 + i, 1, RW_CELL_MEANING, 72,
			definition.meaning);
	}
}
