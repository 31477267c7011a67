/*
 * The sheet Summary: follower and month, figures, charts.
 */
#include <stdio.h>
#include <xlsxwriter.h>

#include "statement/xlsx.h"
#include "statement/xlsx_parts_priv.h"

enum {
	FACTS_FIRST = 3,
	RESULT_HEAD = 12,
	NET = 13,
	DUE = 14,
	FIGURES_HEAD = 16,
	FIGURES_FIRST = 17,
};

int
rw_summary_row(enum rw_figure_name name)
{
	return name == RW_FIGURES ? NET : FIGURES_FIRST + (int)name;
}

/* ---- facts ------------------------------------------------------------- */

static void
write_fact(struct rw_book *book, unsigned row, enum rw_word label,
	const char *text)
{
	rw_book_text(book, row, 0, RW_CELL_LABEL, rw_word(label));
	rw_book_lines(book, row, 1, RW_CELL_TEXT, 28, text);
}

static void
write_facts(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	struct rw_buf days = {0};
	unsigned row = FACTS_FIRST;
	char issued[32];

	rw_statement_days(s, &days);
	rw_date_words(issued, s->in.issued);
	write_fact(book, row++, RW_WORD_NAME, s->in.name[0] != '\0' ?
		s->in.name : rw_word(RW_WORD_NOT_AVAILABLE));
	write_fact(book, row++, RW_WORD_FOLLOWER, s->in.follower_id);
	write_fact(book, row++, RW_WORD_STATEMENT, s->number);
	write_fact(book, row++, RW_WORD_PERIOD, rw_buf_text(&days));
	write_fact(book, row++, RW_WORD_CURRENCY, s->in.currency);
	write_fact(book, row++, RW_WORD_TIME_ZONE, s->in.zone);
	write_fact(book, row++, RW_WORD_ISSUED, issued);
	write_fact(book, row, RW_WORD_FROM, book->options->brand);
	rw_buf_free(&days);
}

static void
write_result(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;

	rw_book_text(book, RESULT_HEAD, 0, RW_CELL_HEAD,
		rw_word(RW_WORD_RESULT));
	rw_book_text(book, RESULT_HEAD, 1, RW_CELL_HEAD, "");
	rw_book_text(book, NET, 0, RW_CELL_LABEL,
		rw_word(RW_WORD_NET_PNL));
	if (s->in.count > 0)
		rw_book_formula(book, NET, 1, RW_CELL_MONEY,
			rw_cell_value(s->total),
			"=ROUND(SUM(" RW_SHEET_DAILY "!C%d:C%zu),%d)", RW_DAILY_FIRST + 1,
			RW_DAILY_FIRST + s->in.count, s->digits);
	else
		rw_book_number(book, NET, 1, RW_CELL_MONEY, 0);
	rw_book_text(book, DUE, 0, RW_CELL_LABEL,
		rw_word(RW_WORD_COMMISSION_DUE));
	rw_book_formula(book, DUE, 1, RW_CELL_FEE,
		rw_cell_value(s->fee.amount), "=" RW_SHEET_COMMISSION "!B%d",
		RW_FEE_DUE_ROW + 1);
}

/* ---- figures ----------------------------------------------------------- */

/* The formula that computes a figure from the daily P&L. */
struct recipe {
	const char *function;	/* NULL: a cell cannot compute it */
	const char *criterion;
	bool rounded;
};

static const struct recipe recipes[RW_FIGURES] = {
	[RW_TRADING_DAYS] = {"COUNT", "", false},
	[RW_WINNING_DAYS] = {"COUNTIF", ",\">0\"", false},
	[RW_LOSING_DAYS] = {"COUNTIF", ",\"<0\"", false},
	[RW_UNCHANGED_DAYS] = {"COUNTIF", ",0", false},
	[RW_AVERAGE_DAY] = {"AVERAGE", "", true},
	[RW_AVERAGE_WIN] = {"AVERAGEIF", ",\">0\"", true},
	[RW_AVERAGE_LOSS] = {"AVERAGEIF", ",\"<0\"", true},
	[RW_BEST_DAY] = {"MAX", "", false},
	[RW_WORST_DAY] = {"MIN", "", false},
	[RW_GROSS_PROFIT] = {"SUMIF", ",\">0\"", true},
	[RW_GROSS_LOSS] = {"SUMIF", ",\"<0\"", true},
};

static enum rw_cell
figure_cell(const struct rw_figure *figure, enum rw_figure_name name)
{
	switch (figure->kind) {
	case RW_FIGURE_MONEY:
		return RW_CELL_MONEY;
	case RW_FIGURE_COUNT:
		return RW_CELL_COUNT;
	case RW_FIGURE_RATIO:
		return RW_CELL_RATIO;
	case RW_FIGURE_PERCENT:
		break;
	}
	return name == RW_WINNING_SHARE ? RW_CELL_SHARE : RW_CELL_RETURN;
}

static double
figure_value(const struct rw_figure *figure)
{
	switch (figure->kind) {
	case RW_FIGURE_COUNT:
		return (double)figure->value;
	case RW_FIGURE_PERCENT:
		return rw_cell_value(figure->value) / 100;
	case RW_FIGURE_MONEY:
	case RW_FIGURE_RATIO:
		break;
	}
	return rw_cell_value(figure->value);
}

