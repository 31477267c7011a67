#include "wire/pdf.h"

#include <hpdf.h>
#include <hpdf_fontdef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

enum face { LATIN, LATIN_BOLD, WIDE, WIDE_BOLD, FACES };

struct rw_pdf {
	HPDF_Doc doc;
	HPDF_Page page;
	HPDF_Font faces[FACES];	/* of this document; NULL until used */
	struct rw_pdf_options options;
	const char *wide[2];	/* DejaVu's two names in doc; NULL until then */
	bool wide_tried;
	bool failed;
	unsigned long code, detail;	/* of the first failure */
	/* What the page has been told last, to say nothing twice. */
	uint32_t fill, stroke;
	float thickness, tracking;
};

/* One line of text; longer ones are cut before they come here. */
enum { TEXT_MAX = 1024 };

static const uint32_t no_ink = 0xffffffff;

/* ---- documents --------------------------------------------------------- */

static void
note_failure(HPDF_STATUS code, HPDF_STATUS detail, void *context)
{
	struct rw_pdf *pdf = context;

	if (pdf->failed)
		return;
	pdf->failed = true;
	pdf->code = code;
	pdf->detail = detail;
}

void
rw_pdf_delete(struct rw_pdf *pdf)
{
	if (pdf == NULL)
		return;
	if (pdf->doc != NULL)
		HPDF_Free(pdf->doc);
	free(pdf);
}

struct rw_pdf *
rw_pdf_new(const struct rw_pdf_options *options, struct rw_err *err)
{
	struct rw_pdf *pdf = calloc(1, sizeof *pdf);

	if (pdf != NULL) {
		pdf->options = *options;
		pdf->doc = HPDF_New(note_failure, pdf);
		if (pdf->doc != NULL &&
		    HPDF_UseUTFEncodings(pdf->doc) == HPDF_OK)
			return pdf;
	}
	rw_pdf_delete(pdf);
	rw_fail(err, RW_IO, "cannot start a PDF document: no memory");
	return NULL;
}

static void
set_date(struct rw_pdf *pdf, HPDF_InfoType type, int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	gmtime_r(&when, &tm);
	HPDF_SetInfoDateAttr(pdf->doc, type, (HPDF_Date){
		.year = tm.tm_year + 1900, .month = tm.tm_mon + 1,
		.day = tm.tm_mday, .hour = tm.tm_hour,
		.minutes = tm.tm_min, .seconds = tm.tm_sec, .ind = 'Z'});
}

/* Anything beyond ASCII goes through the encoder, which makes UTF-16 of it. */
static void
set_info(struct rw_pdf *pdf, HPDF_InfoType type, const char *text)
{
	if (text != NULL && text[0] != '\0')
		HPDF_SetInfoAttr(pdf->doc, type, text);
}

void
rw_pdf_begin(struct rw_pdf *pdf, const struct rw_pdf_info *info)
{
	HPDF_FreeDoc(pdf->doc);
	HPDF_ResetError(pdf->doc);
	pdf->failed = false;
	pdf->page = NULL;
	memset(pdf->faces, 0, sizeof pdf->faces);
	HPDF_NewDoc(pdf->doc);
	HPDF_SetCompressionMode(pdf->doc, HPDF_COMP_ALL);
	HPDF_SetCurrentEncoder(pdf->doc, "UTF-8");
	set_info(pdf, HPDF_INFO_TITLE, info->title);
	set_info(pdf, HPDF_INFO_AUTHOR, info->author);
	set_info(pdf, HPDF_INFO_SUBJECT, info->subject);
	set_date(pdf, HPDF_INFO_CREATION_DATE, info->created);
	set_date(pdf, HPDF_INFO_MOD_DATE, info->created);
}

static void
copy_out(struct rw_pdf *pdf, struct rw_buf *out)
{
	HPDF_UINT32 size = HPDF_GetStreamSize(pdf->doc);
	char *room = rw_buf_room(out, size);

	if (room == NULL)
		return;
	if (HPDF_ReadFromStream(pdf->doc, (HPDF_BYTE *)room, &size) == HPDF_OK)
		rw_buf_grown(out, size);
}

