#include "work/statement_pdf.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "work/statement_pdf_parts.h"

const struct rw_pdf_style
	rw_type_title = {.size = 24, .ink = NAVY},
	rw_type_name = {.size = 11, .bold = true, .ink = INK},
	rw_type_head = {.size = 9.5F, .bold = true, .ink = NAVY},
	rw_type_body = {.size = 8, .ink = INK},
	rw_type_strong = {.size = 8, .bold = true, .ink = INK},
	rw_type_muted = {.size = 8, .ink = MUTED},
	rw_type_label = {.size = 6.5F, .ink = MUTED, .tracking = 0.5F},
	rw_type_axis = {.size = 6.5F, .ink = MUTED};

static const struct rw_pdf_style type_brand = {
	.size = 13, .bold = true, .ink = NAVY, .tracking = 0.2F};
static const struct rw_pdf_style type_tile = {
	.size = 13, .bold = true, .ink = INK};

/* The grid. */
static const float margin = 51, top = 44, bottom = 46, gap = 8;
static const float tile_height = 56, smallest = 5;

/* ---- shared ------------------------------------------------------------ */

struct rw_pdf_style
rw_inked(const struct rw_pdf_style *style, uint32_t ink)
{
	struct rw_pdf_style inked = *style;

	inked.ink = ink;
	return inked;
}

/* Takes characters from the end until the rest and an ellipsis fit. */
static void
cut_to_width(const struct rw_sheet *sheet, float width,
	const struct rw_pdf_style *style, char *text, size_t size)
{
	size_t n = strlen(text);

	if (n > size - 4)
		n = size - 4;
	do {
		while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
			n--;
		if (n > 0)
			n--;
		strcpy(text + n, "\xe2\x80\xa6");
	} while (n > 0 && rw_pdf_text_width(sheet->pdf, style, text) > width);
}

void
rw_draw_fitted(const struct rw_sheet *sheet, float x, float y, float width,
	enum rw_pdf_align align, const struct rw_pdf_style *style,
	const char *text)
{
	struct rw_pdf_style fitted = *style;
	float wide = rw_pdf_text_width(sheet->pdf, style, text);
	char cut[512];

	if (wide > width) {
		fitted.size *= width / wide;
		fitted.tracking *= width / wide;
	}
	if (fitted.size < smallest) {
		fitted.size = smallest;
		snprintf(cut, sizeof cut, "%s", text);
		cut_to_width(sheet, width, &fitted, cut, sizeof cut);
		text = cut;
	}
	rw_pdf_text(sheet->pdf, x, y, align, &fitted, text);
}

float
rw_draw_heading(const struct rw_sheet *sheet, float y, float left, float right,
	const char *text, const char *note)
{
	rw_pdf_text(sheet->pdf, left, y + 8, RW_PDF_LEFT, &rw_type_head, text);
	if (note != NULL)
		rw_pdf_text(sheet->pdf, right, y + 8, RW_PDF_RIGHT,
			&rw_type_axis, note);
	rw_pdf_line(sheet->pdf, left, y + 13, right, y + 13, 0.5F, RULE);
	return y + 13;
}

/* ---- head and foot ----------------------------------------------------- */

static float
draw_brand(const struct rw_sheet *sheet)
{
	const struct rw_look *look = sheet->look;
	struct rw_pdf_style caption = rw_inked(&rw_type_label, NAVY);

	if (look->logo != NULL)
		rw_pdf_picture(sheet->pdf, sheet->left, top - 14, 180, 30,
			look->logo, look->logo_len);
	else
		rw_draw_fitted(sheet, sheet->left, top + 6, 300, RW_PDF_LEFT,
			&type_brand, look->brand);
	rw_pdf_text(sheet->pdf, sheet->right, top + 6, RW_PDF_RIGHT, &caption,
		"MONTHLY STATEMENT");
	rw_pdf_line(sheet->pdf, sheet->left, top + 20, sheet->right, top + 20,
		1, NAVY);
	return top + 20;
}

static void
draw_fact(const struct rw_sheet *sheet, float y, const char *label,
	const char *text)
{
	float left = sheet->right - 190;

	rw_pdf_text(sheet->pdf, left, y, RW_PDF_LEFT, &rw_type_muted, label);
	rw_draw_fitted(sheet, sheet->right, y, 115, RW_PDF_RIGHT,
		&rw_type_body, text);
}

