/*
 * Chooses the face and the encoded bytes of a text.
 */
#include <hpdf.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "wire/pdf_priv.h"
#include "wire/shape.h"
#include "wire/truetype.h"

static const char *const page_names[RW_PDF_PAGES] = {
	"WinAnsiEncoding", "CP1250", "CP1251", "CP1253", "CP1254", "CP1257"};

/* ---- code pages -------------------------------------------------------- */

static const struct rw_pdf_code_page *
get_page(struct rw_pdf_fonts *fonts, int number)
{
	struct rw_pdf_code_page *page = &fonts->pages[number];
	HPDF_Encoder encoder;
	unsigned c;

	if (page->known)
		return page;
	encoder = HPDF_GetEncoder(fonts->doc, page_names[number]);
	if (encoder == NULL)
		return page;
	for (c = 0x20; c < 256; c++)
		page->unicode[c] = HPDF_Encoder_GetUnicode(encoder,
			(HPDF_UINT16)c);
	page->known = true;
	return page;
}

/* The byte that encodes a character; 0: none. */
static unsigned char
find_byte(const struct rw_pdf_code_page *page, uint32_t c)
{
	unsigned i;

	if (c >= 0x20 && c < 0x7f)
		return (unsigned char)c;
	for (i = 0xa0; i < 256; i++)
		if (page->unicode[i] == c && c > 0)
			return (unsigned char)i;
	for (i = 0x80; i < 0xa0; i++)
		if (page->unicode[i] == c && c > 0)
			return (unsigned char)i;
	return 0;
}

/* Encodes the run's bytes in the code page; false when the code page lacks a
 * character of the text. */
static bool
encode(const struct rw_pdf_code_page *page, struct rw_pdf_run *run,
	const char *text)
{
	uint32_t c;

	for (run->len = 0; *text != '\0'; run->len++) {
		unsigned char first = (unsigned char)*text;

		if (run->len >= RW_PDF_TEXT_MAX)
			return false;
		if (first >= 0x20 && first < 0x7f) {
			run->bytes[run->len] = first;
			text++;
			continue;
		}
		c = rw_text_next(&text);
		if ((run->bytes[run->len] = find_byte(page, c)) == 0)
			return false;
	}
	run->characters = run->len;
	return true;
}

/* The first encoding that can encode the text; the run gets its bytes. */
static int
choose(struct rw_pdf_fonts *fonts, struct rw_pdf_run *run, const char *text)
{
	uint32_t c;
	int i;

	for (i = 0; i < RW_PDF_PAGES; i++)
		if (encode(get_page(fonts, i), run, text))
			return i;
	run->len = run->characters = 0;
	while ((c = rw_text_next(&text)) != 0 &&
	    run->characters < RW_PDF_TEXT_MAX) {
		run->bytes[run->len++] = (unsigned char)(c >> 8 & 255);
		run->bytes[run->len++] = (unsigned char)(c & 255);
		run->characters++;
		if (c < 0x10000)
			fonts->used[c >> 3] |= (uint8_t)(1u << (c & 7));
	}
	return RW_PDF_UNICODE;
}

/* ---- faces ------------------------------------------------------------- */

/* Scripts that are written left to right, one glyph a character. */
static const struct rw_char_range simple_scripts[] = {
	{0x20, 0x7e}, {0xa0, 0x24f},	/* Latin */
	{0x300, 0x32f},			/* marks above and below */
	{0x370, 0x52f},			/* Greek, Cyrillic */
	{0x531, 0x58e},			/* Armenian */
	{0x10a0, 0x10ff},		/* Georgian */
	{0x1e00, 0x1fff},		/* more Latin and Greek */
	{0x2010, 0x2027}, {0x2030, 0x205e},	/* punctuation */
	{0x20a0, 0x20cf},		/* currencies */
};

enum { SIMPLE_SCRIPTS = sizeof simple_scripts / sizeof *simple_scripts };