bool
rw_pdf_end(struct rw_pdf *pdf, struct rw_buf *out, struct rw_err *err)
{
	if (HPDF_SaveToStream(pdf->doc) == HPDF_OK)
		copy_out(pdf, out);
	HPDF_FreeDoc(pdf->doc);
	pdf->page = NULL;
	if (pdf->failed)
		return rw_fail(err, RW_BUG, "cannot make a PDF document: "
			"libharu error 0x%04lx, detail %lu", pdf->code,
			pdf->detail);
	return rw_buf_ok(out, "a PDF document", err);
}

void
rw_pdf_page(struct rw_pdf *pdf)
{
	pdf->page = HPDF_AddPage(pdf->doc);
	HPDF_Page_SetWidth(pdf->page, pdf->options.width);
	HPDF_Page_SetHeight(pdf->page, pdf->options.height);
	pdf->fill = pdf->stroke = no_ink;
	pdf->thickness = -1;
	pdf->tracking = 0;
}

float
rw_pdf_page_width(const struct rw_pdf *pdf)
{
	return pdf->options.width;
}

float
rw_pdf_page_height(const struct rw_pdf *pdf)
{
	return pdf->options.height;
}

/* ---- fonts ------------------------------------------------------------- */

static const char *
load_file(struct rw_pdf *pdf, const char *name)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/%s", pdf->options.fonts, name);
	/* libharu would make a missing file a failure of the document. */
	if (access(path, R_OK) != 0)
		return NULL;
	return HPDF_LoadTTFontFromFile(pdf->doc, path, HPDF_TRUE);
}

/* Both at once and in one order, because each gets the next of a row of tags
 * that end up in the document. */
static bool
load_wide(struct rw_pdf *pdf)
{
	if (!pdf->wide_tried) {
		bool failed = pdf->failed;

		pdf->wide_tried = true;
		pdf->wide[0] = load_file(pdf, "DejaVuSans.ttf");
		pdf->wide[1] = load_file(pdf, "DejaVuSans-Bold.ttf");
		if (!failed && pdf->failed) {
			pdf->wide[0] = NULL;
			pdf->failed = false;
			HPDF_ResetError(pdf->doc);
		}
	}
	return pdf->wide[0] != NULL && pdf->wide[1] != NULL;
}

static HPDF_Font
get_face(struct rw_pdf *pdf, bool wide, bool bold)
{
	HPDF_Font *face = &pdf->faces[2 * wide + bold];

	if (*face == NULL && wide && load_wide(pdf))
		*face = HPDF_GetFont(pdf->doc, pdf->wide[bold], "UTF-8");
	else if (*face == NULL && !wide)
		*face = HPDF_GetFont(pdf->doc, bold ? "Helvetica-Bold" :
			"Helvetica", "WinAnsiEncoding");
	return *face;
}

/* The byte of Windows-1252 for a character; 0 when there is none.
 * Source: https://www.unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT */
static unsigned char
latin_byte(uint32_t c)
{
	static const uint16_t high[32] = {
		0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
		0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
		0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
		0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};
	size_t i;

	if ((c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c <= 0xff))
		return (unsigned char)c;
	for (i = 0; i < 32; i++)
		if (high[i] != 0 && high[i] == c)
			return (unsigned char)(0x80 + i);
	return 0;
}

/* text in Windows-1252; false when that cannot write it. */
static bool
to_latin(const char *text, char *out, size_t size)
{
	size_t n = 0;
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0) {
		unsigned char byte = latin_byte(c);

		if (byte == 0 || n + 1 >= size)
			return false;
		out[n++] = (char)byte;
	}
	out[n] = '\0';
	return true;
}

