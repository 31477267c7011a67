/*
 * The month in three charts, called bands, over one time axis: cumulative P&L,
 * drawdown, daily P&L. Each day of the calendar has the same position in every
 * band, so that they can be compared.
 */
#include <stdio.h>

#include "statement/chart.h"
#include "statement/pdf_parts_priv.h"

struct band {
	const struct rw_sheet *sheet;
	struct rw_scale scale;
	float left, right, top, height;	/* of the plot */
	int month;			/* days in it */
};

static float
at_day(const struct band *band, int day)
{
	return band->left + (band->right - band->left) *
		((float)day - 0.5F) / (float)band->month;
}

static float
at_amount(const struct band *band, int64_t amount)
{
	return band->top + band->height *
		(1 - rw_scale_at(&band->scale, amount));
}

static void
draw_tick(const struct band *band, int64_t tick)
{
	float y = at_amount(band, tick);
	char label[RW_MONEY_SIZE];

	if (rw_statement_is_flat(band->sheet->statement))
		rw_money_grouped(label, tick, 0);
	else
		rw_scale_label(&band->scale, tick, label);
	rw_pdf_line(band->sheet->pdf, band->left, y, band->right, y, 0.4F,
		tick == 0 ? MUTED : FAINT);
	rw_pdf_text(band->sheet->pdf, band->left - 6, y + 2.2F, RW_PDF_RIGHT,
		&rw_type_axis, label);
}

/* Grid lines and their amounts; the zero line is darker. In a month of zeros
 * only the zero line is drawn. */
static void
draw_scale(const struct band *band)
{
	const struct rw_scale *scale = &band->scale;
	int64_t tick = scale->low;

	if (rw_statement_is_flat(band->sheet->statement)) {
		draw_tick(band, 0);
		return;
	}
	for (; tick < scale->high; tick += scale->step)
		draw_tick(band, tick);
	draw_tick(band, scale->high);
}

static void
draw_days_axis(const struct band *band)
{
	float y = band->top + band->height + 10;
	char label[16];
	int day;

	for (day = 1; day <= band->month; day++) {
		snprintf(label, sizeof label, "%d", day);
		rw_pdf_text(band->sheet->pdf, at_day(band, day), y,
			RW_PDF_CENTRE, &rw_type_axis, label);
	}
}

/* The line of a month of zeros is in the middle of the band. */
static void
set_scale(struct band *band, int64_t low, int64_t high, int steps)
{
	band->scale = rw_scale_make(low, high, steps);
	if (rw_statement_is_flat(band->sheet->statement))
		band->scale.low = -band->scale.high;
}

/* ---- the bands --------------------------------------------------------- */

/* A stepped line from the start of the month to its end, because the amount
 * does not change between two trading days. */
static size_t
trace_days(const struct band *band, struct rw_pdf_point *points, bool drawdown)
{
	const struct rw_statement *s = band->sheet->statement;
	float y = at_amount(band, 0);
	size_t i, n = 0;

	points[n++] = (struct rw_pdf_point){band->left, y};
	for (i = 0; i < s->in.count; i++) {
		float x = at_day(band, s->in.days[i].date.day);

		points[n++] = (struct rw_pdf_point){x, y};
		y = at_amount(band, drawdown ? s->in.days[i].drawdown :
			s->in.days[i].cumulative);
		points[n++] = (struct rw_pdf_point){x, y};
	}
	points[n++] = (struct rw_pdf_point){band->right, y};
	return n;
}

static void
draw_area(const struct band *band, bool drawdown, uint32_t fill, uint32_t line)
{
	struct rw_pdf_point points[2 * RW_STATEMENT_DAYS + 3];
	size_t n = trace_days(band, points, drawdown);

	points[n] = (struct rw_pdf_point){points[n - 1].x,
		at_amount(band, 0)};
	rw_pdf_polygon(band->sheet->pdf, points, n + 1, fill);
	rw_pdf_polyline(band->sheet->pdf, points, n, drawdown ? 0.8F : 1.5F,
		line);
}

static void
draw_cumulative(struct band *band)
{
	const struct rw_statement *s = band->sheet->statement;
	int64_t low = 0, high = 0;
	size_t i;

	for (i = 0; i < s->in.count; i++) {
		int64_t value = s->in.days[i].cumulative;

		low = value < low ? value : low;
		high = value > high ? value : high;
	}
	set_scale(band, low, high, 5);
	draw_area(band, false, SKY, NAVY);
	draw_scale(band);
	rw_pdf_dot(band->sheet->pdf, band->right, at_amount(band, s->total),
		2.2F, NAVY);
}

