/*
 * Text on several lines.
 */
#include <string.h>

#include "base/text.h"
#include "wire/pdf_priv.h"
#include "wire/shape.h"

struct paragraph {
	struct rw_pdf *pdf;
	const struct rw_pdf_style *style;
	float width;
};

static float
measure(const struct paragraph *p, const char *text, size_t len)
{
	char piece[RW_PDF_TEXT_MAX];

	if (len >= sizeof piece)
		return p->width + 1;
	memcpy(piece, text, len);
	piece[len] = '\0';
	return rw_pdf_text_width(p->pdf, p->style, piece);
}

/* How many bytes of a word that is wider than the line fit on the line; at
 * least one character. */
static size_t
break_word(const struct paragraph *p, const char *text)
{
	const char *at, *next = text;

	rw_text_next(&next);
	do {
		at = next;
		if (rw_text_next(&next) == 0)
			break;
	} while (measure(p, text, (size_t)(next - text)) <= p->width);
	return (size_t)(at - text);
}

/* The number of bytes of text that fit on the next line: word by word, each
 * with its leading spaces. */
static size_t
next_line(const struct paragraph *p, const char *text)
{
	float used = 0;
	size_t len = 0, end;

	while (text[len] != '\0') {
		end = len + strspn(text + len, " ");
		end += strcspn(text + end, " ");
		used += measure(p, text + len, end - len);
		if (used > p->width)
			return len > 0 ? len : break_word(p, text);
		len = end;
	}
	return len;
}

/* That of the whole paragraph, also for lines that begin with another script. */
static enum rw_pdf_order
find_order(struct rw_pdf_fonts *fonts, const char *text)
{
	if (!rw_pdf_needs_shape(fonts, text))
		return RW_PDF_ORDER_LEFT;
	return rw_shape_direction(text) == RW_DIRECTION_RIGHT ?
		RW_PDF_ORDER_RIGHT : RW_PDF_ORDER_LEFT;
}

float
rw_pdf_paragraph(struct rw_pdf *pdf, float x, float y, float width, float line,
	const struct rw_pdf_style *style, const char *text, bool draw)
{
	struct paragraph p = {pdf, style, width};
	enum rw_pdf_order order = find_order(&pdf->fonts, text);
	char words[RW_PDF_TEXT_MAX];
	size_t len;

	for (text += strspn(text, " "); *text != '\0';
	    text += len, text += strspn(text, " "), y += line) {
		len = next_line(&p, text);
		if (len >= sizeof words)
			break;
		memcpy(words, text, len);
		words[len] = '\0';
		if (draw)
			rw_pdf_text_ordered(pdf, x, y, RW_PDF_LEFT, style,
				words, order);
	}
	return y;
}
