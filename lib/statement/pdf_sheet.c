#include "statement/pdf_sheet_priv.h"

#include <string.h>

const struct rw_pdf_style
	rw_type_title = {.size = 24, .ink = NAVY},
	rw_type_name = {.size = 11, .bold = true, .ink = INK},
	rw_type_head = {.size = 9.5F, .bold = true, .ink = NAVY},
	rw_type_body = {.size = 8, .ink = INK},
	rw_type_strong = {.size = 8, .bold = true, .ink = INK},
	rw_type_muted = {.size = 8, .ink = MUTED},
	rw_type_label = {.size = 6.5F, .ink = MUTED, .tracking = 0.5F},
	rw_type_axis = {.size = 6.5F, .ink = MUTED},
	rw_type_small = {.size = 7, .ink = MUTED},
	rw_type_term = {.size = 7, .bold = true, .ink = INK};

/* Smaller text is unreadable. */
static const float smallest = 5;

struct rw_pdf_style
rw_inked(const struct rw_pdf_style *style, uint32_t ink)
{
	struct rw_pdf_style inked = *style;

	inked.ink = ink;
	return inked;
}

/* Replaces the last character of the n bytes by an ellipsis; returns the number
 * of bytes before the ellipsis. */
static size_t
shorten(char *text, size_t n)
{
	while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0)
		n--;
	strcpy(text + n, "\xe2\x80\xa6");
	return n;
}

/* Copies as much of the text as fits, and leaves room for an ellipsis. */
static size_t
copy_text(char *out, size_t size, const char *text)
{
	size_t n = strnlen(text, size - 3);

	memcpy(out, text, n);
	out[n] = '\0';
	return text[n] == '\0' ? n : shorten(out, n);
}

void
rw_draw_fitted(const struct rw_sheet *sheet, float x, float y, float width,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text)
{
	struct rw_pdf_style fitted = *style;
	float wide = rw_pdf_text_width(sheet->pdf, style, text);
	char cut[512];
	size_t n;

	if (wide > width) {
		fitted.size *= width / wide;
		fitted.tracking *= width / wide;
	}
	if (fitted.size < smallest) {
		fitted.size = smallest;
		n = copy_text(cut, sizeof cut, text);
		while (n > 0 && rw_pdf_text_width(sheet->pdf, &fitted, cut) >
		    width)
			n = shorten(cut, n);
		text = cut;
	}
	rw_pdf_text(sheet->pdf, x, y, align, &fitted, text);
}

float
rw_draw_lines(const struct rw_sheet *sheet, float y, float width, int lines,
	const struct rw_pdf_style *style, const char *text)
{
	const float leading = 13;
	char cut[512];
	size_t n = copy_text(cut, sizeof cut, text);

	while (n > 0 && rw_pdf_paragraph(sheet->pdf, 0, 0, width, 1, style,
	    cut, false) > (float)lines)
		n = shorten(cut, n);
	return rw_pdf_paragraph(sheet->pdf, sheet->left, y, width, leading,
		style, cut, true) - leading;
}

float
rw_draw_heading(const struct rw_sheet *sheet, float y, float left, float right,
	const char *text, const char *note)
{
	rw_pdf_text(sheet->pdf, left, y + 8, RW_PDF_LEFT, &rw_type_head, text);
	if (note != NULL)
		rw_pdf_text(sheet->pdf, right, y + 8, RW_PDF_RIGHT,
			&rw_type_axis, note);
	rw_pdf_line(sheet->pdf, left, y + 13, right, y + 13, 0.5F, RULE);
	return y + 13;
}