/* The figures that are derived from other figures. False for any other
 * figure. */
static bool
write_derived(struct rw_book *book, enum rw_figure_name name, unsigned row,
	enum rw_cell cell, double value)
{
	int digits = book->statement->digits;
	int days = FIGURES_FIRST + RW_TRADING_DAYS + 1;
	int wins = FIGURES_FIRST + RW_WINNING_DAYS + 1;
	int won = FIGURES_FIRST + RW_GROSS_PROFIT + 1;
	int lost = FIGURES_FIRST + RW_GROSS_LOSS + 1;
	int opening = FIGURES_FIRST + RW_OPENING_BALANCE + 1;
	size_t last = RW_DAILY_FIRST + book->statement->in.count;

	if (name == RW_WINNING_SHARE)
		rw_book_formula(book, row, 1, cell, value,
			"=ROUND(B%d/B%d,3)", wins, days);
	else if (name == RW_PROFIT_FACTOR)
		rw_book_formula(book, row, 1, cell, value,
			"=ROUND(B%d/-B%d,2)", won, lost);
	else if (name == RW_MAX_DRAWDOWN)
		rw_book_formula(book, row, 1, cell, value,
			"=MIN(" RW_SHEET_DAILY "!E%d:E%zu)",
			RW_DAILY_FIRST + 1, last);
	else if (name == RW_CLOSING_BALANCE)
		rw_book_formula(book, row, 1, cell, value,
			"=ROUND(B%d+B%d,%d)", opening, NET + 1, digits);
	else if (name == RW_RETURN)
		rw_book_formula(book, row, 1, cell, value,
			"=ROUND(B%d/B%d,4)", NET + 1, opening);
	else if (name == RW_DRAWDOWN_SHARE)
		rw_book_formula(book, row, 1, cell, value,
			"=ROUND(SUMPRODUCT(MIN(" RW_SHEET_DAILY "!E%d:E%zu/"
			"(B%d+" RW_SHEET_DAILY "!D%d:D%zu-" RW_SHEET_DAILY
			"!E%d:E%zu))),4)", RW_DAILY_FIRST + 1, last, opening,
			RW_DAILY_FIRST + 1, last, RW_DAILY_FIRST + 1, last);
	else
		return false;
	return true;
}

static void
write_figure(struct rw_book *book, enum rw_figure_name name, unsigned row)
{
	const struct rw_statement *s = book->statement;
	const struct rw_figure *figure = &s->figures[name];
	const struct recipe *recipe = &recipes[name];
	enum rw_cell cell = figure_cell(figure, name);
	double value = figure_value(figure);
	char rounding[16] = "";

	rw_book_text(book, row, 0, RW_CELL_LABEL, figure->label);
	if (recipe->rounded)
		snprintf(rounding, sizeof rounding, ",%d)", s->digits);
	if (!figure->known)
		rw_book_text(book, row, 1, RW_CELL_TEXT,
			rw_word(RW_WORD_NOT_AVAILABLE));
	else if (s->in.count > 0 && recipe->function != NULL)
		rw_book_formula(book, row, 1, cell, value,
			"=%s%s(" RW_SHEET_DAILY "!C%d:C%zu%s)%s", recipe->rounded ?
			"ROUND(" : "", recipe->function, RW_DAILY_FIRST + 1,
			RW_DAILY_FIRST + s->in.count, recipe->criterion,
			rounding);
	else if (!write_derived(book, name, row, cell, value))
		rw_book_number(book, row, 1, cell, value);
}

/* The width of the widest amount and its currency. */
static double
value_width(const struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	double widest = 28, width;
	int i;

	for (i = 0; i < RW_FIGURES; i++) {
		if (s->figures[i].kind != RW_FIGURE_MONEY)
			continue;
		width = rw_book_width(book, s->figures[i].value) + 4;
		widest = width > widest ? width : widest;
	}
	return widest;
}

void
rw_book_summary(struct rw_book *book)
{
	bool balance = book->statement->in.fee.has_opening;
	int i;

	rw_book_heading(book, rw_word(RW_WORD_MONTHLY_STATEMENT));
	worksheet_set_column(book->sheet, 0, 0, 24, NULL);
	worksheet_set_column(book->sheet, 1, 1, value_width(book), NULL);
	worksheet_set_column(book->sheet, 2, 2, 3, NULL);
	rw_book_logo(book);
	write_facts(book);
	write_result(book);
	rw_book_text(book, FIGURES_HEAD, 0, RW_CELL_HEAD,
		rw_word(RW_WORD_STATISTICS));
	rw_book_text(book, FIGURES_HEAD, 1, RW_CELL_HEAD, "");
	for (i = 0; i < (balance ? RW_FIGURES : RW_OPENING_BALANCE); i++)
		write_figure(book, (enum rw_figure_name)i,
			(unsigned)rw_summary_row((enum rw_figure_name)i));
	if (book->statement->in.count > 0)
		rw_book_charts(book);
}