static void
draw_drawdown(struct band *band)
{
	const struct rw_statement *s = band->sheet->statement;
	int64_t deepest = s->figures[RW_MAX_DRAWDOWN].value;

	/* Two labels must not touch on a page that has much else. */
	band->scale = rw_scale_make(deepest, 0, band->height < 24 ? 2 : 3);
	if (deepest < 0) {
		draw_area(band, true, BLUSH, LOSS);
		draw_scale(band);
		return;
	}
	rw_pdf_line(band->sheet->pdf, band->left, band->top, band->right,
		band->top, 0.4F, MUTED);
	rw_pdf_text(band->sheet->pdf, (band->left + band->right) / 2,
		band->top + band->height / 2 + 3, RW_PDF_CENTRE,
		&rw_type_muted, rw_word(RW_WORD_NO_DRAWDOWN));
}

static void
draw_daily(struct band *band)
{
	const struct rw_statement *s = band->sheet->statement;
	float width = (band->right - band->left) / (float)band->month * 0.62F;
	size_t i;

	set_scale(band, s->figures[RW_WORST_DAY].value,
		s->figures[RW_BEST_DAY].value, 4);
	draw_scale(band);
	for (i = 0; i < s->in.count; i++) {
		const struct rw_statement_day *day = &s->in.days[i];
		float zero = at_amount(band, 0);
		float y = at_amount(band, day->pnl);
		float x = at_day(band, day->date.day) - width / 2;

		if (day->pnl > 0)
			rw_pdf_box(band->sheet->pdf, x, y, width, zero - y,
				RISE);
		else if (day->pnl < 0)
			rw_pdf_box(band->sheet->pdf, x, zero, width, y - zero,
				LOSS);
	}
}

/* ---- together ---------------------------------------------------------- */

/* The width of the widest label that any of the scales can have. */
static float
label_width(const struct rw_sheet *sheet)
{
	const struct rw_statement *s = sheet->statement;
	int64_t widest[] = {s->total, s->figures[RW_MAX_DRAWDOWN].value,
		s->figures[RW_WORST_DAY].value, s->figures[RW_BEST_DAY].value};
	float width = 24;
	size_t i;

	for (i = 0; i < sizeof widest / sizeof *widest; i++) {
		char label[RW_MONEY_SIZE];
		struct rw_scale scale = rw_scale_make(widest[i], widest[i], 4);
		float w;

		rw_scale_label(&scale, widest[i] < 0 ? scale.low : scale.high,
			label);
		w = rw_pdf_text_width(sheet->pdf, &rw_type_axis, label);
		width = w > width ? w : width;
	}
	return width + 8;
}

float
rw_draw_charts(const struct rw_sheet *sheet, float y, float height)
{
	static const float heading = 22, axis = 18, between = 14;
	const struct rw_statement *s = sheet->statement;
	float plots = height - 3 * heading - 2 * axis - 2 * between + 8;
	struct band band = {.sheet = sheet, .right = sheet->right,
		.left = sheet->left + label_width(sheet),
		.month = rw_period_days(s->in.period)};
	static const struct {
		enum rw_word title;
		float share;
		void (*draw)(struct band *);
		void (*add_note)(const struct rw_statement *, struct rw_buf *);
		bool axis;
	} bands[] = {
		{RW_WORD_CUMULATIVE_PNL, 0.5F, draw_cumulative,
			rw_statement_cumulative_note, false},
		{RW_WORD_DRAWDOWN, 0.14F, draw_drawdown,
			rw_statement_drawdown_note, true},
		{RW_WORD_DAILY_PNL, 0.36F, draw_daily,
			rw_statement_daily_note, true},
	};
	struct rw_buf note = {0};
	size_t i;

	for (i = 0; i < sizeof bands / sizeof *bands; i++) {
		rw_buf_reset(&note);
		bands[i].add_note(s, &note);
		y = rw_draw_heading(sheet, y, sheet->left, sheet->right,
			rw_word(bands[i].title), rw_buf_text(&note)) +
			heading - 13;
		band.top = y;
		band.height = plots * bands[i].share;
		bands[i].draw(&band);
		y += band.height + between;
		if (bands[i].axis) {
			draw_days_axis(&band);
			y += axis - 4;
		}
	}
	rw_buf_free(&note);
	return y;
}
