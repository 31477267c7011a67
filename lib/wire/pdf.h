/*
 * PDF documents: pages, text, lines and shapes.
 *
 * Lengths are in points (1/72 inch); x runs from the left edge of the page, y
 * from its top downwards; the y of a text is its baseline. Text is UTF-8. Text
 * that Windows-1252 can encode is set in Helvetica, which every reader has.
 * Other text is set in DejaVu Sans, of which only the used glyphs are embedded.
 * Text in a script that DejaVu Sans lacks, or that needs shaping, is drawn glyph
 * by glyph (wire/shape.h), also in other fonts; it can be selected and searched.
 *
 * Drawing never fails at the call: the first failure is kept and reported by
 * rw_pdf_end. The same calls give the same bytes.
 *
 * Errors: RW_DATA for text that needs fonts which cannot be used; RW_BUG for
 * calls that the library refuses. Source: ISO 32000-1;
 * https://github.com/libharu/libharu/wiki/API
 */
#ifndef RW_WIRE_PDF_H
#define RW_WIRE_PDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_fonts;
struct rw_image;
struct rw_pdf;		/* makes one document after the other, in one thread */

struct rw_pdf_options {
	float width, height;	/* of the page */
	const char *fonts;	/* directory of DejaVuSans.ttf and
				 * DejaVuSans-Bold.ttf; borrowed */
	struct rw_fonts *shared;	/* for other scripts (wire/fonts.h);
					 * borrowed; NULL: none */
};

struct rw_pdf_style {
	float size;
	bool bold;
	uint32_t ink;		/* 0xRRGGBB */
	float tracking;		/* extra space between characters */
};

enum rw_pdf_align {
	RW_PDF_LEFT,
	RW_PDF_RIGHT,
	RW_PDF_CENTRE,
};

struct rw_pdf_info {
	const char *title, *author, *subject;	/* UTF-8 */
	int64_t created;	/* seconds since 1970 */
};

/* NULL with err when there is no memory. */
struct rw_pdf *
rw_pdf_new(const struct rw_pdf_options *options, struct rw_err *err);

void
rw_pdf_delete(struct rw_pdf *pdf);

/* Starts a document, without a page. */
void
rw_pdf_begin(struct rw_pdf *pdf, const struct rw_pdf_info *info);

/* Ends it and appends its bytes. */
bool
rw_pdf_end(struct rw_pdf *pdf, struct rw_buf *out, struct rw_err *err);

/* Starts a page, on which later calls draw. */
void
rw_pdf_page(struct rw_pdf *pdf);

float
rw_pdf_page_width(const struct rw_pdf *pdf);

float
rw_pdf_page_height(const struct rw_pdf *pdf);

/* True when the fonts can show the whole text. Also false when a required font
 * cannot be used: then *unreadable (may be NULL) is the reason, otherwise
 * RW_OK. */
bool
rw_pdf_can_show(struct rw_pdf *pdf, const char *text,
	struct rw_err *unreadable);

enum rw_pdf_shown {
	RW_PDF_NONE,
	RW_PDF_ALL,
	RW_PDF_SOME,
};

/* Appends the text as it can be shown: a white square in place of each run of
 * characters that no font has. Nothing is appended when all would be squares.
 * unreadable as above, not NULL. */
enum rw_pdf_shown
rw_pdf_add_shown(struct rw_pdf *pdf, const char *text, struct rw_buf *out,
	struct rw_err *unreadable);

/* x is the left end, the right end or the middle of the text, as align says. */
void
rw_pdf_text(struct rw_pdf *pdf, float x, float y, enum rw_pdf_align align,
	const struct rw_pdf_style *style, const char *text);

float
rw_pdf_text_width(struct rw_pdf *pdf, const struct rw_pdf_style *style,
	const char *text);

/* Draws text on as many lines of the width as necessary, with a distance of
 * line points. Lines break at spaces, and inside a word only if the word is
 * longer than a line. Returns the y of the next line. With draw false, draws
 * nothing. */
float
rw_pdf_paragraph(struct rw_pdf *pdf, float x, float y, float width, float line,
	const struct rw_pdf_style *style, const char *text, bool draw);

void
rw_pdf_line(struct rw_pdf *pdf, float x1, float y1, float x2, float y2,
	float thickness, uint32_t ink);

/* A filled box; x and y are its upper left corner. */
void
rw_pdf_box(struct rw_pdf *pdf, float x, float y, float width, float height,
	uint32_t ink);

void
rw_pdf_frame(struct rw_pdf *pdf, float x, float y, float width, float height,
	float thickness, uint32_t ink);

struct rw_pdf_point {
	float x, y;
};

/* A line through the points, with round joins. */
void
rw_pdf_polyline(struct rw_pdf *pdf, const struct rw_pdf_point *points,
	size_t count, float thickness, uint32_t ink);

/* The filled polygon with these points. */
void
rw_pdf_polygon(struct rw_pdf *pdf, const struct rw_pdf_point *points,
	size_t count, uint32_t ink);

void
rw_pdf_dot(struct rw_pdf *pdf, float x, float y, float radius, uint32_t ink);

/* A square of side times side cells, edge points wide; x and y are its left
 * upper corner. The cells that are not 0 are filled, as one shape, so that no
 * viewer shows gaps between them. */
void
rw_pdf_grid(struct rw_pdf *pdf, float x, float y, float edge,
	const unsigned char *cells, size_t side, uint32_t ink);

/* An image, as large as fits into width and height; x and y are its upper left
 * corner. A document stores it once for all its pages. */
void
rw_pdf_image(struct rw_pdf *pdf, float x, float y, float width,
	float height, const struct rw_image *image);

#endif