/* Scripts that are written left to right, one glyph a character. */
static bool
is_simple(uint32_t c)
{
	return (c >= 0x20 && c < 0x250) ||	/* Latin */
		(c >= 0x370 && c < 0x530) ||	/* Greek, Cyrillic */
		(c >= 0x531 && c < 0x58f) ||	/* Armenian */
		(c >= 0x10a0 && c < 0x1100) ||	/* Georgian */
		(c >= 0x1e00 && c < 0x2000) ||	/* more Latin and Greek */
		(c >= 0x2010 && c < 0x2028) ||	/* punctuation */
		(c >= 0x2030 && c < 0x205f) ||
		(c >= 0x20a0 && c < 0x20d0);	/* currencies */
}

bool
rw_pdf_can_show(struct rw_pdf *pdf, const char *text, bool *unreadable)
{
	HPDF_FontDef def[2];
	char latin[TEXT_MAX];
	uint32_t c;
	int i;

	if (unreadable != NULL)
		*unreadable = false;
	if (to_latin(text, latin, sizeof latin))
		return true;
	if (!load_wide(pdf)) {
		if (unreadable != NULL)
			*unreadable = true;
		return false;
	}
	for (i = 0; i < 2; i++)
		def[i] = HPDF_Doc_FindFontDef(pdf->doc, pdf->wide[i]);
	while ((c = rw_text_next(&text)) != 0)
		for (i = 0; i < 2; i++)
			if (!is_simple(c) || HPDF_TTFontDef_GetGlyphid(def[i],
			    (HPDF_UINT16)c) == 0)
				return false;
	return true;
}

/* ---- text -------------------------------------------------------------- */

/* A piece of text made ready for one font. */
struct run {
	HPDF_Font font;
	const char *bytes;	/* in the font's encoding */
	size_t characters;
	char latin[TEXT_MAX];
};

static void
make_run(struct rw_pdf *pdf, struct run *run, const struct rw_pdf_style *style,
	const char *text)
{
	bool latin = to_latin(text, run->latin, sizeof run->latin);

	run->font = get_face(pdf, !latin, style->bold);
	run->bytes = latin ? run->latin : text;
	run->characters = 0;
	while (rw_text_next(&text) != 0)
		run->characters++;
}

static float
run_width(const struct run *run, const struct rw_pdf_style *style)
{
	HPDF_TextWidth width;

	if (run->font == NULL || run->characters == 0)
		return 0;
	width = HPDF_Font_TextWidth(run->font, (const HPDF_BYTE *)run->bytes,
		(HPDF_UINT)strlen(run->bytes));
	return (float)width.width * style->size / 1000 +
		style->tracking * (float)(run->characters - 1);
}

static void
set_fill(struct rw_pdf *pdf, uint32_t ink)
{
	if (pdf->fill == ink)
		return;
	pdf->fill = ink;
	HPDF_Page_SetRGBFill(pdf->page, (float)(ink >> 16 & 255) / 255,
		(float)(ink >> 8 & 255) / 255, (float)(ink & 255) / 255);
}

void
rw_pdf_text(struct rw_pdf *pdf, float x, float y, enum rw_pdf_align align,
	const struct rw_pdf_style *style, const char *text)
{
	struct run run;

	make_run(pdf, &run, style, text);
	if (run.font == NULL || run.characters == 0)
		return;
	if (align != RW_PDF_LEFT)
		x -= run_width(&run, style) / (align == RW_PDF_CENTRE ? 2 : 1);
	set_fill(pdf, style->ink);
	HPDF_Page_BeginText(pdf->page);
	HPDF_Page_SetFontAndSize(pdf->page, run.font, style->size);
	if (pdf->tracking != style->tracking)
		HPDF_Page_SetCharSpace(pdf->page, style->tracking);
	pdf->tracking = style->tracking;
	HPDF_Page_TextOut(pdf->page, x, pdf->options.height - y, run.bytes);
	HPDF_Page_EndText(pdf->page);
}

float
rw_pdf_text_width(struct rw_pdf *pdf, const struct rw_pdf_style *style,
	const char *text)
{
	struct run run;

	make_run(pdf, &run, style, text);
	return run_width(&run, style);
}

