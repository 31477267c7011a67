/*
 * Draws on a page: writes lines, shapes and images as content operators
 * (ISO 32000-1, annex A).
 */
#include <hpdf.h>
#include <math.h>
#include <string.h>

#include "wire/pdf_priv.h"

/* ---- operators --------------------------------------------------------- */

/* A number with up to two decimals: a hundredth of a point is finer than any
 * printer. */
void
rw_pdf_add_number(struct rw_pdf *pdf, float number)
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

void
rw_pdf_add_point(struct rw_pdf *pdf, float x, float y)
{
	rw_pdf_add_number(pdf, x);
	rw_pdf_add_number(pdf, pdf->options.height - y);
}

static void
add_operator(struct rw_pdf *pdf, const char *operator)
{
	rw_buf_adds(&pdf->content, operator);
}

static void
add_ink(struct rw_pdf *pdf, uint32_t ink, const char *operator)
{
	rw_pdf_add_number(pdf, (float)(ink >> 16 & 255) / 255);
	rw_pdf_add_number(pdf, (float)(ink >> 8 & 255) / 255);
	rw_pdf_add_number(pdf, (float)(ink & 255) / 255);
	add_operator(pdf, operator);
}

void
rw_pdf_set_fill(struct rw_pdf *pdf, uint32_t ink)
{
	if (pdf->fill != ink)
		add_ink(pdf, ink, "rg\n");
	pdf->fill = ink;
}

static void
set_stroke(struct rw_pdf *pdf, float thickness, uint32_t ink)
{
	if (pdf->thickness != thickness) {
		rw_pdf_add_number(pdf, thickness);
		add_operator(pdf, "w\n");
	}
	if (pdf->stroke != ink)
		add_ink(pdf, ink, "RG\n");
	pdf->thickness = thickness;
	pdf->stroke = ink;
}

/* ---- shapes ------------------------------------------------------------ */

static void
add_path(struct rw_pdf *pdf, const struct rw_pdf_point *points, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		rw_pdf_add_point(pdf, points[i].x, points[i].y);
		add_operator(pdf, i == 0 ? "m\n" : "l\n");
	}
}

static void
add_rectangle(struct rw_pdf *pdf, float x, float y, float width, float height)
{
	rw_pdf_add_point(pdf, x, y + height);
	rw_pdf_add_number(pdf, width);
	rw_pdf_add_number(pdf, height);
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
	rw_pdf_set_fill(pdf, ink);
	add_path(pdf, points, count);
	add_operator(pdf, "f\n");
}

void
rw_pdf_box(struct rw_pdf *pdf, float x, float y, float width, float height,
	uint32_t ink)
{
	rw_pdf_set_fill(pdf, ink);
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

/* A rectangle for each run of dark cells in a row. */
void
rw_pdf_grid(struct rw_pdf *pdf, float x, float y, float edge,
	const unsigned char *cells, size_t side, uint32_t ink)
{
	float cell = edge / (float)side;
	size_t row, i, end;

	rw_pdf_set_fill(pdf, ink);
	for (row = 0; row < side; row++, cells += side)
		for (i = 0; i < side; i = end) {
			for (end = i + 1; end < side &&
			    (cells[end] != 0) == (cells[i] != 0); end++)
				;
			if (cells[i] != 0)
				add_rectangle(pdf, x + (float)i * cell,
					y + (float)row * cell,
					(float)(end - i) * cell, cell);
		}
	add_operator(pdf, "f\n");
}

/* A line of no length with round ends is a dot. */
void
rw_pdf_dot(struct rw_pdf *pdf, float x, float y, float radius, uint32_t ink)
{
	add_operator(pdf, "1 J\n");
	rw_pdf_line(pdf, x, y, x, y, 2 * radius, ink);
	add_operator(pdf, "0 J\n");
}
