/*
 * Shaped text: each glyph is drawn once in the document, as a procedure of a
 * font of Type 3, so that no bytes of a font file get into it. A map back to
 * characters lets a reader select and search the text; a cluster of several
 * glyphs has its text beside it.
 *
 * Source: ISO 32000-1, 9.6.5 (Type 3), 9.10.3 (ToUnicode), 14.9.4 (ActualText)
 */
#include <hpdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/pdf_priv.h"
#include "wire/face.h"

enum { CODES = 256, EM = 600 };

/* A font of the document: up to 255 glyphs of one face. Poppler estimates the
 * size of a font of Type 3 from the width of a glyph named "m", and with it the
 * blanks between words. So code 0, which no text has, is that glyph. */
struct font {
	const struct rw_face *face;
	HPDF_Dict dict, procedures;
	unsigned count;			/* the last code; the first is 1 */
	struct rw_pdf_glyph codes[CODES];
};

struct rw_pdf_glyphs {
	struct font **fonts;
	size_t count;
	struct rw_outline outline;
};

/* ---- fonts of the document ------------------------------------------------- */

static void
add_to_dict(HPDF_Dict dict, const char *key, void *object)
{
	if (object != NULL)
		HPDF_Dict_Add(dict, key, object);
}

/* Four numbers that say nothing: each glyph has its own box. */
static HPDF_Array
make_box(HPDF_Doc doc)
{
	HPDF_Array box = HPDF_Array_New(doc->mmgr);
	int i;

	for (i = 0; box != NULL && i < 4; i++)
		HPDF_Array_AddNumber(box, 0);
	return box;
}

static HPDF_Array
make_matrix(HPDF_Doc doc)
{
	static const float matrix[] = {0.001F, 0, 0, 0.001F, 0, 0};
	HPDF_Array array = HPDF_Array_New(doc->mmgr);
	int i;

	for (i = 0; array != NULL && i < 6; i++)
		HPDF_Array_AddReal(array, matrix[i]);
	return array;
}

static void
write_stream(HPDF_Doc doc, HPDF_Dict dict, const char *key,
	const struct rw_buf *bytes)
{
	HPDF_Dict stream = HPDF_DictStream_New(doc->mmgr, doc->xref);

	if (stream == NULL)
		return;
	stream->filter = HPDF_STREAM_FILTER_FLATE_DECODE;
	HPDF_Stream_Write(stream->stream, (const HPDF_BYTE *)bytes->data,
		(HPDF_UINT)bytes->len);
	HPDF_Dict_Add(dict, key, stream);
}

static const char *
name_of(char name[16], unsigned code)
{
	if (code == 0)
		snprintf(name, 16, "m");
	else
		snprintf(name, 16, "a%u", code);
	return name;
}

/* The glyph's procedure: its width and box, then its path. */
static void
draw_glyph(struct rw_pdf_fonts *fonts, struct font *font, unsigned code)
{
	struct rw_outline *o = &fonts->glyphs->outline;
	struct rw_buf bytes = {0};
	char name[16];

	if (code == 0 || !rw_face_outline(font->face, font->codes[code].id, o))
		rw_buf_reset(&o->path);
	rw_buf_addf(&bytes, "%d 0 %d %d %d %d d1\n", font->codes[code].width,
		o->left, o->bottom, o->right, o->top);
	rw_buf_add(&bytes, rw_buf_text(&o->path), o->path.len);
	if (o->path.len > 0)
		rw_buf_adds(&bytes, "f\n");
	write_stream(fonts->doc, font->procedures, name_of(name, code),
		&bytes);
	rw_buf_free(&bytes);
}

static struct font *
add_font(struct rw_pdf_fonts *fonts, const struct rw_face *face)
{
	struct rw_pdf_glyphs *glyphs = fonts->glyphs;
	HPDF_Doc doc = fonts->doc;
	struct font *font = calloc(1, sizeof *font);
	struct font **more = realloc(glyphs->fonts, (glyphs->count + 1) *
		sizeof *more);

	if (more != NULL)
		glyphs->fonts = more;
	if (font == NULL || more == NULL) {
		free(font);
		return NULL;
	}
	font->face = face;
	font->dict = HPDF_Dict_New(doc->mmgr);
	font->procedures = HPDF_Dict_New(doc->mmgr);
	if (font->dict == NULL || font->procedures == NULL ||
	    HPDF_Xref_Add(doc->xref, font->dict) != HPDF_OK) {
		free(font);
		return NULL;
	}
	HPDF_Dict_AddName(font->dict, "Type", "Font");
	HPDF_Dict_AddName(font->dict, "Subtype", "Type3");
	add_to_dict(font->dict, "FontBBox", make_box(doc));
	add_to_dict(font->dict, "FontMatrix", make_matrix(doc));
	add_to_dict(font->dict, "Resources", HPDF_Dict_New(doc->mmgr));
	add_to_dict(font->dict, "CharProcs", font->procedures);
	glyphs->fonts[glyphs->count++] = font;
	font->codes[0].width = EM;
	draw_glyph(fonts, font, 0);
	return font;
}

