/*
 * Declarations that the files of the PDF writer share. For pdf*.c only.
 * libharu's types are void * here, because only these files include its header.
 */
#ifndef RW_WIRE_PDF_PRIV_H
#define RW_WIRE_PDF_PRIV_H

#include "wire/pdf.h"

/* The longest line of text, in bytes; callers cut longer text. */
enum { RW_PDF_TEXT_MAX = 1024 };

/* Helvetica for Windows-1252; DejaVu Sans for the other code pages (one byte a
 * character) and for Unicode (two bytes). The single-byte encodings come first:
 * with them a document is smaller, and made in a fifth of the time. */
enum { RW_PDF_PAGES = 6, RW_PDF_UNICODE = RW_PDF_PAGES, RW_PDF_ENCODINGS };

struct rw_face;
struct rw_fonts;
struct rw_shape;
struct rw_pdf_glyphs;

/* In which direction the parts of a line follow each other. */
enum rw_pdf_order {
	RW_PDF_ORDER_OWN,	/* that of its first letter */
	RW_PDF_ORDER_LEFT,	/* from left to right */
	RW_PDF_ORDER_RIGHT,
};

struct rw_pdf_code_page {
	bool known;
	uint16_t unicode[256];	/* 0: no character */
};

struct rw_pdf_fonts {
	void *doc;
	const char *dir;
	struct rw_pdf_code_page pages[RW_PDF_PAGES];
	uint16_t widths[2][256];	/* of Helvetica, regular and bold, in
					 * thousandths of the size, and 1; 0:
					 * not measured */
	const char *wide[2];		/* DejaVu's names; NULL: not loaded */
	bool wide_tried;
	struct rw_err wide_error;	/* why these were not loaded */
	void *faces[RW_PDF_ENCODINGS][2];	/* of this document */
	struct rw_fonts *shared;	/* for shaped text; borrowed */
	struct rw_shape *shape;		/* the text at hand */
	struct rw_pdf_glyphs *glyphs;	/* the shaped glyphs of this document */
	uint8_t used[8192];	/* bits: the characters set in Unicode, for the
				 * map back to characters */
};

/* The content of a page is composed here, and passed to libharu as a whole and
 * compressed. libharu's own calls, one for each operator, clear a buffer and
 * print numbers with six digits each time: they take four times as long, and
 * the file is a third larger. libharu also compresses each page with newly
 * allocated memory, at a level that takes six times as long. */
struct rw_pdf {
	void *doc;
	void *page;
	struct rw_buf content;		/* of the page */
	struct rw_buf packed;		/* the same, compressed */
	struct rw_deflater *deflater;
	struct rw_pdf_fonts fonts;
	struct rw_pdf_options options;
	bool failed;
	unsigned long code, detail;	/* of the first failure */
	/* The state of the page, so that no operator is repeated. */
	uint32_t fill, stroke;
	float thickness, tracking, size;
	void *face;
	const struct rw_image *image;	/* of this document */
	void *stored_image;		/* libharu's handle for image */
};

/* A prepared piece of text: its face and its encoded bytes. */
struct rw_pdf_run {
	void *face;		/* NULL: the text cannot be drawn */
	bool wide;		/* two bytes a character */
	bool shaped;		/* no bytes: the glyphs of fonts->shape */
	size_t len;		/* bytes */
	size_t characters;
	unsigned width;		/* in thousandths of the size, without
				 * tracking */
	unsigned char bytes[2 * RW_PDF_TEXT_MAX];
};

/* Appends a number to the content of the page. */
void
rw_pdf_add_number(struct rw_pdf *pdf, float number);

/* Stores a failure that libharu did not report. */
void
rw_pdf_note(struct rw_pdf *pdf, unsigned long code);

/* Called at the start of each document and, unless it failed, at its end. */
void
rw_pdf_fonts_begin(struct rw_pdf_fonts *fonts);

void
rw_pdf_fonts_end(struct rw_pdf_fonts *fonts);

void
rw_pdf_run_make(struct rw_pdf_fonts *fonts, struct rw_pdf_run *run, bool bold,
	const char *text, enum rw_pdf_order order);

/* A point of the page, as PDF has it. */
void
rw_pdf_add_point(struct rw_pdf *pdf, float x, float y);

void
rw_pdf_set_fill(struct rw_pdf *pdf, uint32_t ink);

/* Whether the text is drawn glyph by glyph. */
bool
rw_pdf_needs_shape(struct rw_pdf_fonts *fonts, const char *text);

/* Shapes the text into fonts->shape. False: it cannot be shown. *width in
 * thousandths of the size. */
bool
rw_pdf_glyphs_shape(struct rw_pdf_fonts *fonts, const char *text, bool bold,
	enum rw_pdf_order order, unsigned *width);

/* Units of a face in thousandths of the size. */
int
rw_pdf_thousandths(const struct rw_face *face, int units);

/* A glyph with the text that it stands for. */
enum { RW_PDF_MAPPED = 4 };

struct rw_pdf_glyph {
	uint32_t id;
	unsigned count;		/* of characters; 0: it has no text */
	uint32_t characters[RW_PDF_MAPPED];
	int width;		/* in thousandths of the size */
};

/* The byte for the glyph, and the font of the document that has it; 0 when
 * there is no memory. */
unsigned
rw_pdf_glyphs_code(struct rw_pdf_fonts *fonts, const struct rw_face *face,
	const struct rw_pdf_glyph *wanted, void **dict);

/* Appends a character as hexadecimal digits of UTF-16. */
void
rw_pdf_add_utf16(struct rw_buf *out, uint32_t c);

/* At the end of a document, good or bad. */
void
rw_pdf_glyphs_end(struct rw_pdf_fonts *fonts, bool good);

/* As rw_pdf_text, of a paragraph with this order. */
void
rw_pdf_text_ordered(struct rw_pdf *pdf, float x, float y,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text, enum rw_pdf_order order);

/* Makes sure that a character's glyph is embedded with all its components. font
 * is libharu's definition of it. */
void
rw_pdf_mark_glyph(void *font, uint32_t c);

bool
rw_pdf_fonts_can_show(struct rw_pdf_fonts *fonts, const char *text,
	struct rw_err *unreadable);

#endif
