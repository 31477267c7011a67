/*
 * The commission box: the amount, its computation, the account on file, and
 * below them how to pay the amount.
 */
#include <stdio.h>

#include "statement/payment.h"
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
		rw_word(RW_WORD_NO_ACCOUNT));
	add_fact(facts, &n, RW_WORD_ACCOUNT, &buf);
	rw_buf_free(&buf);
	return n;
}

/* Of the amount and its computation. */
static float
amount_height(const struct rw_sheet *sheet)
{
	return sheet->statement->in.fee.model == RW_FEE_HWM ? 138.0F : 94.0F;
}

float
rw_commission_height(const struct rw_sheet *sheet)
{
	return amount_height(sheet) + rw_payment_height(sheet);
}

static void
draw_amount_due(const struct rw_sheet *sheet, float x, float y, float width)
{
	static const struct rw_pdf_style amount = {
		.size = 20, .bold = true, .ink = NAVY};
	const struct rw_statement *s = sheet->statement;
	struct rw_buf buf = {0};
	enum rw_payment payment = rw_payment_of(s);

	rw_pdf_text(sheet->pdf, x, y + 18, RW_PDF_LEFT, &rw_type_label,
		rw_word(RW_WORD_COMMISSION_DUE_CAPS));
	rw_statement_money(s, s->fee.amount, s->minor, &buf);
	rw_draw_fitted(sheet, x, y + 41, width, RW_PDF_LEFT, &amount,
		rw_buf_text(&buf));
	y += 60;
	rw_buf_reset(&buf);
	if (payment == RW_PAYMENT_DEBIT || payment == RW_PAYMENT_PAID) {
		rw_payment_words(s, &buf);
		y = rw_pdf_paragraph(sheet->pdf, x, y, width, 11,
			&rw_type_strong, rw_buf_text(&buf), true) + 3;
	}
	rw_buf_reset(&buf);
	rw_statement_why(s, &buf);
	rw_pdf_paragraph(sheet->pdf, x, y, width, 11, &rw_type_muted,
		rw_buf_text(&buf), true);
	rw_buf_free(&buf);
}

static void
draw_facts(const struct rw_sheet *sheet, float left, float right, float y)
{
	struct fact facts[FACTS_MAX];
	size_t i, n = list_commission(sheet->statement, facts);

	for (i = 0; i < n; i++, y += row) {
		const char *label = rw_word(facts[i].label);
		float room = right - left - 8 - rw_pdf_text_width(sheet->pdf,
			&rw_type_muted, label);

		rw_pdf_text(sheet->pdf, left, y, RW_PDF_LEFT, &rw_type_muted,
			label);
		rw_draw_fitted(sheet, right, y, room < fact_width ? room :
			fact_width, RW_PDF_RIGHT, &rw_type_body,
			facts[i].text);
	}
}

float
rw_draw_commission(const struct rw_sheet *sheet, float y)
{
	float height = amount_height(sheet), code = rw_code_width(sheet);
	float left = sheet->left + 14, right = sheet->right - 14 - code;
	float middle = sheet->left + (code > 0 ? 170 : 205);

	rw_pdf_frame(sheet->pdf, sheet->left, y, sheet->right - sheet->left,
		rw_commission_height(sheet), 0.8F, NAVY);
	draw_amount_due(sheet, left, y, middle - left - 20);
	rw_pdf_line(sheet->pdf, middle, y + 12, middle, y + height - 12, 0.5F,
		RULE);
	draw_facts(sheet, middle + 16, right, y + 21);
	rw_draw_code(sheet, y + 12);
	return rw_draw_payment(sheet, y + height);
}
