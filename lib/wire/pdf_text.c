/*
 * Text on a page, as operators of its content (ISO 32000-1, annex A).
 */
#include <hpdf.h>
#include <string.h>

#include "wire/pdf_priv.h"
#include "wire/shape.h"

/* ---- text -------------------------------------------------------------- */

static float
run_width(const struct rw_pdf_run *run, const struct rw_pdf_style *style)
{
	if (run->face == NULL && !run->shaped)
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
	name = pdf->page == NULL ? NULL :
		HPDF_Page_GetLocalFontName(pdf->page, face);
	if (name == NULL) {
		rw_pdf_note(pdf, HPDF_PAGE_FONT_NOT_FOUND);
		return;
	}
	rw_buf_addf(&pdf->content, "/%s ", name);
	rw_pdf_add_number(pdf, size);
	rw_buf_adds(&pdf->content, "Tf\n");
	pdf->face = face;
	pdf->size = size;
}

static void
set_tracking(struct rw_pdf *pdf, float tracking)
{
	if (pdf->tracking == tracking)
		return;
	rw_pdf_add_number(pdf, tracking);
	rw_buf_adds(&pdf->content, "Tc\n");
	pdf->tracking = tracking;
}

static bool
is_special(unsigned char c)
{
	return c == '(' || c == ')' || c == '\\';
}

static void
add_string(struct rw_pdf *pdf, const struct rw_pdf_run *run)
{
	size_t i, end;

	if (run->wide) {
		rw_buf_adds(&pdf->content, "<");
		for (i = 0; i < run->len; i++)
			rw_buf_addf(&pdf->content, "%02X", run->bytes[i]);
		rw_buf_adds(&pdf->content, ">Tj ET\n");
		return;
	}
	rw_buf_adds(&pdf->content, "(");
	for (i = 0; i < run->len; i = end) {
		if (is_special(run->bytes[i]))
			rw_buf_adds(&pdf->content, "\\");
		for (end = i + 1; end < run->len &&
		    !is_special(run->bytes[end]); end++)
			;
		rw_buf_add(&pdf->content, run->bytes + i, end - i);
	}
	rw_buf_adds(&pdf->content, ")Tj ET\n");
}

static void
set_text(struct rw_pdf *pdf, void *face,
	const struct rw_pdf_style *style)
{
	rw_pdf_set_fill(pdf, style->ink);
	set_face(pdf, face, style->size);
	set_tracking(pdf, style->tracking);
}

static void
add_begin(struct rw_pdf *pdf, float x, float y)
{
	rw_buf_adds(&pdf->content, "BT ");
	rw_pdf_add_point(pdf, x, y);
	rw_buf_adds(&pdf->content, "Td");
}

/* ---- shaped text --------------------------------------------------------------- */

static float
draw_one(struct rw_pdf *pdf, const struct rw_glyph *glyph, bool mapped,
	float x, float y, const struct rw_pdf_style *style)
{
	float unit = style->size / (float)glyph->face->upem;
	struct rw_pdf_glyph wanted = {.id = glyph->id,
		.width = rw_pdf_thousandths(glyph->face, glyph->advance)};
	void *dict = NULL;
	unsigned code;

	if (mapped) {
		wanted.count = glyph->count;
		memcpy(wanted.characters, glyph->characters, glyph->count *
			sizeof *glyph->characters);
	}
	code = rw_pdf_glyphs_code(&pdf->fonts, glyph->face, &wanted, &dict);
	if (code == 0) {
		rw_pdf_note(pdf, HPDF_FAILD_TO_ALLOC_MEM);
		return x;
	}
	set_text(pdf, dict, style);
	add_begin(pdf, x + (float)glyph->right * unit,
		y - (float)glyph->up * unit);
	rw_buf_addf(&pdf->content, "<%02X>Tj ET\n", code);
	return x + (float)wanted.width * style->size / 1000;
}

static void
begin_cluster(struct rw_pdf *pdf, const struct rw_glyph *glyph)
{
	unsigned i;

	rw_buf_adds(&pdf->content, "/Span <</ActualText <FEFF");
	for (i = 0; i < glyph->count; i++)
		rw_pdf_add_utf16(&pdf->content, glyph->characters[i]);
	rw_buf_adds(&pdf->content, ">>> BDC\n");
}

static void
draw_shaped(struct rw_pdf *pdf, float x, float y,
	const struct rw_pdf_style *style)
{
	const struct rw_shape *shape = pdf->fonts.shape;
	size_t i, end;

	for (i = 0; i < shape->count; i = end) {
		const struct rw_glyph *first = &shape->glyphs[i];
		bool mapped;

		for (end = i + 1; end < shape->count &&
		    shape->glyphs[end].count == 0; end++)
			;
		mapped = end == i + 1 && first->count <= RW_PDF_MAPPED;
		if (!mapped)
			begin_cluster(pdf, first);
		for (; i < end; i++)
			x = draw_one(pdf, &shape->glyphs[i], mapped, x, y,
				style) + style->tracking;
		if (!mapped)
			rw_buf_adds(&pdf->content, "EMC\n");
	}
}

/* ---- all text ------------------------------------------------------------ */

void
rw_pdf_text(struct rw_pdf *pdf, float x, float y, enum rw_pdf_align align,
	const struct rw_pdf_style *style, const char *text)
{
	rw_pdf_text_ordered(pdf, x, y, align, style, text, RW_PDF_ORDER_OWN);
}

void
rw_pdf_text_ordered(struct rw_pdf *pdf, float x, float y,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text, enum rw_pdf_order order)
{
	struct rw_pdf_run run;

	rw_pdf_run_make(&pdf->fonts, &run, style->bold, text, order);
	if (run.face == NULL && !run.shaped) {
		if (run.len > 0)
			rw_pdf_note(pdf, HPDF_INVALID_FONT);
		return;
	}
	if (align != RW_PDF_LEFT)
		x -= run_width(&run, style) / (align == RW_PDF_CENTRE ? 2 : 1);
	if (run.shaped) {
		draw_shaped(pdf, x, y, style);
		return;
	}
	set_text(pdf, run.face, style);
	add_begin(pdf, x, y);
	add_string(pdf, &run);
}

float
rw_pdf_text_width(struct rw_pdf *pdf, const struct rw_pdf_style *style,
	const char *text)
{
	struct rw_pdf_run run;

	rw_pdf_run_make(&pdf->fonts, &run, style->bold, text,
		RW_PDF_ORDER_OWN);
	return run_width(&run, style);
}
