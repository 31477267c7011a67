/*
 * The commission box: the amount, its computation, and how to pay it.
 */
#include <stdio.h>

#include "statement/pdf_parts_priv.h"

static const float row = 14.6F, fact_width = 170;

struct fact {
	enum rw_word label;
	char text[256];
};

static void
add_fact(struct fact *facts, size_t *count, enum rw_word label,
	const struct rw_buf *text)
{
	facts[*count].label = label;
	snprintf(facts[*count].text, sizeof facts[*count].text, "%s",
		rw_buf_text(text));
	(*count)++;
}

static void
add_money(const struct rw_statement *s, struct fact *facts, size_t *count,
	enum rw_word label, int64_t amount)
{
	struct rw_buf buf = {0};

	rw_statement_money(s, amount, s->digits, &buf);
	add_fact(facts, count, label, &buf);
	rw_buf_free(&buf);
}

enum { FACTS_MAX = 12 };

/* The terms of the computation, one on each line. */
static size_t
list_commission(const struct rw_statement *s, struct fact facts[FACTS_MAX])
{
	char iban[RW_IBAN_GROUPED_SIZE];
	struct rw_buf buf = {0};
	size_t n = 0;

	if (s->in.fee.model == RW_FEE_HWM) {
		add_money(s, facts, &n, RW_WORD_MARK_BEFORE,
			s->in.fee.mark);
		add_money(s, facts, &n, RW_WORD_CLOSING_BALANCE,
			s->fee.closing);
	}
	add_money(s, facts, &n, RW_WORD_BASE, s->fee.base);
	rw_percent_text(&buf, s->in.fee.rate);
	add_fact(facts, &n, RW_WORD_RATE, &buf);
	rw_buf_reset(&buf);
	rw_statement_unrounded(s, &buf);
	add_fact(facts, &n, RW_WORD_UNROUNDED, &buf);
	rw_buf_reset(&buf);
	rw_statement_rounding(s, &buf);
	add_fact(facts, &n, RW_WORD_ROUNDING, &buf);
	if (s->in.fee.model == RW_FEE_HWM)
		add_money(s, facts, &n, RW_WORD_MARK_AFTER,
			s->fee.mark_after);
	rw_buf_reset(&buf);
	rw_iban_grouped(iban, s->in.iban);
	rw_buf_adds(&buf, iban[0] != '\0' ? iban :
		rw_word(RW_WORD_NO_IBAN));
	add_fact(facts, &n, RW_WORD_IBAN, &buf);
	rw_buf_reset(&buf);
	rw_statement_reference(s, &buf);
	add_fact(facts, &n, RW_WORD_REFERENCE, &buf);
	rw_buf_free(&buf);
	return n;
}

/* A reference that is too long for one line continues below, because a payer
 * must be able to copy all of it. */
static bool
is_long(const struct rw_sheet *sheet)
{
	struct rw_buf buf = {0};
	bool is;

	rw_statement_reference(sheet->statement, &buf);
	is = rw_pdf_text_width(sheet->pdf, &rw_type_body, rw_buf_text(&buf)) >
		1.25F * fact_width;
	rw_buf_free(&buf);
	return is;
}

float
rw_commission_height(const struct rw_sheet *sheet)
{
	return (sheet->statement->in.fee.model == RW_FEE_HWM ? 152.0F : 108.0F) +
		(is_long(sheet) ? 24.0F : 0.0F);
}

static void
draw_amount_due(const struct rw_sheet *sheet, float x, float y, float width)
{
	static const struct rw_pdf_style amount = {
		.size = 20, .bold = true, .ink = NAVY};
	const struct rw_statement *s = sheet->statement;
	struct rw_buf buf = {0};

	rw_pdf_text(sheet->pdf, x, y + 18, RW_PDF_LEFT, &rw_type_label,
		rw_word(RW_WORD_COMMISSION_DUE_CAPS));
	rw_statement_money(s, s->fee.amount, s->minor, &buf);
	rw_draw_fitted(sheet, x, y + 41, width, RW_PDF_LEFT, &amount,
		rw_buf_text(&buf));
	rw_buf_reset(&buf);
	rw_statement_why(s, &buf);
	rw_pdf_paragraph(sheet->pdf, x, y + 60, width, 11, &rw_type_muted,
		rw_buf_text(&buf), true);
	rw_buf_free(&buf);
}

float
rw_draw_commission(const struct rw_sheet *sheet, float y)
{
	float height = rw_commission_height(sheet);
	float left = sheet->left + 14, right = sheet->right - 14;
	float middle = sheet->left + 205, line;
	struct fact facts[FACTS_MAX];
	size_t i, n = list_commission(sheet->statement, facts);

	rw_pdf_frame(sheet->pdf, sheet->left, y, sheet->right - sheet->left,
		height, 0.8F, NAVY);
	draw_amount_due(sheet, left, y, middle - left - 20);
	rw_pdf_line(sheet->pdf, middle, y + 12, middle, y + height - 12, 0.5F,
		RULE);
	for (i = 0, line = y + 21; i < n; i++, line += row) {
		rw_pdf_text(sheet->pdf, middle + 16, line, RW_PDF_LEFT,
			&rw_type_muted, rw_word(facts[i].label));
		if (i + 1 == n && is_long(sheet))
			rw_pdf_paragraph(sheet->pdf, middle + 16, line + 10,
				right - middle - 16, 8, &rw_type_small,
				facts[i].text, true);
		else
			rw_draw_fitted(sheet, right, line, fact_width,
				RW_PDF_RIGHT, &rw_type_body, facts[i].text);
	}
	return y + height;
}