static void
draw_facts(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	struct rw_period period = s->in.period;
	char month[32], days[64];

	rw_period_words(month, period);
	snprintf(days, sizeof days, "1 \xe2\x80\x93 %d %s",
		rw_period_days(period), month);
	draw_fact(sheet, y, "Period", days);
	draw_fact(sheet, y + 13, "Statement", s->number);
	draw_fact(sheet, y + 26, "Currency", s->in.currency);
	draw_fact(sheet, y + 39, "Trading day ends in", s->in.zone);
}

/* Whose statement it is: up to two lines of name. */
static float
draw_follower(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	float width = sheet->right - 190 - 24 - sheet->left;
	char line[192];

	if (!sheet->named || s->in.name[0] == '\0') {
		rw_draw_fitted(sheet, sheet->left, y, width, RW_PDF_LEFT,
			&rw_type_name, s->in.follower_id);
		if (!sheet->named)
			rw_pdf_text(sheet->pdf, sheet->left, y + 13,
				RW_PDF_LEFT, &rw_type_muted, "The name is in "
				"a script that this document cannot show.");
		return y + 13;
	}
	if (rw_pdf_text_width(sheet->pdf, &rw_type_name, s->in.name) <=
	    width)
		rw_pdf_text(sheet->pdf, sheet->left, y, RW_PDF_LEFT,
			&rw_type_name, s->in.name);
	else
		y = rw_pdf_paragraph(sheet->pdf, sheet->left, y, width, 13,
			&rw_type_name, s->in.name, true) - 13;
	snprintf(line, sizeof line, "Follower %s", s->in.follower_id);
	rw_draw_fitted(sheet, sheet->left, y + 13, width, RW_PDF_LEFT,
		&rw_type_muted, line);
	return y + 13;
}

static float
draw_head(const struct rw_sheet *sheet)
{
	float y = draw_brand(sheet);
	char month[32];

	rw_period_words(month, sheet->statement->in.period);
	rw_pdf_text(sheet->pdf, sheet->left, y + 34, RW_PDF_LEFT,
		&rw_type_title, month);
	draw_facts(sheet, y + 22);
	draw_follower(sheet, y + 52);
	return y + 84;
}

static void
draw_foot(const struct rw_sheet *sheet, int page, int pages)
{
	float y = rw_pdf_page_height(sheet->pdf) - bottom;
	char number[32], words[512];

	snprintf(number, sizeof number, "Page %d of %d", page, pages);
	snprintf(words, sizeof words, "%s  \xc2\xb7  Statement %s",
		sheet->look->brand, sheet->statement->number);
	rw_pdf_line(sheet->pdf, sheet->left, y, sheet->right, y, 0.5F, RULE);
	rw_draw_fitted(sheet, sheet->left, y + 12, sheet->right -
		sheet->left - 60, RW_PDF_LEFT, &rw_type_axis, words);
	rw_pdf_text(sheet->pdf, sheet->right, y + 12, RW_PDF_RIGHT,
		&rw_type_axis, number);
}

/* ---- tiles ------------------------------------------------------------- */

struct tile {
	const char *label;
	char text[RW_MONEY_SIZE + 8];
	char note[64];
	uint32_t ink;
};

static uint32_t
sign_ink(int64_t amount)
{
	return amount > 0 ? GAIN : amount < 0 ? LOSS : INK;
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
	char month[32];

	if (!figure->known) {
		strcpy(tile->text, "n/a");
		return;
	}
	set_money(tile, s, figure->value, s->digits, true);
	rw_period_words(month, s->in.period);
	if (figure->day > 0)
		snprintf(tile->note, sizeof tile->note, "%s, %d %s",
			s->in.currency, figure->day, month);
}

