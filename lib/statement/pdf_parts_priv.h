/*
 * The parts of the statement. Each function draws its part at y and returns the
 * y below the part.
 */
#ifndef RW_STATEMENT_PDF_PARTS_PRIV_H
#define RW_STATEMENT_PDF_PARTS_PRIV_H

#include "statement/pdf_sheet_priv.h"

/* What a corrected statement replaces, and what changed; nothing otherwise. */
float
rw_draw_corrections(const struct rw_sheet *sheet, float y);

/* The twelve months; no height, and nothing drawn, when only the statement's is
 * known. */
float
rw_draw_year(const struct rw_sheet *sheet, float y);

float
rw_year_height(const struct rw_sheet *sheet);

float
rw_draw_tiles(const struct rw_sheet *sheet, float y);

/* Cumulative P&L, drawdown and daily P&L over one time axis, in height. */
float
rw_draw_charts(const struct rw_sheet *sheet, float y, float height);

float
rw_draw_commission(const struct rw_sheet *sheet, float y);

/* The height of the commission box. */
float
rw_commission_height(const struct rw_sheet *sheet);

/* The code to scan, at the right of the commission box, and its width; 0 and
 * nothing drawn when there is none. */
void
rw_draw_code(const struct rw_sheet *sheet, float y);

float
rw_code_width(const struct rw_sheet *sheet);

/* The lower part of the commission box: how a transfer is made. No height, and
 * nothing drawn, unless the follower is asked to pay. */
float
rw_draw_payment(const struct rw_sheet *sheet, float y);

float
rw_payment_height(const struct rw_sheet *sheet);

/* The foot of a page, at its place: the page's number and the issuer. */
void
rw_draw_foot(const struct rw_sheet *sheet, const char *page,
	const char *pages);

/* The height of the foot, from its line to the edge of the page. */
float
rw_foot_height(const struct rw_sheet *sheet);

/* The content of the second page: every day and the statistics. */
float
rw_draw_days(const struct rw_sheet *sheet, float y);

/* The height of the table of days; the statistics are lower in most months. */
float
rw_days_height(const struct rw_sheet *sheet);

float
rw_draw_definitions(const struct rw_sheet *sheet, float y);

/* The height of the definitions with their heading. */
float
rw_definitions_height(const struct rw_sheet *sheet);

#endif
