/*
 * What a corrected statement replaces, and what changed, on the first page below
 * the head: cells of a label and two values, in three columns.
 */
#include "statement/compare_words.h"
#include "statement/pdf_parts_priv.h"

enum { COLUMNS = 3, LINES = 8 };

static const float row = 11, gap = 18;

/* At most LINES of them. */
static size_t
count_lines(const struct rw_statement *s)
{
	size_t lines = (s->correction_count + COLUMNS - 1) / COLUMNS;

	return lines < LINES ? lines : LINES;
}

static float
column_width(const struct rw_sheet *sheet)
{
	return (sheet->right - sheet->left - (float)(COLUMNS - 1) * gap) /
		(float)COLUMNS;
}

static void
draw_cell(const struct rw_sheet *sheet, float x, float y, const char *label,
	const char *then, const char *now, const struct rw_pdf_style *style)
{
	float width = column_width(sheet);

	rw_draw_fitted(sheet, x, y, width * 0.36F, RW_PDF_LEFT,
		&rw_type_muted, label);
	rw_draw_fitted(sheet, x + width * 0.68F, y, width * 0.31F,
		RW_PDF_RIGHT, &rw_type_muted, then);
	rw_draw_fitted(sheet, x + width, y, width * 0.31F, RW_PDF_RIGHT,
		style, now);
}

static void
draw_correction(const struct rw_sheet *sheet, float x, float y,
	const struct rw_correction *correction)
{
	const struct rw_statement *s = sheet->statement;
	struct rw_buf label = {0}, then = {0}, now = {0};

	rw_correction_label(s, correction, &label);
	rw_correction_then(s, correction, &then);
	rw_correction_now(s, correction, &now);
	draw_cell(sheet, x, y, rw_buf_text(&label), rw_buf_text(&then),
		rw_buf_text(&now), &rw_type_strong);
	rw_buf_free(&label);
	rw_buf_free(&then);
	rw_buf_free(&now);
}

/* Down the columns; the last cell says how many have no place. */
static void
draw_cells(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	size_t i, lines = count_lines(s), n = s->correction_count;
	struct rw_buf more = {0};

	for (i = 0; i < n && i < COLUMNS * lines; i++) {
		float x = sheet->left + (float)(i / lines) *
			(column_width(sheet) + gap);
		float at = y + (float)(i % lines) * row;

		if (i == COLUMNS * lines - 1 && n > COLUMNS * lines) {
			rw_buf_addf(&more, "%zu more: %s", n - i,
				rw_word(RW_WORD_SEE_WORKBOOK));
			rw_draw_fitted(sheet, x, at, column_width(sheet),
				RW_PDF_LEFT, &rw_type_muted,
				rw_buf_text(&more));
		} else {
			draw_correction(sheet, x, at, &s->corrections[i]);
		}
	}
	rw_buf_free(&more);
}

/* Returns the y of its last line. A number with a long ID needs more than one:
 * a sentence that is cut would lose its date. */
static float
draw_sentence(const struct rw_sheet *sheet, float y)
{
	float width = sheet->right - sheet->left, last = y;
	struct rw_buf words = {0};

	rw_statement_replaces(sheet->statement, &words);
	if (rw_statement_has_same_figures(sheet->statement))
		rw_buf_addf(&words, " %s", rw_word(RW_WORD_SAME_FIGURES));
	if (rw_pdf_text_width(sheet->pdf, &rw_type_head,
	    rw_buf_text(&words)) <= width)
		rw_pdf_text(sheet->pdf, sheet->left, y, RW_PDF_LEFT,
			&rw_type_head, rw_buf_text(&words));
	else
		last = rw_draw_lines(sheet, y, width, 4, &rw_type_strong,
			rw_buf_text(&words));
	rw_buf_free(&words);
	return last;
}

float
rw_draw_corrections(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	size_t i;

	if (s->correction_count == 0)
		return y;
	y = draw_sentence(sheet, y + 8) - 8;
	rw_pdf_line(sheet->pdf, sheet->left, y + 13, sheet->right, y + 13,
		0.5F, RULE);
	y += 23;
	for (i = 0; i * count_lines(s) < s->correction_count && i < COLUMNS;
	    i++)
		draw_cell(sheet, sheet->left + (float)i *
			(column_width(sheet) + gap), y, "",
			rw_word(RW_WORD_BEFORE), rw_word(RW_WORD_NOW),
			&rw_type_muted);
	draw_cells(sheet, y + row);
	return y + row * (float)(count_lines(s) + 1) + 8;
}
