/*
 * The texts of the statement that contain figures: amounts, sentences,
 * definitions. The PDF and the workbook both take them from here, so that they
 * say the same. The fixed texts are in statement/words.h.
 *
 * All functions append to out.
 */
#ifndef RW_STATEMENT_SENTENCES_H
#define RW_STATEMENT_SENTENCES_H

#include "base/buf.h"
#include "statement/statement.h"

/* ---- figures ----------------------------------------------------------- */

/* "1,234.50", "12", "60.0 %", "1.25", or "n/a". */
void
rw_figure_text(const struct rw_statement *statement,
	const struct rw_figure *figure, struct rw_buf *out);

/* "12.5 %" */
void
rw_percent_text(struct rw_buf *out, int64_t percent);

/* The amount with its currency, "1,234.50 EUR". */
void
rw_statement_money(const struct rw_statement *statement, int64_t amount,
	int digits, struct rw_buf *out);

/* The commission before rounding, with all of its decimals. */
void
rw_statement_unrounded(const struct rw_statement *statement,
	struct rw_buf *out);

/* ---- head and foot ----------------------------------------------------- */

/* "1 - 30 June 2025", with an en dash. */
void
rw_statement_days(const struct rw_statement *statement, struct rw_buf *out);

/* "Monthly statement, June 2025" */
void
rw_statement_title(const struct rw_statement *statement, struct rw_buf *out);

/* "Statement 2025-06-f-1" */
void
rw_statement_subject(const struct rw_statement *statement, struct rw_buf *out);

/* "Page 1 of 2" */
void
rw_statement_page(const char *page, const char *pages, struct rw_buf *out);

/* ---- results ----------------------------------------------------------- */

/* "12 of 20": winning days and trading days. */
void
rw_statement_wins(const struct rw_statement *statement, struct rw_buf *out);

/* Appends ", 12 June 2025". */
void
rw_statement_on_day(const struct rw_statement *statement, int day,
	struct rw_buf *out);

/* "EUR, 12 June 2025"; the currency alone for a figure without a day. */
void
rw_statement_day_note(const struct rw_statement *statement,
	const struct rw_figure *figure, struct rw_buf *out);

/* "There was no trading day in June 2025." */
void
rw_statement_no_days(const struct rw_statement *statement,
	struct rw_buf *out);

/* Notes beside the headings of the charts; the month has a trading day. */
void
rw_statement_cumulative_note(const struct rw_statement *statement,
	struct rw_buf *out);

void
rw_statement_drawdown_note(const struct rw_statement *statement,
	struct rw_buf *out);

void
rw_statement_daily_note(const struct rw_statement *statement,
	struct rw_buf *out);

/* ---- commission -------------------------------------------------------- */

/* One sentence that explains how the commission was computed, or why none is
 * due. */
void
rw_statement_why(const struct rw_statement *statement, struct rw_buf *out);

/* "Once, half up, to 0.01 EUR" */
void
rw_statement_rounding(const struct rw_statement *statement,
	struct rw_buf *out);

/* ---- definitions ------------------------------------------------------- */

struct rw_definition {
	const char *term;	/* static, as meaning */
	const char *meaning;
};

/* Gets one of the definitions that this statement needs. index counts from 0.
 * False after the last definition. */
bool
rw_statement_definition(const struct rw_statement *statement, size_t index,
	struct rw_definition *definition);

#endif
