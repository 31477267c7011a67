/*
 * The twelve months that end with the statement's: a bar and the figures of
 * each, and the sums of the year and of all months.
 */
#include "statement/chart.h"
#include "statement/compare_words.h"
#include "statement/pdf_parts_priv.h"

static const float plot_height = 44, row = 11, label_width = 52;

enum { ROWS = 3 };	/* below the names: P&L, commission, return */

float
rw_year_height(const struct rw_sheet *sheet)
{
	return sheet->statement->year.known ? 13 + 8 + plot_height + 12 +
		(float)ROWS * row + 6 + 2 * 12 : 0;
}

static float
column_width(const struct rw_sheet *sheet)
{
	return (sheet->right - sheet->left - label_width) /
		(float)RW_YEAR_MONTHS;
}

static float
centre_of(const struct rw_sheet *sheet, int i)
{
	return sheet->left + label_width + column_width(sheet) *
		((float)i + 0.5F);
}

/* ---- bars --------------------------------------------------------------- */

static struct rw_scale
find_scale(const struct rw_year *year)
{
	int64_t low = 0, high = 0;
	int i;

	for (i = 0; i < RW_YEAR_MONTHS; i++) {
		if (year->months[i].pnl < low)
			low = year->months[i].pnl;
		if (year->months[i].pnl > high)
			high = year->months[i].pnl;
	}
	return rw_scale_make(low, high, 4);
}

static void
draw_bars(const struct rw_sheet *sheet, float y)
{
	const struct rw_year *year = &sheet->statement->year;
	struct rw_scale scale = find_scale(year);
	float zero = y + plot_height * (1 - rw_scale_at(&scale, 0));
	float width = column_width(sheet) * 0.56F, end;
	int i;

	for (i = 0; i < RW_YEAR_MONTHS; i++) {
		if (!year->months[i].known || year->months[i].pnl == 0)
			continue;
		end = y + plot_height * (1 - rw_scale_at(&scale,
			year->months[i].pnl));
		rw_pdf_box(sheet->pdf, centre_of(sheet, i) - width / 2,
			end < zero ? end : zero, width, end < zero ?
			zero - end : end - zero, year->months[i].pnl > 0 ?
			RISE : LOSS);
	}
	rw_pdf_line(sheet->pdf, sheet->left + label_width, zero, sheet->right,
		zero, 0.5F, MUTED);
}

/* ---- figures -------------------------------------------------------------- */

static void
draw_label(const struct rw_sheet *sheet, float y, enum rw_word word)
{
	rw_pdf_text(sheet->pdf, sheet->left, y, RW_PDF_LEFT, &rw_type_axis,
		rw_word(word));
}

static void
draw_figure(const struct rw_sheet *sheet, int i, float y,
	const struct rw_pdf_style *style, const char *text)
{
	rw_draw_fitted(sheet, centre_of(sheet, i), y, column_width(sheet) - 3,
		RW_PDF_CENTRE, style, text);
}

static void
draw_month(const struct rw_sheet *sheet, int i, float y)
{
	const struct rw_statement *s = sheet->statement;
	const struct rw_year_month *month = &s->year.months[i];
	struct rw_pdf_style pnl = rw_inked(&rw_type_axis, month->pnl < 0 ?
		LOSS : month->pnl > 0 ? GAIN : INK);
	struct rw_buf words = {0};
	char text[RW_MONEY_SIZE];

	rw_month_short(month->period, &words);
	draw_figure(sheet, i, y, i == RW_YEAR_MONTHS - 1 ? &rw_type_term :
		&rw_type_axis, rw_buf_text(&words));
	rw_buf_reset(&words);
	if (!month->known) {
		draw_figure(sheet, i, y + row, &rw_type_axis, "\xe2\x80\x93");
		rw_buf_free(&words);
		return;
	}
	rw_money_grouped(text, month->pnl, s->minor);
	draw_figure(sheet, i, y + row, &pnl, text);
	rw_money_grouped(text, month->commission, s->minor);
	draw_figure(sheet, i, y + 2 * row, &rw_type_axis, text);
	if (month->has_return)
		rw_year_return(month, &words);
	draw_figure(sheet, i, y + 3 * row, &rw_type_axis,
		rw_buf_text(&words));
	rw_buf_free(&words);
}

static void
draw_sum(const struct rw_sheet *sheet, float y, enum rw_word label,
	const struct rw_earlier_sum *sum)
{
	struct rw_buf words = {0};

	rw_statement_sum_words(sheet->statement, sum, &words);
	rw_pdf_text(sheet->pdf, sheet->left, y, RW_PDF_LEFT, &rw_type_muted,
		rw_word(label));
	rw_draw_fitted(sheet, sheet->right, y, sheet->right - sheet->left -
		90, RW_PDF_RIGHT, &rw_type_body, rw_buf_text(&words));
	rw_buf_free(&words);
}

float
rw_draw_year(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	float bottom = y + rw_year_height(sheet);
	int i;

	if (!s->year.known)
		return y;
	y = rw_draw_heading(sheet, y, sheet->left, sheet->right,
		rw_word(RW_WORD_TWELVE_MONTHS), s->in.currency) + 8;
	draw_bars(sheet, y);
	y += plot_height + 12;
	for (i = 0; i < RW_YEAR_MONTHS; i++)
		draw_month(sheet, i, y);
	draw_label(sheet, y + row, RW_WORD_PNL);
	draw_label(sheet, y + 2 * row, RW_WORD_COMMISSION);
	draw_label(sheet, y + 3 * row, RW_WORD_RETURN);
	y += (float)ROWS * row + 6;
	rw_pdf_line(sheet->pdf, sheet->left, y, sheet->right, y, 0.4F, FAINT);
	draw_sum(sheet, y + 11, RW_WORD_YEAR_TO_DATE, &s->year.this_year);
	draw_sum(sheet, y + 23, RW_WORD_SINCE_START, &s->year.all);
	return bottom;
}
