/*
 * The foot of each page: the statement, the page's number, and the issuer.
 */
#include "record/issuer.h"
#include "statement/pdf_pages.h"
#include "statement/pdf_parts_priv.h"

/* From the line to the edge of the page, and between lines of the issuer; the
 * first of these has room above the edge. */
static const float bottom = 46, leading = 8.5F;

#define BETWEEN "  \xc2\xb7  "

static void
add_part(struct rw_buf *out, const char *text)
{
	if (text == NULL)
		return;
	if (out->len > 0)
		rw_buf_adds(out, BETWEEN);
	rw_buf_adds(out, text);
}

/* Draws a paragraph, unless it is empty; returns the y of the next line. */
static float
draw_paragraph(const struct rw_sheet *sheet, float y, const char *text,
	bool draw)
{
	if (text == NULL || text[0] == '\0')
		return y;
	return rw_pdf_paragraph(sheet->pdf, sheet->left, y, sheet->right -
		sheet->left, leading, &rw_type_axis, text, draw);
}

/* "Example Capital Ltd - 1 Main Street - ..." and the footer's text. Returns
 * the y of the next line. */
static float
draw_issuer(const struct rw_sheet *sheet, float y, bool draw)
{
	const struct rw_issuer *issuer = sheet->look->issuer;
	struct rw_buf words = {0};
	size_t i;

	if (issuer == NULL || !rw_issuer_is_set(issuer))
		return y;
	add_part(&words, issuer->name);
	for (i = 0; i < issuer->address_lines; i++)
		add_part(&words, issuer->address[i]);
	add_part(&words, issuer->number);
	add_part(&words, issuer->email);
	add_part(&words, issuer->url);
	y = draw_paragraph(sheet, y, rw_buf_text(&words), draw);
	y = draw_paragraph(sheet, y, issuer->footer, draw);
	rw_buf_free(&words);
	return y;
}

float
rw_foot_height(const struct rw_sheet *sheet)
{
	float more = draw_issuer(sheet, 0, false) - leading;

	return bottom + (more > 0 ? more : 0);
}

void
rw_draw_foot(const struct rw_sheet *sheet, const char *page, const char *pages)
{
	float y = rw_pdf_page_height(sheet->pdf) - rw_foot_height(sheet);
	struct rw_buf number = {0}, words = {0};

	rw_statement_page(page, pages, &number);
	rw_buf_addf(&words, "%s" BETWEEN, sheet->look->brand);
	rw_statement_subject(sheet->statement, &words);
	rw_pdf_line(sheet->pdf, sheet->left, y, sheet->right, y, 0.5F, RULE);
	rw_draw_fitted(sheet, sheet->left, y + 12, sheet->right -
		sheet->left - 60, RW_PDF_LEFT, &rw_type_axis,
		rw_buf_text(&words));
	rw_pdf_text(sheet->pdf, sheet->right, y + 12, RW_PDF_RIGHT,
		&rw_type_axis, rw_buf_text(&number));
	draw_issuer(sheet, y + 22, true);
	rw_buf_free(&number);
	rw_buf_free(&words);
}