static bool
is_simple(uint32_t c)
{
	size_t i;

	for (i = 0; i < SIMPLE_SCRIPTS; i++)
		if (c >= simple_scripts[i].first && c <= simple_scripts[i].last)
			return true;
	return false;
}

/* Passes a font to libharu. NULL: libharu has refused the font; its error is
 * cleared, because libharu would refuse all later calls. */
static HPDF_FontDef
register_font(HPDF_Doc doc, const struct rw_buf *font)
{
	HPDF_Stream stream = HPDF_MemStream_New(doc->mmgr, 4096);
	HPDF_FontDef def = NULL;

	if (stream != NULL && HPDF_Stream_Write(stream,
	    (const HPDF_BYTE *)font->data, (HPDF_UINT)font->len) == HPDF_OK)
		def = HPDF_TTFontDef_Load(doc->mmgr, stream, HPDF_TRUE);
	else if (stream != NULL)
		HPDF_Stream_Free(stream);
	/* libharu frees a font that it does not take: a second font with the
	 * same name. */
	if (def != NULL && HPDF_Doc_RegisterFontDef(doc, def) != HPDF_OK)
		def = NULL;
	if (def == NULL)
		HPDF_ResetError(doc);
	return def;
}

/* A font in memory with the glyphs of these scripts. NULL with err. */
static const char *
load_font(struct rw_pdf_fonts *fonts, const char *name, char *tag,
	struct rw_err *err)
{
	struct rw_buf path = {0}, whole = {0}, small = {0};
	HPDF_FontDef def = NULL;

	rw_buf_addf(&path, "%s/%s.ttf", fonts->dir, name);
	if (rw_file_read(rw_buf_text(&path), &whole, err) &&
	    rw_truetype_reduce(whole.data, whole.len, name, simple_scripts,
	    SIMPLE_SCRIPTS, &small, err)) {
		def = register_font(fonts->doc, &small);
		if (def == NULL)
			rw_fail(err, RW_DATA, "libharu refuses %s, or it has "
				"the same name as another font", name);
	}
	if (def != NULL)
		HPDF_TTFontDef_SetTagName(def, tag);
	rw_buf_free(&path);
	rw_buf_free(&whole);
	rw_buf_free(&small);
	return def != NULL ? def->base_font : NULL;
}

static bool
load_wide(struct rw_pdf_fonts *fonts)
{
	char tags[2][7] = {"DEJAVA", "DEJAVB"};

	if (!fonts->wide_tried) {
		fonts->wide_tried = true;
		fonts->wide[0] = load_font(fonts, "DejaVuSans", tags[0],
			&fonts->wide_error);
		if (fonts->wide[0] != NULL)
			fonts->wide[1] = load_font(fonts, "DejaVuSans-Bold",
				tags[1], &fonts->wide_error);
	}
	return fonts->wide[0] != NULL && fonts->wide[1] != NULL;
}

static void *
get_face(struct rw_pdf_fonts *fonts, int encoding, bool bold)
{
	void **face = &fonts->faces[encoding][bold];

	if (*face != NULL)
		return *face;
	if (encoding == 0)
		*face = HPDF_GetFont(fonts->doc, bold ? "Helvetica-Bold" :
			"Helvetica", page_names[0]);
	else if (load_wide(fonts))
		*face = HPDF_GetFont(fonts->doc, fonts->wide[bold],
			encoding == RW_PDF_UNICODE ? "UTF-8" :
			page_names[encoding]);
	return *face;
}

/* ---- what can be shown ------------------------------------------------- */

static bool
has_glyphs(struct rw_pdf_fonts *fonts, uint32_t c)
{
	int i;

	for (i = 0; i < 2; i++) {
		HPDF_FontDef def = HPDF_Doc_FindFontDef(fonts->doc,
			fonts->wide[i]);

		if (def == NULL || HPDF_TTFontDef_GetGlyphid(def,
		    (HPDF_UINT16)c) == 0)
			return false;
	}
	return true;
}

