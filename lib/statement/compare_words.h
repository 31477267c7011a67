/*
 * The texts of a correction and of the year, for both documents.
 *
 * All functions append to out.
 */
#ifndef RW_STATEMENT_COMPARE_WORDS_H
#define RW_STATEMENT_COMPARE_WORDS_H

#include "base/buf.h"
#include "statement/statement.h"

/* "Corrected statement, replaces 2025-06-f-1 of 1 July 2025." */
void
rw_statement_replaces(const struct rw_statement *statement,
	struct rw_buf *out);

/* Whether no figure that the ledger has of the revision before differs. */
bool
rw_statement_has_same_figures(const struct rw_statement *statement);

/* "Net P&L", "Commission due", "2 June" */
void
rw_correction_label(const struct rw_statement *statement,
	const struct rw_correction *row, struct rw_buf *out);

/* The value before, and now: "1,234.50", "20 %", or a dash. The value before of
 * another currency has its code. */
void
rw_correction_then(const struct rw_statement *statement,
	const struct rw_correction *row, struct rw_buf *out);

void
rw_correction_now(const struct rw_statement *statement,
	const struct rw_correction *row, struct rw_buf *out);

/* The same as an object of JSON, for the mail: "text" with the sentences, and
 * "changes", an array of rows of three strings. */
void
rw_correction_json(const struct rw_statement *statement, struct rw_buf *out);

/* "Jun 2025" */
void
rw_month_short(struct rw_period period, struct rw_buf *out);

/* "+1.25 %", "-0.50 %"; the month has a return. */
void
rw_year_return(const struct rw_year_month *month, struct rw_buf *out);

/* "1,234.50 EUR, commission 246.90 EUR, 5 months since Jan 2025" */
void
rw_statement_sum_words(const struct rw_statement *statement,
	const struct rw_earlier_sum *sum, struct rw_buf *out);

#endif