static bool
is_code(const struct rw_pdf_glyph *a, const struct rw_pdf_glyph *b)
{
	return a->id == b->id && a->count == b->count && a->width == b->width &&
		memcmp(a->characters, b->characters, sizeof a->characters) ==
		0;
}

unsigned
rw_pdf_glyphs_code(struct rw_pdf_fonts *fonts, const struct rw_face *face,
	const struct rw_pdf_glyph *wanted, void **dict)
{
	struct rw_pdf_glyphs *glyphs = fonts->glyphs != NULL ? fonts->glyphs :
		(fonts->glyphs = calloc(1, sizeof *fonts->glyphs));
	struct font *font = NULL;
	unsigned code;
	size_t i;

	for (i = 0; glyphs != NULL && i < glyphs->count; i++) {
		if (glyphs->fonts[i]->face != face)
			continue;
		font = glyphs->fonts[i];
		for (code = 1; code <= font->count; code++)
			if (is_code(&font->codes[code], wanted)) {
				*dict = font->dict;
				return code;
			}
	}
	if (glyphs != NULL && (font == NULL || font->count + 1 == CODES))
		font = add_font(fonts, face);
	if (font == NULL)
		return 0;
	font->codes[++font->count] = *wanted;
	draw_glyph(fonts, font, font->count);
	*dict = font->dict;
	return font->count;
}

/* ---- the end of a document -------------------------------------------------- */

void
rw_pdf_add_utf16(struct rw_buf *out, uint32_t c)
{
	if (c >= 0x10000)
		rw_buf_addf(out, "%04X%04X", (unsigned)(0xd800 +
			((c - 0x10000) >> 10)), (unsigned)(0xdc00 +
			((c - 0x10000) & 0x3ff)));
	else
		rw_buf_addf(out, "%04X", (unsigned)c);
}

static void
add_encoding(HPDF_Doc doc, const struct font *font)
{
	HPDF_Dict encoding = HPDF_Dict_New(doc->mmgr);
	HPDF_Array differences = HPDF_Array_New(doc->mmgr);
	HPDF_Array widths = HPDF_Array_New(doc->mmgr);
	unsigned code;
	char name[16];

	if (encoding == NULL || differences == NULL || widths == NULL)
		return;
	HPDF_Dict_AddName(encoding, "Type", "Encoding");
	HPDF_Array_AddNumber(differences, 0);
	for (code = 0; code <= font->count; code++) {
		HPDF_Array_AddName(differences, name_of(name, code));
		HPDF_Array_AddNumber(widths, font->codes[code].width);
	}
	HPDF_Dict_Add(encoding, "Differences", differences);
	HPDF_Dict_Add(font->dict, "Encoding", encoding);
	HPDF_Dict_AddNumber(font->dict, "FirstChar", 0);
	HPDF_Dict_AddNumber(font->dict, "LastChar", (HPDF_INT32)font->count);
	HPDF_Dict_Add(font->dict, "Widths", widths);
}

static void
add_map(HPDF_Doc doc, const struct font *font)
{
	struct rw_buf map = {0};
	unsigned code, i;

	rw_buf_adds(&map, "/CIDInit /ProcSet findresource begin\n"
		"12 dict begin\nbegincmap\n/CMapName /Adobe-Identity-UCS def\n"
		"/CMapType 2 def\n1 begincodespacerange\n<00> <FF>\n"
		"endcodespacerange\n");
	for (code = 1; code <= font->count; code++) {
		const struct rw_pdf_glyph *c = &font->codes[code];

		if (c->count == 0)
			continue;
		rw_buf_addf(&map, "1 beginbfchar\n<%02X> <", code);
		for (i = 0; i < c->count; i++)
			rw_pdf_add_utf16(&map, c->characters[i]);
		rw_buf_adds(&map, ">\nendbfchar\n");
	}
	rw_buf_adds(&map, "endcmap\nCMapName currentdict /CMap "
		"defineresource pop\nend\nend\n");
	write_stream(doc, font->dict, "ToUnicode", &map);
	rw_buf_free(&map);
}

void
rw_pdf_glyphs_end(struct rw_pdf_fonts *fonts, bool good)
{
	struct rw_pdf_glyphs *glyphs = fonts->glyphs;
	size_t i;

	if (glyphs == NULL)
		return;
	for (i = 0; i < glyphs->count; i++) {
		if (good) {
			add_encoding(fonts->doc, glyphs->fonts[i]);
			add_map(fonts->doc, glyphs->fonts[i]);
		}
		free(glyphs->fonts[i]);
	}
	rw_buf_free(&glyphs->outline.path);
	free(glyphs->fonts);
	free(glyphs);
	fonts->glyphs = NULL;
}
