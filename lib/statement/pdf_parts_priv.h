/*
 * The parts of the statement. Each draws itself at y and returns the y below
 * it.
 */
#ifndef RW_STATEMENT_PDF_PARTS_PRIV_H
#define RW_STATEMENT_PDF_PARTS_PRIV_H

#include "statement/pdf_sheet_priv.h"

float
rw_draw_tiles(const struct rw_sheet *sheet, float y);

/* Cumulative P&L, drawdown and daily P&L over one time axis, in height. */
float
rw_draw_charts(const struct rw_sheet *sheet, float y, float height);

float
rw_draw_commission(const struct rw_sheet *sheet, float y);

/* How high the commission box is. */
float
rw_commission_height(const struct rw_sheet *sheet);

/* The second page: every day, the statistics. */
float
rw_draw_days(const struct rw_sheet *sheet, float y);

float
rw_draw_definitions(const struct rw_sheet *sheet, float y);

#endif