/* ---- shapes ------------------------------------------------------------ */

static void
set_stroke(struct rw_pdf *pdf, float thickness, uint32_t ink)
{
	if (pdf->thickness != thickness)
		HPDF_Page_SetLineWidth(pdf->page, thickness);
	pdf->thickness = thickness;
	if (pdf->stroke == ink)
		return;
	pdf->stroke = ink;
	HPDF_Page_SetRGBStroke(pdf->page, (float)(ink >> 16 & 255) / 255,
		(float)(ink >> 8 & 255) / 255, (float)(ink & 255) / 255);
}

static void
trace(struct rw_pdf *pdf, const struct rw_pdf_point *points, size_t count)
{
	float height = pdf->options.height;
	size_t i;

	HPDF_Page_MoveTo(pdf->page, points[0].x, height - points[0].y);
	for (i = 1; i < count; i++)
		HPDF_Page_LineTo(pdf->page, points[i].x, height - points[i].y);
}

void
rw_pdf_polyline(struct rw_pdf *pdf, const struct rw_pdf_point *points,
	size_t count, float thickness, uint32_t ink)
{
	if (count < 2)
		return;
	set_stroke(pdf, thickness, ink);
	trace(pdf, points, count);
	HPDF_Page_Stroke(pdf->page);
}

void
rw_pdf_line(struct rw_pdf *pdf, float x1, float y1, float x2, float y2,
	float thickness, uint32_t ink)
{
	struct rw_pdf_point points[] = {{x1, y1}, {x2, y2}};

	rw_pdf_polyline(pdf, points, 2, thickness, ink);
}

void
rw_pdf_polygon(struct rw_pdf *pdf, const struct rw_pdf_point *points,
	size_t count, uint32_t ink)
{
	if (count < 3)
		return;
	set_fill(pdf, ink);
	trace(pdf, points, count);
	HPDF_Page_Fill(pdf->page);
}

void
rw_pdf_box(struct rw_pdf *pdf, float x, float y, float width, float height,
	uint32_t ink)
{
	set_fill(pdf, ink);
	HPDF_Page_Rectangle(pdf->page, x, pdf->options.height - y - height,
		width, height);
	HPDF_Page_Fill(pdf->page);
}

void
rw_pdf_frame(struct rw_pdf *pdf, float x, float y, float width, float height,
	float thickness, uint32_t ink)
{
	set_stroke(pdf, thickness, ink);
	HPDF_Page_Rectangle(pdf->page, x, pdf->options.height - y - height,
		width, height);
	HPDF_Page_Stroke(pdf->page);
}

void
rw_pdf_dot(struct rw_pdf *pdf, float x, float y, float radius, uint32_t ink)
{
	set_fill(pdf, ink);
	HPDF_Page_Circle(pdf->page, x, pdf->options.height - y, radius);
	HPDF_Page_Fill(pdf->page);
}

/* ---- pictures ---------------------------------------------------------- */

void
rw_pdf_picture(struct rw_pdf *pdf, float x, float y, float width,
	float height, const void *bytes, size_t len)
{
	static const unsigned char png[] = {0x89, 'P', 'N', 'G'};
	HPDF_Image image;
	float w, h, scale;

	if (len >= sizeof png && memcmp(bytes, png, sizeof png) == 0)
		image = HPDF_LoadPngImageFromMem(pdf->doc, bytes,
			(HPDF_UINT)len);
	else
		image = HPDF_LoadJpegImageFromMem(pdf->doc, bytes,
			(HPDF_UINT)len);
	if (image == NULL)
		return;
	w = (float)HPDF_Image_GetWidth(image);
	h = (float)HPDF_Image_GetHeight(image);
	scale = width / w < height / h ? width / w : height / h;
	HPDF_Page_DrawImage(pdf->page, image, x, pdf->options.height - y -
		h * scale, w * scale, h * scale);
}
