/*
 * Shapes the text of a document.
 */
#include <math.h>
#include <stdlib.h>

#include "wire/pdf_priv.h"
#include "wire/shape.h"

int
rw_pdf_thousandths(const struct rw_face *face, int units)
{
	return (int)lroundf((float)units * 1000 / (float)face->upem);
}

bool
rw_pdf_glyphs_shape(struct rw_pdf_fonts *fonts, const char *text, bool bold,
	enum rw_pdf_order order, unsigned *width)
{
	static const enum rw_direction directions[] = {RW_DIRECTION_AUTO,
		RW_DIRECTION_LEFT, RW_DIRECTION_RIGHT};
	int sum = 0;
	size_t i;

	*width = 0;
	if (fonts->shared == NULL)
		return false;
	if (fonts->shape == NULL)
		fonts->shape = calloc(1, sizeof *fonts->shape);
	if (fonts->shape == NULL || !rw_shape_make(fonts->shape, fonts->shared,
	    text, bold, directions[order]))
		return false;
	for (i = 0; i < fonts->shape->count; i++)
		sum += rw_pdf_thousandths(fonts->shape->glyphs[i].face,
			fonts->shape->glyphs[i].advance);
	*width = sum > 0 ? (unsigned)sum : 0;
	return true;
}
