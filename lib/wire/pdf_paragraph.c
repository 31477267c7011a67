/*
 * Text on several lines.
 */
#include <string.h>

#include "base/text.h"
#include "wire/pdf.h"

enum { LINE_MAX_BYTES = 512 };

struct paragraph {
	struct rw_pdf *pdf;
	const struct rw_pdf_style *style;
	float width;
};

static bool
fits(const struct paragraph *p, const char *text, size_t len)
{
	char line[LINE_MAX_BYTES];

	if (len >= sizeof line)
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	return rw_pdf_text_width(p->pdf, p->style, line) <= p->width;
}

/* How much of one word that is wider than the line fits; at least one
 * character. */
static size_t
break_word(const struct paragraph *p, const char *text)
{
	const char *at = text, *next = text;

	rw_text_next(&next);
	do {
		at = next;
		if (rw_text_next(&next) == 0)
			break;
	} while (fits(p, text, (size_t)(next - text)));
	return (size_t)(at - text);
}

/* The bytes of text that go on the next line. */
static size_t
next_line(const struct paragraph *p, const char *text)
{
	size_t len = 0, end;

	for (;;) {
		end = len + strspn(text + len, " ");
		end += strcspn(text + end, " ");
		if (!fits(p, text, end))
			return len > 0 ? len : break_word(p, text);
		len = end;
		if (text[len] == '\0')
			return len;
	}
}

float
rw_pdf_paragraph(struct rw_pdf *pdf, float x, float y, float width, float line,
	const struct rw_pdf_style *style, const char *text, bool draw)
{
	struct paragraph p = {pdf, style, width};
	char words[LINE_MAX_BYTES];
	size_t len;

	for (text += strspn(text, " "); *text != '\0';
	    text += len, text += strspn(text, " "), y += line) {
		len = next_line(&p, text);
		memcpy(words, text, len);
		words[len] = '\0';
		if (draw)
			rw_pdf_text(pdf, x, y, RW_PDF_LEFT, style, words);
	}
	return y;
}
