#include "wire/pdf.h"

#include <hpdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "wire/pdf_parts.h"

/* The content of pages is written here and handed to libharu whole: its own
 * calls, one an operator, each with a buffer to clear and a number to print
 * with six digits, take four times as long and the file a third more. */
struct rw_pdf {
	HPDF_Doc doc;
	HPDF_Page page;
	struct rw_buf content;		/* of the page */
	struct rw_pdf_fonts fonts;
	struct rw_pdf_options options;
	bool failed;
	unsigned long code, detail;	/* of the first failure */
	/* What the page was told last, to say nothing twice. */
	uint32_t fill, stroke;
	float thickness, tracking, size;
	void *face;
};

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
	rw_buf_free(&pdf->content);
	free(pdf);
}

struct rw_pdf *
rw_pdf_new(const struct rw_pdf_options *options, struct rw_err *err)
{
	struct rw_pdf *pdf = calloc(1, sizeof *pdf);

	if (pdf != NULL) {
		pdf->options = *options;
		pdf->doc = HPDF_New(note_failure, pdf);
		pdf->fonts.doc = pdf->doc;
		pdf->fonts.dir = options->fonts;
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
	rw_buf_reset(&pdf->content);
	rw_pdf_fonts_begin(&pdf->fonts);
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
end_page(struct rw_pdf *pdf)
{
	HPDF_PageAttr attr;

	if (pdf->page == NULL)
		return;
	attr = pdf->page->attr;
	if (pdf->content.failed)
		note_failure(HPDF_FAILD_TO_ALLOC_MEM, 0, pdf);
	HPDF_Stream_Write(attr->stream,
		(const HPDF_BYTE *)rw_buf_text(&pdf->content),
		(HPDF_UINT)pdf->content.len);
	rw_buf_reset(&pdf->content);
	pdf->page = NULL;
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
	end_page(pdf);
	if (!pdf->failed)
		rw_pdf_fonts_end(&pdf->fonts);
	if (HPDF_SaveToStream(pdf->doc) == HPDF_OK)
		copy_out(pdf, out);
	HPDF_FreeDoc(pdf->doc);
	if (pdf->failed)
		return rw_fail(err, RW_BUG, "cannot make a PDF document: "
			"libharu error 0x%04lx, detail %lu", pdf->code,
			pdf->detail);
	return rw_buf_ok(out, "a PDF document", err);
}

void
rw_pdf_page(struct rw_pdf *pdf)
{
	end_page(pdf);
	pdf->page = HPDF_AddPage(pdf->doc);
	HPDF_Page_SetWidth(pdf->page, pdf->options.width);
	HPDF_Page_SetHeight(pdf->page, pdf->options.height);
	pdf->fill = pdf->stroke = no_ink;
	pdf->thickness = pdf->size = -1;
	pdf->tracking = 0;
	pdf->face = NULL;
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

bool
rw_pdf_can_show(struct rw_pdf *pdf, const char *text, bool *unreadable)
{
	bool failed = pdf->failed;
	bool shows = rw_pdf_fonts_can_show(&pdf->fonts, text, unreadable);

	/* A font file that is no font shows nothing; the document is fine. */
	if (pdf->failed && !failed) {
		HPDF_ResetError(pdf->doc);
		pdf->failed = false;
		if (unreadable != NULL)
			*unreadable = true;
	}
	return shows;
}

/* ---- operators --------------------------------------------------------- */

/* A number with up to two decimals: a hundredth of a point is finer than any
 * printer. */
static void
add_number(struct rw_pdf *pdf, float number)
{
	long n = lroundf(number * 100);
	char text[32], *p = text + sizeof text;
	unsigned long rest = n < 0 ? 0 - (unsigned long)n : (unsigned long)n;
	int places = 2;

	*--p = ' ';
	for (; places > 0 && rest % 10 == 0; places--)
		rest /= 10;
	if (places > 0) {
		for (; places > 0; places--, rest /= 10)
			*--p = (char)('0' + rest % 10);
		*--p = '.';
	}
	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (n < 0)
		*--p = '-';
	rw_buf_add(&pdf->content, p, (size_t)(text + sizeof text - p));
}

static void
add_point(struct rw_pdf *pdf, float x, float y)
{
	add_number(pdf, x);
	add_number(pdf, pdf->options.height - y);
}

static void
add_operator(struct rw_pdf *pdf, const char *operator)
{
	rw_buf_adds(&pdf->content, operator);
}

static void
add_ink(struct rw_pdf *pdf, uint32_t ink, const char *operator)
{
	add_number(pdf, (float)(ink >> 16 & 255) / 255);
	add_number(pdf, (float)(ink >> 8 & 255) / 255);
	add_number(pdf, (float)(ink & 255) / 255);
	add_operator(pdf, operator);
}

static void
set_fill(struct rw_pdf *pdf, uint32_t ink)
{
	if (pdf->fill != ink)
		add_ink(pdf, ink, "rg\n");
	pdf->fill = ink;
}

static void
set_stroke(struct rw_pdf *pdf, float thickness, uint32_t ink)
{
	if (pdf->thickness != thickness) {
		add_number(pdf, thickness);
		add_operator(pdf, "w\n");
	}
	if (pdf->stroke != ink)
		add_ink(pdf, ink, "RG\n");
	pdf->thickness = thickness;
	pdf->stroke = ink;
}

/* ---- text -------------------------------------------------------------- */

static float
run_width(const struct rw_pdf_run *run, const struct rw_pdf_style *style)
{
	if (run->face == NULL)
		return 0;
	return (float)run->width * style->size / 1000 +
		style->tracking * (float)(run->characters - 1);
}

static void
set_face(struct rw_pdf *pdf, void *face, float size)
{
	const char *name;

	if (pdf->face == face && pdf->size == size)
		return;
	name = HPDF_Page_GetLocalFontName(pdf->page, face);
	if (name == NULL)
		return;
	rw_buf_addf(&pdf->content, "/%s ", name);
	add_number(pdf, size);
	add_operator(pdf, "Tf\n");
	pdf->face = face;
	pdf->size = size;
}

static void
set_tracking(struct rw_pdf *pdf, float tracking)
{
	if (pdf->tracking == tracking)
		return;
	add_number(pdf, tracking);
	add_operator(pdf, "Tc\n");
	pdf->tracking = tracking;
}

static void
add_string(struct rw_pdf *pdf, const struct rw_pdf_run *run)
{
	size_t i;

	if (run->wide) {
		add_operator(pdf, "<");
		for (i = 0; i < run->len; i++)
			rw_buf_addf(&pdf->content, "%02X", run->bytes[i]);
		add_operator(pdf, ">Tj ET\n");
		return;
	}
	add_operator(pdf, "(");
	for (i = 0; i < run->len; i++) {
		if (strchr("()\\", run->bytes[i]) != NULL)
			add_operator(pdf, "\\");
		rw_buf_addc(&pdf->content, (char)run->bytes[i]);
	}
	add_operator(pdf, ")Tj ET\n");
}

void
rw_pdf_text(struct rw_pdf *pdf, float x, float y, enum rw_pdf_align align,
	const struct rw_pdf_style *style, const char *text)
{
	struct rw_pdf_run run;

	rw_pdf_run_make(&pdf->fonts, &run, style->bold, text);
	if (run.face == NULL)
		return;
	if (align != RW_PDF_LEFT)
		x -= run_width(&run, style) / (align == RW_PDF_CENTRE ? 2 : 1);
	set_fill(pdf, style->ink);
	set_face(pdf, run.face, style->size);
	set_tracking(pdf, style->tracking);
	add_operator(pdf, "BT ");
	add_point(pdf, x, y);
	add_operator(pdf, "Td");
	add_string(pdf, &run);
}

float
rw_pdf_text_width(struct rw_pdf *pdf, const struct rw_pdf_style *style,
	const char *text)
{
	struct rw_pdf_run run;

	rw_pdf_run_make(&pdf->fonts, &run, style->bold, text);
	return run_width(&run, style);
}

/* ---- shapes ------------------------------------------------------------ */

static void
add_path(struct rw_pdf *pdf, const struct rw_pdf_point *points, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		add_point(pdf, points[i].x, points[i].y);
		add_operator(pdf, i == 0 ? "m\n" : "l\n");
	}
}

static void
add_rectangle(struct rw_pdf *pdf, float x, float y, float width, float height)
{
	add_point(pdf, x, y + height);
	add_number(pdf, width);
	add_number(pdf, height);
	add_operator(pdf, "re ");
}

void
rw_pdf_polyline(struct rw_pdf *pdf, const struct rw_pdf_point *points,
	size_t count, float thickness, uint32_t ink)
{
	if (count < 2)
		return;
	set_stroke(pdf, thickness, ink);
	add_path(pdf, points, count);
	add_operator(pdf, "S\n");
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
	add_path(pdf, points, count);
	add_operator(pdf, "f\n");
}

void
rw_pdf_box(struct rw_pdf *pdf, float x, float y, float width, float height,
	uint32_t ink)
{
	set_fill(pdf, ink);
	add_rectangle(pdf, x, y, width, height);
	add_operator(pdf, "f\n");
}

void
rw_pdf_frame(struct rw_pdf *pdf, float x, float y, float width, float height,
	float thickness, uint32_t ink)
{
	set_stroke(pdf, thickness, ink);
	add_rectangle(pdf, x, y, width, height);
	add_operator(pdf, "S\n");
}

/* A line of no length with round ends is a dot. */
void
rw_pdf_dot(struct rw_pdf *pdf, float x, float y, float radius, uint32_t ink)
{
	add_operator(pdf, "1 J\n");
	rw_pdf_line(pdf, x, y, x, y, 2 * radius, ink);
	add_operator(pdf, "0 J\n");
}

/* ---- pictures ---------------------------------------------------------- */

static HPDF_Image
load_picture(struct rw_pdf *pdf, const void *bytes, size_t len)
{
	static const unsigned char png[] = {0x89, 'P', 'N', 'G'};

	if (len >= sizeof png && memcmp(bytes, png, sizeof png) == 0)
		return HPDF_LoadPngImageFromMem(pdf->doc, bytes,
			(HPDF_UINT)len);
	return HPDF_LoadJpegImageFromMem(pdf->doc, bytes, (HPDF_UINT)len);
}

void
rw_pdf_picture(struct rw_pdf *pdf, float x, float y, float width,
	float height, const void *bytes, size_t len)
{
	HPDF_Image image = load_picture(pdf, bytes, len);
	const char *name;
	float w, h, scale;

	if (image == NULL)
		return;
	name = HPDF_Page_GetXObjectName(pdf->page, image);
	w = (float)HPDF_Image_GetWidth(image);
	h = (float)HPDF_Image_GetHeight(image);
	if (name == NULL || w < 1 || h < 1)
		return;
	scale = width / w < height / h ? width / w : height / h;
	add_operator(pdf, "q ");
	add_number(pdf, w * scale);
	add_operator(pdf, "0 0 ");
	add_number(pdf, h * scale);
	add_point(pdf, x, y + h * scale);
	rw_buf_addf(&pdf->content, "cm /%s Do Q\n", name);
}
