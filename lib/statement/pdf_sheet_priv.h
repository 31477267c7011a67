/*
 * The sheet that the parts of the statement are drawn on: its grid, its
 * palette, its type, and the shapes of text that several parts need. It knows
 * no part.
 */
#ifndef RW_STATEMENT_PDF_SHEET_PRIV_H
#define RW_STATEMENT_PDF_SHEET_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/pdf.h"
#include "statement/sentences.h"
#include "statement/words.h"

struct rw_look;

/* Palette: one dark blue, one green, one red, and greys. Each also differs in
 * darkness from its neighbours, so that a black and white print can be
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
	const char *name;	/* as it is to be drawn; "" when there is none,
				 * or the fonts cannot show it */
	bool nameless;		/* because the fonts cannot */
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

/* Text on at most so many lines from the left edge, the last of which ends in
 * an ellipsis when the text is longer. Returns the last line's y. */
float
rw_draw_lines(const struct rw_sheet *sheet, float y, float width, int lines,
	const struct rw_pdf_style *style, const char *text);

/* A heading with a note at the right edge. Returns the y below it. */
float
rw_draw_heading(const struct rw_sheet *sheet, float y, float left, float right,
	const char *text, const char *note);

#endif