static bool
is_plain(struct rw_pdf_fonts *fonts, const char *text)
{
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0)
		if (!is_simple(c) || !has_glyphs(fonts, c))
			return false;
	return true;
}

bool
rw_pdf_needs_shape(struct rw_pdf_fonts *fonts, const char *text)
{
	struct rw_pdf_run run;

	return !encode(get_page(fonts, 0), &run, text) && load_wide(fonts) &&
		!is_plain(fonts, text);
}

/* ---- widths ------------------------------------------------------------ */

/* Each character is measured once: libharu searches a table for it. */
static unsigned
measure_latin(struct rw_pdf_fonts *fonts, bool bold, HPDF_Font face,
	HPDF_BYTE byte)
{
	uint16_t *width = &fonts->widths[bold][byte];

	if (*width == 0)
		*width = (uint16_t)(1 + HPDF_Font_TextWidth(face, &byte, 1).
			width);
	return *width - 1u;
}

static unsigned
latin_width(struct rw_pdf_fonts *fonts, const struct rw_pdf_run *run,
	bool bold)
{
	unsigned width = 0;
	size_t i;

	for (i = 0; i < run->len; i++)
		width += measure_latin(fonts, bold, run->face, run->bytes[i]);
	return width;
}

static void
mark_glyphs(struct rw_pdf_fonts *fonts, bool bold, const char *text)
{
	HPDF_FontDef def = HPDF_Doc_FindFontDef(fonts->doc, fonts->wide[bold]);
	uint32_t c;

	while (def != NULL && (c = rw_text_next(&text)) != 0)
		rw_pdf_mark_glyph(def, c);
}

void
rw_pdf_run_make(struct rw_pdf_fonts *fonts, struct rw_pdf_run *run, bool bold,
	const char *text, enum rw_pdf_order order)
{
	int encoding = choose(fonts, run, text);

	run->shaped = false;
	if (encoding != 0 && load_wide(fonts) && !is_plain(fonts, text)) {
		run->face = NULL;
		run->shaped = rw_pdf_glyphs_shape(fonts, text, bold, order,
			&run->width);
		run->characters = run->shaped ? fonts->shape->count : 0;
		return;
	}
	run->wide = encoding == RW_PDF_UNICODE;
	run->width = 0;
	run->face = run->len > 0 ? get_face(fonts, encoding, bold) : NULL;
	if (run->face == NULL)
		return;
	/* libharu learns from measuring which glyphs to embed. */
	if (encoding == 0)
		run->width = latin_width(fonts, run, bold);
	else if (run->wide)
		run->width = HPDF_Font_TextWidth(run->face,
			(const HPDF_BYTE *)text,
			(HPDF_UINT)strlen(text)).width;
	else
		run->width = HPDF_Font_TextWidth(run->face, run->bytes,
			(HPDF_UINT)run->len).width;
	if (encoding != 0)
		mark_glyphs(fonts, bold, text);
}

/* ---- all of it --------------------------------------------------------- */

bool
rw_pdf_fonts_can_show(struct rw_pdf_fonts *fonts, const char *text,
	struct rw_err *unreadable)
{
	struct rw_pdf_run run;
	unsigned width;

	if (unreadable != NULL)
		unreadable->kind = RW_OK;
	if (encode(get_page(fonts, 0), &run, text))
		return true;
	if (!load_wide(fonts)) {
		if (unreadable != NULL)
			*unreadable = fonts->wide_error;
		return false;
	}
	return is_plain(fonts, text) || rw_pdf_glyphs_shape(fonts, text, true,
		RW_PDF_ORDER_OWN, &width);
}

/* ---- documents --------------------------------------------------------- */

void
rw_pdf_fonts_begin(struct rw_pdf_fonts *fonts)
{
	memset(fonts->faces, 0, sizeof fonts->faces);
	memset(fonts->used, 0, sizeof fonts->used);
}
