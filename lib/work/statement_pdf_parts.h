/*
 * What the files that draw the statement share: the sheet, its grid, its
 * palette and its type. For statement_pdf*.c only.
 *
 * A part draws itself at y and returns the y below it.
 */
#ifndef RW_WORK_STATEMENT_PDF_PARTS_H
#define RW_WORK_STATEMENT_PDF_PARTS_H

#include "work/statement_pdf.h"

/* Palette: one dark blue, one green, one red, and greys. Each also differs in
 * darkness where it stands alone, so that a black and white print can be
 * read. */
enum {
	INK = 0x16212e,
	MUTED = 0x5f6b7a,
	RULE = 0xd3dae2,
	FAINT = 0xe9edf1,
	TILE = 0xf3f5f8,
	NAVY = 0x17365d,
	SKY = 0xdde6f0,
	GAIN = 0x2f7d5b,
	RISE = 0x6aa98a,	/* gains, as an area */
	LOSS = 0xb23a32,
	BLUSH = 0xf2d9d5,
	WHITE = 0xffffff,
};

/* Type. */
extern const struct rw_pdf_style rw_type_title, rw_type_name, rw_type_head,
	rw_type_body, rw_type_strong, rw_type_muted, rw_type_label,
	rw_type_axis, rw_type_small, rw_type_term;

struct rw_sheet {
	struct rw_pdf *pdf;
	const struct rw_statement *statement;
	const struct rw_look *look;
	float left, right;	/* the grid's edges */
	bool named;		/* the fonts can show the name */
};

/* style in another ink. */
struct rw_pdf_style
rw_inked(const struct rw_pdf_style *style, uint32_t ink);

/* Text that is made smaller until it is no wider than width, and cut with an
 * ellipsis when that would make it too small to read. */
void
rw_draw_fitted(const struct rw_sheet *sheet, float x, float y, float width,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text);

/* A heading with a note at the right edge. */
float
rw_draw_heading(const struct rw_sheet *sheet, float y, float left, float right,
	const char *text, const char *note);

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
