/*
 * How a commission is transferred: in words, with the payee's account, and as a
 * code to scan.
 */
#include "statement/payment.h"
#include "statement/pdf_parts_priv.h"
#include "wire/qr.h"

/* A code of 25 mm has modules of half a millimetre, which every telephone
 * reads from paper and from a screen. */
static const float padding = 14, code_edge = 71, leading = 11;

/* ---- the code ------------------------------------------------------------ */

float
rw_code_width(const struct rw_sheet *sheet)
{
	struct rw_buf text = {0};
	bool has = rw_payment_code(sheet->statement, &text);

	rw_buf_free(&text);
	return has ? code_edge + 22 : 0;
}

/* White below the code and its quiet zone, whatever is around them. */
void
rw_draw_code(const struct rw_sheet *sheet, float y)
{
	struct rw_buf text = {0};
	struct rw_qr qr = {0};
	float quiet, x = sheet->right - padding - code_edge;

	if (rw_payment_code(sheet->statement, &text) &&
	    rw_qr_encode(&qr, rw_buf_text(&text), text.len, NULL)) {
		quiet = code_edge * (float)RW_QR_QUIET / (float)qr.side;
		rw_pdf_box(sheet->pdf, x - quiet, y - quiet, code_edge +
			2 * quiet, code_edge + 2 * quiet, WHITE);
		rw_pdf_grid(sheet->pdf, x, y, code_edge, qr.modules, qr.side,
			INK);
	}
	rw_qr_free(&qr);
	rw_buf_free(&text);
}

/* ---- the words ----------------------------------------------------------- */

static float
draw_words(const struct rw_sheet *sheet, float y, bool draw)
{
	float left = sheet->left + padding;
	struct rw_buf words = {0};

	rw_payment_words(sheet->statement, &words);
	y = rw_pdf_paragraph(sheet->pdf, left, y, sheet->right - padding - left,
		leading, &rw_type_strong, rw_buf_text(&words), draw);
	rw_buf_free(&words);
	return y;
}

/* A label and its text; returns the x behind them. */
static float
draw_pair(const struct rw_sheet *sheet, float x, float y, enum rw_word label,
	const char *text)
{
	const char *name = rw_word(label);

	rw_pdf_text(sheet->pdf, x, y, RW_PDF_LEFT, &rw_type_muted, name);
	x += rw_pdf_text_width(sheet->pdf, &rw_type_muted, name) + 8;
	rw_pdf_text(sheet->pdf, x, y, RW_PDF_LEFT, &rw_type_body, text);
	return x + rw_pdf_text_width(sheet->pdf, &rw_type_body, text) + 20;
}

static void
draw_account(const struct rw_sheet *sheet, float y)
{
	const struct rw_payee *payee = sheet->statement->in.payee;
	char iban[RW_IBAN_GROUPED_SIZE];
	float x;

	rw_iban_grouped(iban, payee->iban);
	x = draw_pair(sheet, sheet->left + padding, y, RW_WORD_IBAN, iban);
	if (payee->bic[0] != '\0')
		draw_pair(sheet, x, y, RW_WORD_BIC, payee->bic);
	if (rw_code_width(sheet) > 0)
		rw_pdf_text(sheet->pdf, sheet->right - padding, y,
			RW_PDF_RIGHT, &rw_type_axis, rw_word(RW_WORD_SCAN));
}

float
rw_payment_height(const struct rw_sheet *sheet)
{
	if (rw_payment_of(sheet->statement) != RW_PAYMENT_TRANSFER)
		return 0;
	return draw_words(sheet, 16, false) + 4 + 12;
}

float
rw_draw_payment(const struct rw_sheet *sheet, float y)
{
	if (rw_payment_of(sheet->statement) != RW_PAYMENT_TRANSFER)
		return y;
	rw_pdf_line(sheet->pdf, sheet->left + padding, y, sheet->right -
		padding, y, 0.5F, RULE);
	draw_account(sheet, draw_words(sheet, y + 16, true) + 4);
	return y + rw_payment_height(sheet);
}
