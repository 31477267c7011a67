/*
 * The sheets of the workbook, one function each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "work/statement_xlsx_parts.h"

/* Days since 1899-12-30, as spreadsheets count from March 1900 on. */
enum { SERIAL_OF_1970 = 25569 };

static unsigned
last_day(const struct rw_book *book)
{
	return RW_DAILY_FIRST + (unsigned)book->statement->in.count - 1;
}

void
rw_book_heading(struct rw_book *book, const char *title)
{
	const struct rw_statement *s = book->statement;
	char month[32], words[256];

	rw_period_words(month, s->in.period);
	snprintf(words, sizeof words, "%s, %s", month, s->in.currency);
	rw_book_text(book, 0, 0, RW_CELL_TITLE, title);
	rw_book_text(book, 1, 0, RW_CELL_SUBTITLE, words);
	worksheet_set_row(book->sheet, 0, 24, NULL);
}

/* ---- Daily ------------------------------------------------------------- */

static void
write_day(struct rw_book *book, unsigned row,
	const struct rw_statement_day *day)
{
	static const char *const names[] = {
		"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	unsigned first = RW_DAILY_FIRST + 1, this = row + 1;

	rw_book_number(book, row, 0, RW_CELL_DATE,
		(double)(rw_date_serial(day->date) + SERIAL_OF_1970));
	rw_book_text(book, row, 1, RW_CELL_LABEL,
		names[rw_date_weekday(day->date)]);
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

static void
add_days_table(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	static char date[] = "Date", weekday[] = "Day", pnl[] = "P&L",
		cumulative[] = "Cumulative", drawdown[] = "Drawdown",
		month[] = "Month", name[] = "Days";
	lxw_format *amount = book->formats[RW_CELL_AMOUNT];
	lxw_table_column columns[] = {
		{.header = date, .total_string = month},
		{.header = weekday},
		{.header = pnl, .total_function = LXW_TABLE_FUNCTION_SUM,
			.total_value = rw_cell_value(s->total),
			.format = amount},
		{.header = cumulative, .format = amount},
		{.header = drawdown, .total_function = LXW_TABLE_FUNCTION_MIN,
			.total_value = rw_cell_value(
				s->figures[RW_MAX_DRAWDOWN].value),
			.format = amount},
	};
	lxw_table_column *list[] = {&columns[0], &columns[1], &columns[2],
		&columns[3], &columns[4], NULL};
	lxw_table_options options = {.name = name, .total_row = LXW_TRUE,
		.no_banded_rows = LXW_TRUE,
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT,
		.style_type_number = 1, .columns = list};

	rw_book_note(book, (int)worksheet_add_table(book->sheet,
		RW_DAILY_FIRST - 1, 0, last_day(book) + 1, 4, &options));
}

void
rw_book_daily(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	size_t i;

	rw_book_heading(book, "Daily results");
	worksheet_set_column(book->sheet, 0, 0, 13, NULL);
	worksheet_set_column(book->sheet, 1, 1, 8, NULL);
	worksheet_set_column(book->sheet, 2, 4, 20, NULL);
	worksheet_freeze_panes(book->sheet, RW_DAILY_FIRST, 0);
	worksheet_repeat_rows(book->sheet, 0, RW_DAILY_FIRST - 1);
	if (s->in.count == 0) {
		rw_book_text(book, 3, 0, RW_CELL_LABEL, "There was no trading "
			"day in this month.");
		return;
	}
	add_days_table(book);
	for (i = 0; i < s->in.count; i++)
		write_day(book, RW_DAILY_FIRST + (unsigned)i, &s->in.days[i]);
	colour_signs(book, RW_DAILY_FIRST, 2, last_day(book) + 1, 2);
}

/* ---- Commission -------------------------------------------------------- */

enum {
	FEE_MODEL = 3,
	FEE_MARK,
	FEE_CLOSING,
	FEE_BASE,
	FEE_RATE,
	FEE_UNROUNDED,
	FEE_DUE,
	FEE_ROUNDING,
	FEE_MARK_AFTER,
	FEE_IBAN,
	FEE_REFERENCE,
	FEE_WHY,
};

static void
write_terms(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	bool hwm = s->in.fee.model == RW_FEE_HWM;

	rw_book_text(book, FEE_MODEL, 1, RW_CELL_TEXT, hwm ?
		"Above the high-water mark" : "Monthly");
	if (!hwm) {
		rw_book_text(book, FEE_MARK, 1, RW_CELL_TEXT, "n/a");
		rw_book_text(book, FEE_CLOSING, 1, RW_CELL_TEXT, "n/a");
		rw_book_text(book, FEE_MARK_AFTER, 1, RW_CELL_TEXT, "n/a");
		return;
	}
	rw_book_number(book, FEE_MARK, 1, RW_CELL_MONEY,
		rw_cell_value(s->in.fee.mark));
	rw_book_formula(book, FEE_CLOSING, 1, RW_CELL_MONEY,
		rw_cell_value(s->fee.closing), "=Summary!B%d",
		rw_summary_row(RW_CLOSING_BALANCE) + 1);
	rw_book_formula(book, FEE_MARK_AFTER, 1, RW_CELL_MONEY,
		rw_cell_value(s->fee.mark_after), "=MAX(B%d,B%d)",
		FEE_MARK + 1, FEE_CLOSING + 1);
}

static void
write_amount(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	int net = rw_summary_row(RW_FIGURES) + 1;

	if (s->in.fee.model == RW_FEE_HWM)
		rw_book_formula(book, FEE_BASE, 1, RW_CELL_MONEY,
			rw_cell_value(s->fee.base),
			"=ROUND(MAX(0,MIN(Summary!B%d,B%d-B%d)),%d)", net,
			FEE_CLOSING + 1, FEE_MARK + 1, s->digits);
	else
		rw_book_formula(book, FEE_BASE, 1, RW_CELL_MONEY,
			rw_cell_value(s->fee.base), "=MAX(0,Summary!B%d)",
			net);
	rw_book_number(book, FEE_RATE, 1, RW_CELL_PERCENT,
		rw_cell_value(s->in.fee.rate) / 100);
	rw_book_formula(book, FEE_UNROUNDED, 1, RW_CELL_UNROUNDED,
		strtod(s->fee.unrounded, NULL), "=B%d*B%d", FEE_BASE + 1,
		FEE_RATE + 1);
	rw_book_formula(book, FEE_DUE, 1, RW_CELL_FEE,
		rw_cell_value(s->fee.amount), "=ROUND(B%d,%d)",
		FEE_UNROUNDED + 1, s->minor);
}

void
rw_book_commission(struct rw_book *book)
{
	static const char *const labels[] = {
		"Fee model", "High-water mark before", "Closing balance",
		"Base", "Rate", "Unrounded", "Commission due", "Rounding",
		"High-water mark after", "IBAN", "Payment reference",
		"In words"};
	const struct rw_statement *s = book->statement;
	char iban[RW_IBAN_GROUPED_SIZE];
	struct rw_buf buf = {0};
	unsigned i;

	rw_book_heading(book, "Commission");
	worksheet_set_column(book->sheet, 0, 0, 26, NULL);
	worksheet_set_column(book->sheet, 1, 1, 48, NULL);
	for (i = 0; i < sizeof labels / sizeof *labels; i++)
		rw_book_text(book, FEE_MODEL + i, 0, RW_CELL_LABEL,
			labels[i]);
	write_terms(book);
	write_amount(book);
	rw_statement_rounding(s, &buf);
	rw_book_text(book, FEE_ROUNDING, 1, RW_CELL_TEXT, rw_buf_text(&buf));
	rw_iban_grouped(iban, s->in.iban);
	rw_book_text(book, FEE_IBAN, 1, RW_CELL_TEXT, iban[0] != '\0' ? iban :
		"None on file");
	rw_buf_reset(&buf);
	rw_statement_reference(s, &buf);
	rw_book_text(book, FEE_REFERENCE, 1, RW_CELL_TEXT,
		rw_buf_text(&buf));
	rw_buf_reset(&buf);
	rw_statement_why(s, &buf);
	rw_book_text(book, FEE_WHY, 1, RW_CELL_WRAPPED, rw_buf_text(&buf));
	worksheet_set_row(book->sheet, FEE_WHY, 42, NULL);
	rw_buf_free(&buf);
}

/* ---- Definitions ------------------------------------------------------- */

void
rw_book_definitions(struct rw_book *book)
{
	const struct rw_definition *definition;
	unsigned i;

	rw_book_heading(book, "Definitions");
	worksheet_set_column(book->sheet, 0, 0, 20, NULL);
	worksheet_set_column(book->sheet, 1, 1, 80, NULL);
	for (i = 0; (definition = rw_statement_definition(book->statement,
	    i)) != NULL; i++) {
		rw_book_text(book, 3 + i, 0, RW_CELL_TERM, definition->term);
		rw_book_text(book, 3 + i, 1, RW_CELL_WRAPPED,
			definition->meaning);
		worksheet_set_row(book->sheet, 3 + i, 30, NULL);
	}
}
