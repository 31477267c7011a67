#include "statement/pdf_pages.h"

#include <stdio.h>

#include "base/unicode.h"
#include "statement/pdf_parts_priv.h"

static const struct rw_pdf_style type_brand = {
	.size = 13, .bold = true, .ink = NAVY, .tracking = 0.2F};

/* The grid. */
static const float margin = 51, top = 44;

/* ---- head --------------------------------------------------------------- */

static float
draw_brand(const struct rw_sheet *sheet)
{
	const struct rw_look *look = sheet->look;
	struct rw_pdf_style caption = rw_inked(&rw_type_label, NAVY);

	if (look->logo != NULL)
		rw_pdf_image(sheet->pdf, sheet->left, top - 14, 180, 30,
			look->logo);
	else
		rw_draw_fitted(sheet, sheet->left, top + 6, 300, RW_PDF_LEFT,
			&type_brand, look->brand);
	rw_pdf_text(sheet->pdf, sheet->right, top + 6, RW_PDF_RIGHT, &caption,
		rw_word(RW_WORD_MONTHLY_STATEMENT_CAPS));
	rw_pdf_line(sheet->pdf, sheet->left, top + 20, sheet->right, top + 20,
		1, NAVY);
	return top + 20;
}

static void
draw_fact(const struct rw_sheet *sheet, float y, enum rw_word label,
	const char *text)
{
	float left = sheet->right - 190;

	rw_pdf_text(sheet->pdf, left, y, RW_PDF_LEFT, &rw_type_muted,
		rw_word(label));
	rw_draw_fitted(sheet, sheet->right, y, 115, RW_PDF_RIGHT,
		&rw_type_body, text);
}

/* The statement's number contains the follower's ID and must be readable in
 * full, so that a long number is drawn below its label. Returns the y below. */
static float
draw_number(const struct rw_sheet *sheet, float y)
{
	const char *number = sheet->statement->number;
	float left = sheet->right - 190;

	if (rw_pdf_text_width(sheet->pdf, &rw_type_body, number) <= 115) {
		draw_fact(sheet, y, RW_WORD_STATEMENT, number);
		return y;
	}
	draw_fact(sheet, y, RW_WORD_STATEMENT, "");
	return rw_pdf_paragraph(sheet->pdf, left, y + 9, 190, 8,
		&rw_type_small, number, true) - 8;
}

/* Returns the y below. */
static float
draw_facts(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	struct rw_buf days = {0};
	char issued[32];

	rw_statement_days(s, &days);
	rw_date_words(issued, s->in.issued);
	draw_fact(sheet, y, RW_WORD_PERIOD, rw_buf_text(&days));
	draw_fact(sheet, y + 13, RW_WORD_CURRENCY, s->in.currency);
	draw_fact(sheet, y + 26, RW_WORD_TIME_ZONE, s->in.zone);
	draw_fact(sheet, y + 39, RW_WORD_ISSUED, issued);
	rw_buf_free(&days);
	return draw_number(sheet, y + 52);
}

/* The follower's name and ID. */
static float
draw_follower(const struct rw_sheet *sheet, float y)
{
	const struct rw_statement *s = sheet->statement;
	float width = sheet->right - 190 - 24 - sheet->left;
	char line[192];

	if (sheet->name[0] == '\0') {
		y = rw_draw_lines(sheet, y, width, 4, &rw_type_name,
			s->in.follower_id);
		if (sheet->nameless)
			rw_pdf_text(sheet->pdf, sheet->left, y + 13,
				RW_PDF_LEFT, &rw_type_muted,
				rw_word(RW_WORD_NAME_NOT_SHOWN));
		return y + 13;
	}
	y = rw_draw_lines(sheet, y, width, 3, &rw_type_name, sheet->name);
	snprintf(line, sizeof line, "%s %s", rw_word(RW_WORD_FOLLOWER),
		s->in.follower_id);
	y = rw_draw_lines(sheet, y + 13, width, 4, &rw_type_muted, line);
	if (sheet->is_partly)
		rw_pdf_text(sheet->pdf, sheet->left, y += 13, RW_PDF_LEFT,
			&rw_type_muted, rw_word(RW_WORD_NAME_PARTLY_SHOWN));
	return y;
}

static float
draw_head(const struct rw_sheet *sheet)
{
	float y = draw_brand(sheet), facts, follower, lowest;
	char month[32];

	rw_period_words(month, sheet->statement->in.period);
	rw_pdf_text(sheet->pdf, sheet->left, y + 34, RW_PDF_LEFT,
		&rw_type_title, month);
	facts = draw_facts(sheet, y + 24);
	follower = draw_follower(sheet, y + 56);
	lowest = follower > facts ? follower : facts;
	return lowest > y + 70 ? lowest + 18 : y + 88;
}

/* ---- pages ------------------------------------------------------------- */

