/*
 * The most important figures: five in one row, or eight in two rows when the
 * balance is known.
 */
#include <stdio.h>

#include "statement/payment.h"
#include "statement/pdf_parts_priv.h"

static const struct rw_pdf_style type_tile = {
	.size = 13, .bold = true, .ink = INK};
static const float gap = 8, tile_height = 56;

enum { TILES_MAX = 8 };

struct tile {
	enum rw_word label;
	char text[RW_MONEY_SIZE + 8];
	char note[64];
	uint32_t ink;
};

static uint32_t
sign_ink(int64_t amount)
{
	return amount > 0 ? GAIN : amount < 0 ? LOSS : INK;
}

/* Copies and frees. */
static void
set_text(char *to, size_t size, struct rw_buf *text)
{
	snprintf(to, size, "%s", rw_buf_text(text));
	rw_buf_free(text);
}

static void
set_money(struct tile *tile, const struct rw_statement *s, int64_t amount,
	int digits, bool sign)
{
	char text[RW_MONEY_SIZE];

	rw_money_grouped(text, amount, digits);
	snprintf(tile->text, sizeof tile->text, "%s%s", sign && amount > 0 ?
		"+" : "", text);
	snprintf(tile->note, sizeof tile->note, "%s", s->in.currency);
	tile->ink = sign ? sign_ink(amount) : INK;
}

static void
set_day(struct tile *tile, const struct rw_statement *s,
	enum rw_figure_name name)
{
	const struct rw_figure *figure = &s->figures[name];
	struct rw_buf note = {0};

	if (!figure->known) {
		snprintf(tile->text, sizeof tile->text, "%s",
			rw_word(RW_WORD_NOT_AVAILABLE));
		return;
	}
	set_money(tile, s, figure->value, s->digits, true);
	rw_statement_day_note(s, figure, &note);
	set_text(tile->note, sizeof tile->note, &note);
}

static void
set_wins(struct tile *tile, const struct rw_statement *s)
{
	const struct rw_figure *share = &s->figures[RW_WINNING_SHARE];
	struct rw_buf text = {0}, note = {0};

	rw_statement_wins(s, &text);
	set_text(tile->text, sizeof tile->text, &text);
	if (share->known)
		rw_figure_text(s, share, &note);
	else
		rw_buf_adds(&note, rw_word(RW_WORD_NO_DAY_NOTE));
	set_text(tile->note, sizeof tile->note, &note);
}

static void
set_return(struct tile *tile, const struct rw_statement *s)
{
	const struct rw_figure *figure = &s->figures[RW_RETURN];
	struct rw_buf text = {0};

	if (figure->known && figure->value > 0)
		rw_buf_addc(&text, '+');
	rw_figure_text(s, figure, &text);
	set_text(tile->text, sizeof tile->text, &text);
	tile->ink = figure->known ? sign_ink(figure->value) : INK;
	snprintf(tile->note, sizeof tile->note, "%s",
		rw_word(RW_WORD_RETURN_NOTE));
}

static void
set_commission(struct tile *tile, const struct rw_statement *s)
{
	struct rw_buf note = {0};

	set_money(tile, s, s->fee.amount, s->minor, false);
	if (rw_payment_of(s) != RW_PAYMENT_PAID)
		return;
	rw_payment_paid_note(s, &note);
	set_text(tile->note, sizeof tile->note, &note);
}

static void
set_tile(struct tile *tile, const struct rw_statement *s, enum rw_word label)
{
	*tile = (struct tile){.label = label, .ink = INK};
	if (label == RW_WORD_NET_PNL_CAPS)
		set_money(tile, s, s->total, s->digits, true);
	else if (label == RW_WORD_COMMISSION_DUE_CAPS)
		set_commission(tile, s);
	else if (label == RW_WORD_CLOSING_BALANCE_CAPS)
		set_money(tile, s, s->figures[RW_CLOSING_BALANCE].value,
			s->digits, false);
	else if (label == RW_WORD_RETURN_CAPS)
		set_return(tile, s);
	else if (label == RW_WORD_WINNING_DAYS_CAPS)
		set_wins(tile, s);
	else if (label == RW_WORD_BEST_DAY_CAPS)
		set_day(tile, s, RW_BEST_DAY);
	else if (label == RW_WORD_WORST_DAY_CAPS)
		set_day(tile, s, RW_WORST_DAY);
	else
		set_day(tile, s, RW_MAX_DRAWDOWN);
}

/* Returns the number of tiles in a row. */
static int
fill_tiles(const struct rw_statement *s, struct tile tiles[TILES_MAX],
	int *count)
{
	static const enum rw_word five[] = {RW_WORD_NET_PNL_CAPS,
		RW_WORD_COMMISSION_DUE_CAPS, RW_WORD_WINNING_DAYS_CAPS,
		RW_WORD_BEST_DAY_CAPS, RW_WORD_MAX_DRAWDOWN_CAPS};
	static const enum rw_word eight[TILES_MAX] = {RW_WORD_NET_PNL_CAPS,
		RW_WORD_RETURN_CAPS, RW_WORD_CLOSING_BALANCE_CAPS,
		RW_WORD_COMMISSION_DUE_CAPS, RW_WORD_WINNING_DAYS_CAPS,
		RW_WORD_BEST_DAY_CAPS, RW_WORD_WORST_DAY_CAPS,
		RW_WORD_MAX_DRAWDOWN_CAPS};
	bool balance = s->in.fee.has_opening;
	int i;

	*count = balance ? TILES_MAX : 5;
	for (i = 0; i < *count; i++)
		set_tile(&tiles[i], s, balance ? eight[i] : five[i]);
	return balance ? TILES_MAX / 2 : 5;
}

static void
draw_tile(const struct rw_sheet *sheet, const struct tile *tile, float x,
	float y, float width, float scale, bool first)
{
	struct rw_pdf_style label = rw_type_label, note = rw_type_axis;
	struct rw_pdf_style text = type_tile;

	text.size *= scale;
	text.ink = first ? WHITE : tile->ink;
	if (first)
		label.ink = note.ink = SKY;
	rw_pdf_box(sheet->pdf, x, y, width, tile_height, first ? NAVY : TILE);
	rw_pdf_text(sheet->pdf, x + gap, y + 15, RW_PDF_LEFT, &label,
		rw_word(tile->label));
	rw_pdf_text(sheet->pdf, x + gap, y + 33, RW_PDF_LEFT, &text,
		tile->text);
	rw_draw_fitted(sheet, x + gap, y + 46, width - 2 * gap, RW_PDF_LEFT,
		&note, tile->note);
}

/* All figures have the same font size, in which the longest figure fits. */
float
rw_draw_tiles(const struct rw_sheet *sheet, float y)
{
	struct tile tiles[TILES_MAX];
	int i, count, across = fill_tiles(sheet->statement, tiles, &count);
	float scale = 1, width = (sheet->right - sheet->left -
		(float)(across - 1) * gap) / (float)across;

	for (i = 0; i < count; i++) {
		float wide = rw_pdf_text_width(sheet->pdf, &type_tile,
			tiles[i].text) / (width - 2 * gap);

		if (wide * scale > 1)
			scale = 1 / wide;
	}
	for (i = 0; i < count; i++)
		draw_tile(sheet, &tiles[i], sheet->left + (float)(i % across) *
			(width + gap), y + (float)(i / across) *
			(tile_height + gap), width, scale, i == 0);
	return y + (float)(count / across) * (tile_height + gap) - gap;
}
