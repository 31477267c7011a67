/*
 * The sheet that the parts of the statement are drawn on: its grid, its
 * palette, its type styles, and the text shapes that several parts share. This
 * file does not depend on any part.
 */
#ifndef RW_STATEMENT_PDF_SHEET_PRIV_H
#define RW_STATEMENT_PDF_SHEET_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/pdf.h"
#include "statement/sentences.h"
#include "statement/words.h"

struct rw_look;

/* The palette: one dark blue, one green, one red, and greys. Neighbouring
 * colours also differ in darkness, so that a black-and-white print is
 * readable. */
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
	const char *name;	/* as drawn; "" when there is no name,
				 * or the fonts cannot show the name */
	bool is_partly;		/* the fonts can show a part of the name */
	bool nameless;		/* the fonts cannot show the name */
};

/* A copy of style in this ink. */
struct rw_pdf_style
rw_inked(const struct rw_pdf_style *style, uint32_t ink);

/* Draws text that is reduced to fit into width. Text that would be too small to
 * read is cut with an ellipsis instead. */
void
rw_draw_fitted(const struct rw_sheet *sheet, float x, float y, float width,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text);

/* Draws text on several lines from the left edge. A text that needs more than
 * the given number of lines ends in an ellipsis. Returns the last line's y. */
float
rw_draw_lines(const struct rw_sheet *sheet, float y, float width, int lines,
	const struct rw_pdf_style *style, const char *text);

/* Draws a heading with a note at the right edge. Returns the y below. */
float
rw_draw_heading(const struct rw_sheet *sheet, float y, float left, float right,
	const char *text, const char *note);

#endif