static float
draw_nothing(const struct rw_sheet *sheet, float y)
{
	struct rw_buf words = {0};

	rw_statement_no_days(sheet->statement, &words);
	rw_pdf_box(sheet->pdf, sheet->left, y, sheet->right - sheet->left, 72,
		TILE);
	rw_pdf_text(sheet->pdf, (sheet->left + sheet->right) / 2, y + 34,
		RW_PDF_CENTRE, &rw_type_name, rw_buf_text(&words));
	rw_pdf_text(sheet->pdf, (sheet->left + sheet->right) / 2, y + 50,
		RW_PDF_CENTRE, &rw_type_muted,
		rw_word(RW_WORD_NOTHING_DUE));
	rw_buf_free(&words);
	return y + 72;
}

/* Whatever follows the days: the year, if it is known, and the definitions. */
static void
draw_rest(const struct rw_sheet *sheet, float y)
{
	if (sheet->statement->year.known)
		y = rw_draw_year(sheet, y) + 20;
	rw_draw_definitions(sheet, y);
}

/* Where the pages are: the number of this one, and of all. */
struct pages {
	unsigned now, all;
};

static void
end_page(const struct rw_sheet *sheet, struct pages *pages)
{
	char now[12], all[12];

	snprintf(now, sizeof now, "%u", pages->now++);
	snprintf(all, sizeof all, "%u", pages->all);
	rw_draw_foot(sheet, now, all);
}

/* Returns the y at which the content begins. */
static float
begin_page(const struct rw_sheet *sheet)
{
	rw_pdf_page(sheet->pdf);
	return draw_brand(sheet) + 16;
}

/* A month of many days leaves no room for the year. */
static void
draw_days_page(const struct rw_sheet *sheet, bool fits, struct pages *pages)
{
	float y = rw_draw_days(sheet, begin_page(sheet)) + 20;

	if (fits) {
		draw_rest(sheet, y);
		end_page(sheet, pages);
		return;
	}
	rw_draw_definitions(sheet, y);
	end_page(sheet, pages);
	rw_draw_year(sheet, begin_page(sheet));
	end_page(sheet, pages);
}

static float
rest_height(const struct rw_sheet *sheet)
{
	return (sheet->statement->year.known ? rw_year_height(sheet) + 20 :
		0) + rw_definitions_height(sheet);
}

/* A month without days has one page, unless what changed takes its room. */
static void
draw_empty(const struct rw_sheet *sheet, float y, float floor)
{
	struct pages pages = {1, 1};

	y = rw_draw_commission(sheet, draw_nothing(sheet, y) + 20) + 20;
	if (y + rest_height(sheet) > floor) {
		pages.all = 2;
		end_page(sheet, &pages);
		y = begin_page(sheet);
	}
	draw_rest(sheet, y);
	end_page(sheet, &pages);
}

/* Long names, a long table of what changed and a long foot leave less room than
 * the charts need to be read: then they have a page of their own. */
static const float least_charts = 176, most_charts = 400;

static void
draw_pages(const struct rw_sheet *sheet)
{
	float floor = rw_pdf_page_height(sheet->pdf) - rw_foot_height(sheet) -
		14;
	float y, box = rw_commission_height(sheet);
	struct pages pages = {1, 2};
	bool fits, apart;

	rw_pdf_page(sheet->pdf);
	y = rw_draw_corrections(sheet, draw_head(sheet));
	y = rw_draw_tiles(sheet, y) + 20;
	if (sheet->statement->in.count == 0) {
		draw_empty(sheet, y, floor);
		return;
	}
	fits = !sheet->statement->year.known || top + 36 +
		rw_days_height(sheet) + 20 + rest_height(sheet) <= floor;
	apart = floor - box - 20 - y < least_charts;
	pages.all = 2U + !fits + apart;
	if (!apart)
		rw_draw_charts(sheet, y, floor - box - 20 - y);
	rw_draw_commission(sheet, floor - box);
	end_page(sheet, &pages);
	if (apart) {
		rw_draw_charts(sheet, begin_page(sheet), most_charts);
		end_page(sheet, &pages);
	}
	draw_days_page(sheet, fits, &pages);
}

bool
rw_statement_pdf(struct rw_pdf *pdf, const struct rw_statement *statement,
	const struct rw_look *look, int64_t created, struct rw_buf *out,
	enum rw_pdf_shown *shown, struct rw_err *fonts, struct rw_err *err)
{
	struct rw_sheet sheet = {.pdf = pdf, .statement = statement,
		.look = look, .left = margin,
		.right = rw_pdf_page_width(pdf) - margin};
	struct rw_buf title = {0}, subject = {0}, visible = {0}, name = {0};

	rw_statement_title(statement, &title);
	rw_statement_subject(statement, &subject);
	rw_pdf_begin(pdf, &(struct rw_pdf_info){.title = rw_buf_text(&title),
		.author = look->brand, .subject = rw_buf_text(&subject),
		.created = created});
	rw_text_add_visible(&visible, statement->in.name);
	*shown = rw_pdf_add_shown(pdf, rw_buf_text(&visible), &name, fonts);
	sheet.nameless = *shown == RW_PDF_NONE;
	sheet.is_partly = *shown == RW_PDF_SOME;
	sheet.name = rw_buf_text(&name);
	draw_pages(&sheet);
	rw_buf_free(&visible);
	rw_buf_free(&name);
	rw_buf_free(&title);
	rw_buf_free(&subject);
	return rw_pdf_end(pdf, out, err);
}
