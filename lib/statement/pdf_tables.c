/*
 * The content of the second page: every day, the statistics, the definitions.
 */

#include "statement/pdf_parts_priv.h"

static const float row = 13.5F;

/* ---- every day --------------------------------------------------------- */

static const float table_width = 318;

static void
draw_cell(const struct rw_sheet *sheet, int column, float y,
	const struct rw_pdf_style *style, int64_t amount)
{
	static const float edges[] = {152, 236, 318};
	char text[RW_MONEY_SIZE];

	rw_money_grouped(text, amount, sheet->statement->digits);
	rw_draw_fitted(sheet, sheet->left + edges[column], y, 78,
		RW_PDF_RIGHT, style, text);
}

static float
draw_day(const struct rw_sheet *sheet, float y,
	const struct rw_statement_day *day)
{
	struct rw_pdf_style pnl = rw_inked(&rw_type_body,
		day->pnl < 0 ? LOSS : day->pnl > 0 ? GAIN : INK);
	char date[RW_DATE_SIZE];

	rw_date_text(date, day->date);
	rw_pdf_text(sheet->pdf, sheet->left, y + 9.5F, RW_PDF_LEFT,
		&rw_type_body, date);
	rw_pdf_text(sheet->pdf, sheet->left + 50, y + 9.5F, RW_PDF_LEFT,
		&rw_type_muted, rw_word(RW_WORD_SUNDAY +
		(unsigned)rw_date_weekday(day->date)));
	draw_cell(sheet, 0, y + 9.5F, &pnl, day->pnl);
	draw_cell(sheet, 1, y + 9.5F, &rw_type_body, day->cumulative);
	draw_cell(sheet, 2, y + 9.5F, &rw_type_body, day->drawdown);
	rw_pdf_line(sheet->pdf, sheet->left, y + row, sheet->left +
		table_width, y + row, 0.4F, FAINT);
	return y + row;
}

static float
draw_column_heads(const struct rw_sheet *sheet, float y)
{
	static const struct {
		enum rw_word name;
		float x;
		enum rw_pdf_align align;
	} heads[] = {
		{RW_WORD_DATE, 0, RW_PDF_LEFT},
		{RW_WORD_PNL, 152, RW_PDF_RIGHT},
		{RW_WORD_CUMULATIVE, 236, RW_PDF_RIGHT},
		{RW_WORD_DRAWDOWN, 318, RW_PDF_RIGHT}};
	size_t i;

	for (i = 0; i < sizeof heads / sizeof *heads; i++)
		rw_pdf_text(sheet->pdf, sheet->left + heads[i].x, y + 11,
			heads[i].align, &rw_type_axis,
			rw_word(heads[i].name));
	rw_pdf_line(sheet->pdf, sheet->left, y + 16, sheet->left +
		table_width, y + 16, 0.5F, RULE);
	return y + 16;
}

static float
draw_total(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;

	rw_pdf_line(sheet->pdf, sheet->left, y, sheet->left + table_width, y,
		0.8F, NAVY);
	rw_pdf_text(sheet->pdf, sheet->left, y + 11, RW_PDF_LEFT,
		&rw_type_strong, rw_word(RW_WORD_MONTH));
	draw_cell(sheet, 0, y + 11, &rw_type_strong, s->total);
	draw_cell(sheet, 1, y + 11, &rw_type_strong, s->total);
	draw_cell(sheet, 2, y + 11, &rw_type_strong,
		s->figures[RW_MAX_DRAWDOWN].value);
	return y + 16;
}

/* ---- statistics -------------------------------------------------------- */

static float
draw_statistics(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	float left = sheet->left + table_width + 30;
	float width = sheet->right - left;
	struct rw_buf buf = {0};
	int i;

	y = rw_draw_heading(sheet, y, left, sheet->right,
		rw_word(RW_WORD_STATISTICS), NULL) + 3;
	for (i = 0; i < RW_FIGURES; i++) {
		const struct rw_figure *figure = &s->figures[i];
		float label = rw_pdf_text_width(sheet->pdf, &rw_type_muted,
			figure->label);

		if (i >= RW_OPENING_BALANCE && !s->in.fee.has_opening)
			break;
		rw_buf_reset(&buf);
		rw_figure_text(s, figure, &buf);
		rw_pdf_text(sheet->pdf, left, y + 9.5F, RW_PDF_LEFT,
			&rw_type_muted, figure->label);
		rw_draw_fitted(sheet, sheet->right, y + 9.5F, width - label -
			6, RW_PDF_RIGHT, &rw_type_body, rw_buf_text(&buf));
		rw_pdf_line(sheet->pdf, left, y + row, sheet->right, y + row,
			0.4F, FAINT);
		y += row;
	}
	rw_buf_free(&buf);
	return y;
}

float
rw_draw_days(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	float statistics = draw_statistics(sheet, y);
	size_t i;

	y = rw_draw_heading(sheet, y, sheet->left, sheet->left + table_width,
		rw_word(RW_WORD_DAILY_RESULTS), s->in.currency);
	y = draw_column_heads(sheet, y);
	for (i = 0; i < s->in.count; i++)
		y = draw_day(sheet, y, &s->in.days[i]);
	y = draw_total(sheet, y);
	return y > statistics ? y : statistics;
}

float
rw_days_height(const struct rw_sheet *sheet)
{
	const struct rw_statement *s = sheet->statement;
	float days = 13 + 16 + row * (float)s->in.count + 16;
	float statistics = 13 + 3 + row * (float)(s->in.fee.has_opening ?
		RW_FIGURES : RW_OPENING_BALANCE);

	return days > statistics ? days : statistics;
}

/* ---- definitions ------------------------------------------------------- */

static float
draw_definition(const struct rw_sheet *sheet, float x, float y, float width,
	const struct rw_definition *definition, bool draw)
{
	if (draw)
		rw_pdf_text(sheet->pdf, x, y, RW_PDF_LEFT, &rw_type_term,
			definition->term);
	return rw_pdf_paragraph(sheet->pdf, x + 64, y, width - 64, 9.5F,
		&rw_type_small, definition->meaning, draw) + 2.5F;
}

/* In two columns. The first column ends when it contains half of the lines. */
static float
lay_definitions(const struct rw_sheet *sheet, float y, bool draw)
{
	const struct rw_statement *s = sheet->statement;
	float width = (sheet->right - sheet->left - 24) / 2;
	float x = sheet->left, line, half = 0, lowest = 0;
	struct rw_definition definition;
	size_t i;

	if (draw)
		rw_draw_heading(sheet, y, sheet->left, sheet->right,
			rw_word(RW_WORD_DEFINITIONS), NULL);
	y += 26;
	for (i = 0; rw_statement_definition(s, i, &definition); i++)
		half = draw_definition(sheet, 0, half, width, &definition,
			false);
	half /= 2;
	for (i = 0, line = y; rw_statement_definition(s, i, &definition);
	    i++) {
		if (x == sheet->left && line - y >= half) {
			x = sheet->left + width + 24;
			line = y;
		}
		line = draw_definition(sheet, x, line, width, &definition,
			draw);
		lowest = line > lowest ? line : lowest;
	}
	return lowest;
}

float
rw_draw_definitions(const struct rw_sheet *sheet, float y)
{
	return lay_definitions(sheet, y, true);
}

float
rw_definitions_height(const struct rw_sheet *sheet)
{
	return lay_definitions(sheet, 0, false);
}