static void
fill_tiles(const struct rw_statement *s, struct tile tiles[5])
{
	const struct rw_figure *share = &s->figures[RW_WINNING_SHARE];
	struct rw_buf buf = {0};

	tiles[0].label = "NET P&L";
	set_money(&tiles[0], s, s->total, s->digits, true);
	tiles[1].label = "COMMISSION DUE";
	set_money(&tiles[1], s, s->fee.amount, s->minor, false);
	tiles[2].label = "WINNING DAYS";
	snprintf(tiles[2].text, sizeof tiles[2].text, "%d of %zu",
		(int)s->figures[RW_WINNING_DAYS].value, s->in.count);
	rw_figure_text(s, share, &buf);
	snprintf(tiles[2].note, sizeof tiles[2].note, "%s", share->known ?
		rw_buf_text(&buf) : "no trading day");
	rw_buf_free(&buf);
	tiles[3].label = "BEST DAY";
	set_day(&tiles[3], s, RW_BEST_DAY);
	tiles[4].label = "MAX DRAWDOWN";
	set_day(&tiles[4], s, RW_MAX_DRAWDOWN);
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
		tile->label);
	rw_pdf_text(sheet->pdf, x + gap, y + 33, RW_PDF_LEFT, &text,
		tile->text);
	rw_draw_fitted(sheet, x + gap, y + 46, width - 2 * gap, RW_PDF_LEFT,
		&note, tile->note);
}

/* All figures in one size: the one that lets the longest in. */
static float
draw_tiles(const struct rw_sheet *sheet, float y)
{
	float width = (sheet->right - sheet->left - 4 * gap) / 5, scale = 1;
	struct tile tiles[5] = {0};
	int i;

	fill_tiles(sheet->statement, tiles);
	for (i = 0; i < 5; i++) {
		float wide = rw_pdf_text_width(sheet->pdf, &type_tile,
			tiles[i].text) / (width - 2 * gap);

		if (wide * scale > 1)
			scale = 1 / wide;
	}
	for (i = 0; i < 5; i++)
		draw_tile(sheet, &tiles[i], sheet->left + (float)i *
			(width + gap), y, width, scale, i == 0);
	return y + tile_height;
}

/* ---- pages ------------------------------------------------------------- */

static float
draw_nothing(const struct rw_sheet *sheet, float y)
{
	char month[32], words[128];

	rw_period_words(month, sheet->statement->in.period);
	snprintf(words, sizeof words, "There was no trading day in %s.",
		month);
	rw_pdf_box(sheet->pdf, sheet->left, y, sheet->right - sheet->left, 72,
		TILE);
	rw_pdf_text(sheet->pdf, (sheet->left + sheet->right) / 2, y + 34,
		RW_PDF_CENTRE, &rw_type_name, words);
	rw_pdf_text(sheet->pdf, (sheet->left + sheet->right) / 2, y + 50,
		RW_PDF_CENTRE, &rw_type_muted,
		"So there is no result to show and no commission to pay.");
	return y + 72;
}

static void
draw_pages(const struct rw_sheet *sheet)
{
	float floor = rw_pdf_page_height(sheet->pdf) - bottom - 14;
	bool empty = sheet->statement->in.count == 0;
	float y, box = rw_commission_height(sheet);

	rw_pdf_page(sheet->pdf);
	y = draw_tiles(sheet, draw_head(sheet)) + 20;
	if (empty) {
		y = rw_draw_commission(sheet, draw_nothing(sheet, y) + 20);
		rw_draw_definitions(sheet, y + 20);
		draw_foot(sheet, 1, 1);
		return;
	}
	rw_draw_charts(sheet, y, floor - box - 20 - y);
	rw_draw_commission(sheet, floor - box);
	draw_foot(sheet, 1, 2);
	rw_pdf_page(sheet->pdf);
	y = rw_draw_days(sheet, draw_brand(sheet) + 16);
	rw_draw_definitions(sheet, y + 20);
	draw_foot(sheet, 2, 2);
}

bool
rw_statement_pdf(struct rw_pdf *pdf, const struct rw_statement *statement,
	const struct rw_look *look, int64_t created, struct rw_buf *out,
	bool *font_missing, struct rw_err *err)
{
	struct rw_sheet sheet = {.pdf = pdf, .statement = statement,
		.look = look, .left = margin,
		.right = rw_pdf_page_width(pdf) - margin};
	char month[32], title[256], subject[256];

	rw_period_words(month, statement->in.period);
	snprintf(title, sizeof title, "Monthly statement, %s", month);
	snprintf(subject, sizeof subject, "Statement %s", statement->number);
	rw_pdf_begin(pdf, &(struct rw_pdf_info){.title = title,
		.author = look->brand, .subject = subject,
		.created = created});
	sheet.named = rw_pdf_can_show(pdf, statement->in.name,
		font_missing);
	draw_pages(&sheet);
	return rw_pdf_end(pdf, out, err);
}
