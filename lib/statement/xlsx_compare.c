/*
 * The sheets Months and Corrections. Each exists only when there is something to
 * show.
 */
#include <string.h>
#include <xlsxwriter.h>

#include "statement/compare_words.h"
#include "statement/xlsx_parts_priv.h"

/* The row below the heads, from 0. */
enum { FIRST = 4, CORRECTIONS = 5 };

static void
write_heads(struct rw_book *book, unsigned row, const enum rw_word *words,
	unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		rw_book_text(book, row, i, i == 0 ? RW_CELL_HEAD :
			RW_CELL_HEAD_RIGHT, rw_word(words[i]));
}

/* ---- Months ------------------------------------------------------------- */

static void
write_month(struct rw_book *book, unsigned row,
	const struct rw_year_month *month)
{
	struct rw_buf words = {0};

	rw_month_short(month->period, &words);
	rw_book_text(book, row, 0, RW_CELL_LABEL, rw_buf_text(&words));
	rw_buf_free(&words);
	if (!month->known)
		return;
	rw_book_number(book, row, 1, RW_CELL_AMOUNT,
		rw_cell_value(month->pnl));
	rw_book_number(book, row, 2, RW_CELL_AMOUNT,
		rw_cell_value(month->commission));
	if (month->has_return)
		rw_book_number(book, row, 3, RW_CELL_RETURN,
			rw_cell_value(month->yield) / 100);
}

static void
write_sum(struct rw_book *book, unsigned row, enum rw_word label,
	const struct rw_earlier_sum *sum)
{
	struct rw_buf words = {0};

	rw_buf_addf(&words, "%s, from ", rw_word(label));
	rw_month_short(sum->first, &words);
	rw_book_text(book, row, 0, RW_CELL_LABEL, rw_buf_text(&words));
	rw_buf_free(&words);
	rw_book_number(book, row, 1, RW_CELL_AMOUNT, rw_cell_value(sum->pnl));
	rw_book_number(book, row, 2, RW_CELL_AMOUNT,
		rw_cell_value(sum->commission));
	rw_book_number(book, row, 3, RW_CELL_COUNT, (double)sum->months);
}

void
rw_book_months(struct rw_book *book)
{
	static const enum rw_word heads[] = {RW_WORD_MONTH, RW_WORD_PNL,
		RW_WORD_COMMISSION, RW_WORD_RETURN};
	static const enum rw_word sums[] = {RW_WORD_PERIOD, RW_WORD_PNL,
		RW_WORD_COMMISSION, RW_WORD_MONTHS};
	const struct rw_year *year = &book->statement->year;
	unsigned i, below = FIRST + RW_YEAR_MONTHS + 1;
	double width = rw_book_width(book, year->all.pnl);

	rw_book_heading(book, rw_word(RW_WORD_TWELVE_MONTHS));
	worksheet_set_column(book->sheet, 0, 0, 30, NULL);
	worksheet_set_column(book->sheet, 1, 1, width, NULL);
	worksheet_set_column(book->sheet, 2, 3, width > 20 ? width : 20, NULL);
	write_heads(book, FIRST - 1, heads, 4);
	for (i = 0; i < RW_YEAR_MONTHS; i++)
		write_month(book, FIRST + i, &year->months[i]);
	write_heads(book, below, sums, 4);
	write_sum(book, below + 1, RW_WORD_YEAR_TO_DATE, &year->this_year);
	write_sum(book, below + 2, RW_WORD_SINCE_START, &year->all);
}

/* ---- Corrections ----------------------------------------------------------- */

static void
write_value(struct rw_book *book, unsigned row, unsigned column,
	const struct rw_correction *correction, bool known, int64_t value)
{
	enum rw_cell cell = correction->kind == RW_CORRECTED_RATE ?
		RW_CELL_RATE : RW_CELL_AMOUNT;

	if (known)
		rw_book_number(book, row, column, cell, rw_cell_value(value) /
			(cell == RW_CELL_RATE ? 100 : 1));
}

/* Amounts of two currencies stand in two columns. */
static void
name_currencies(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	struct rw_buf words = {0};

	rw_buf_addf(&words, "%s, %s", rw_word(RW_WORD_BEFORE),
		s->in.replaced.currency);
	rw_book_text(book, CORRECTIONS - 1, 1, RW_CELL_HEAD_RIGHT,
		rw_buf_text(&words));
	rw_buf_reset(&words);
	rw_buf_addf(&words, "%s, %s", rw_word(RW_WORD_NOW), s->in.currency);
	rw_book_text(book, CORRECTIONS - 1, 2, RW_CELL_HEAD_RIGHT,
		rw_buf_text(&words));
	rw_buf_free(&words);
}

void
rw_book_corrections(struct rw_book *book)
{
	static const enum rw_word heads[] = {RW_WORD_FIGURE, RW_WORD_BEFORE,
		RW_WORD_NOW};
	const struct rw_statement *s = book->statement;
	const struct rw_correction *row = s->corrections;
	struct rw_buf words = {0};
	unsigned i;

	rw_book_heading(book, rw_word(RW_WORD_CORRECTIONS));
	worksheet_set_column(book->sheet, 0, 0, 20, NULL);
	worksheet_set_column(book->sheet, 1, 2, rw_book_width(book, s->total) +
		6, NULL);
	rw_statement_replaces(s, &words);
	if (rw_statement_has_same_figures(s))
		rw_buf_addf(&words, " %s", rw_word(RW_WORD_SAME_FIGURES));
	rw_book_text(book, 2, 0, RW_CELL_LABEL, rw_buf_text(&words));
	write_heads(book, CORRECTIONS - 1, heads, 3);
	if (strcmp(s->in.replaced.currency, s->in.currency) != 0)
		name_currencies(book);
	for (i = 0; i < s->correction_count; i++, row++) {
		rw_buf_reset(&words);
		rw_correction_label(s, row, &words);
		rw_book_text(book, CORRECTIONS + i, 0, RW_CELL_LABEL,
			rw_buf_text(&words));
		write_value(book, CORRECTIONS + i, 1, row, row->had,
			row->then);
		write_value(book, CORRECTIONS + i, 2, row, row->has,
			row->now);
	}
	rw_buf_free(&words);
}
