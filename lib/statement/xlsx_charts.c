/*
 * The charts beside the summary: cumulative P&L as a line, daily P&L as bars.
 */
#include <stdio.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include "statement/xlsx.h"
#include "statement/xlsx_parts_priv.h"

/* With no more bars than this, bars of the usual width would fill the chart. */
enum { FEW_DAYS = 4 };

/* Columns of the sheet Daily. */
enum { PNL = 2, CUMULATIVE = 3 };

/* Where the charts begin on the sheet Summary. */
enum { CHARTS_ROW = 2, CHARTS_COLUMN = 3 };

/* The position of a chart's only bar does not show its day. */
static void
set_title(struct rw_book *book, lxw_chart *chart, enum rw_word title)
{
	const struct rw_statement *s = book->statement;
	struct rw_buf words = {0};

	rw_buf_adds(&words, rw_word(title));
	if (s->in.count == 1)
		rw_statement_on_day(s, s->in.days[0].date.day, &words);
	chart_title_set_name(chart, rw_buf_text(&words));
	rw_buf_free(&words);
}

static lxw_chart *
add_chart(struct rw_book *book, uint8_t type, enum rw_word title)
{
	lxw_chart_line rule = {.color = 0xd3dae2, .width = 0.5F};
	lxw_chart_line hidden = {.none = LXW_TRUE};
	lxw_chart_font small = {.size = 8, .color = 0x5f6b7a};
	lxw_chart_font font = {.size = 10, .bold = LXW_TRUE,
		.color = 0x17365d};
	lxw_chart *chart = workbook_add_chart(book->workbook, type);

	if (chart == NULL) {
		rw_book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return NULL;
	}
	set_title(book, chart, title);
	chart_title_set_name_font(chart, &font);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	chart_axis_set_num_format(chart->x_axis, "d");
	chart_axis_set_num_font(chart->x_axis, &small);
	chart_axis_set_label_position(chart->x_axis,
		LXW_CHART_AXIS_LABEL_POSITION_LOW);
	chart_axis_set_num_font(chart->y_axis, &small);
	chart_axis_set_num_format(chart->y_axis, "#,##0");
	chart_axis_set_line(chart->y_axis, &hidden);
	chart_axis_major_gridlines_set_line(chart->y_axis, &rule);
	chart_chartarea_set_line(chart, &rule);
	return chart;
}

/* Stores the values of the cells in the chart, for programs that do not compute
 * formulas. The library does this for numbers, but stores 0 for a formula. It
 * frees the points. */
static void
cache_values(struct rw_book *book, lxw_series_range *range, bool cumulative)
{
	const struct rw_statement *s = book->statement;
	size_t i;

	range->ignore_cache = LXW_TRUE;
	for (i = 0; i < s->in.count; i++) {
		lxw_series_data_point *point = calloc(1, sizeof *point);

		if (point == NULL) {
			rw_book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
			return;
		}
		point->number = rw_cell_value(cumulative ?
			s->in.days[i].cumulative : s->in.days[i].pnl);
		STAILQ_INSERT_TAIL(range->data_cache, point, list_pointers);
		range->num_data_points++;
	}
}

static lxw_chart_series *
add_series(struct rw_book *book, lxw_chart *chart, lxw_col_t column)
{
	lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
	lxw_row_t first = RW_DAILY_FIRST;
	lxw_row_t last = first + (lxw_row_t)book->statement->in.count - 1;

	if (series == NULL) {
		rw_book_note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
		return NULL;
	}
	chart_series_set_categories(series, RW_SHEET_DAILY, first, 0, last, 0);
	chart_series_set_values(series, RW_SHEET_DAILY, first, column, last,
		column);
	cache_values(book, series->values, column == CUMULATIVE);
	return series;
}

/* top: in pixels from the upper edge of the first chart, so that a name of
 * several lines moves neither chart. add_description: describes the chart for a
 * reader who cannot see it. */
static void
place_chart(struct rw_book *book, lxw_chart *chart, int top,
	enum rw_word title,
	void (*add_description)(const struct rw_statement *, struct rw_buf *))
{
	lxw_chart_options options = {.x_scale = 1.25, .y_scale = 0.95,
		.y_offset = top,
		.object_position = LXW_OBJECT_DONT_MOVE_DONT_SIZE};
	struct rw_buf words = {0};

	rw_buf_addf(&words, "%s: ", rw_word(title));
	add_description(book->statement, &words);
	options.description = words.data;
	rw_book_note(book, (int)worksheet_insert_chart_opt(book->sheet,
		CHARTS_ROW, CHARTS_COLUMN, chart, &options));
	rw_buf_free(&words);
}

/* Above the charts. An image that Exif data rotate is left out, because some
 * programs rotate it and others do not. */
void
rw_book_logo(struct rw_book *book)
{
	static const double width = 240, height = 40;
	const struct rw_image *logo = book->options->logo;
	lxw_image_options options = {.y_offset = 2,
		.object_position = LXW_OBJECT_DONT_MOVE_DONT_SIZE};
	char brand[256];
	double scale;

	if (logo == NULL || logo->orientation != 1)
		return;
	scale = width / logo->width < height / logo->height ?
		width / logo->width : height / logo->height;
	snprintf(brand, sizeof brand, "%s", book->options->brand);
	options.x_scale = options.y_scale = scale;
	options.description = brand;
	rw_book_note(book, (int)worksheet_insert_image_buffer_opt(book->sheet,
		0, CHARTS_COLUMN, (const unsigned char *)logo->file.data,
		logo->file.len, &options));
}

/* One point does not make a line. */
static void
mark_point(lxw_chart_series *series, lxw_chart_line *line)
{
	lxw_chart_fill fill = {.color = line->color};

	chart_series_set_marker_type(series, LXW_CHART_MARKER_CIRCLE);
	chart_series_set_marker_size(series, 7);
	chart_series_set_marker_fill(series, &fill);
	chart_series_set_marker_line(series, line);
}

static void
add_line(struct rw_book *book)
{
	lxw_chart_line line = {.color = 0x17365d, .width = 1.75F};
	lxw_chart *chart = add_chart(book, LXW_CHART_LINE,
		RW_WORD_CUMULATIVE_PNL);
	lxw_chart_series *series;

	if (chart == NULL || (series = add_series(book, chart, CUMULATIVE)) == NULL)
		return;
	chart_series_set_name(series, rw_word(RW_WORD_CUMULATIVE_PNL));
	chart_series_set_line(series, &line);
	if (book->statement->in.count == 1)
		mark_point(series, &line);
	place_chart(book, chart, 0, RW_WORD_CUMULATIVE_PNL,
		rw_statement_cumulative_note);
}

/* Colours each bar by the sign of its amount. */
static void
add_bars(struct rw_book *book)
{
	const struct rw_statement *s = book->statement;
	lxw_chart_fill green = {.color = 0x2f7d5b}, red = {.color = 0xb23a32};
	lxw_chart_point gain = {0}, loss = {.fill = &red};
	lxw_chart_point *points[RW_STATEMENT_DAYS + 1] = {NULL};
	lxw_chart *chart = add_chart(book, LXW_CHART_COLUMN,
		RW_WORD_DAILY_PNL);
	lxw_chart_series *series;
	size_t i;

	if (chart == NULL || (series = add_series(book, chart, PNL)) == NULL)
		return;
	for (i = 0; i < s->in.count; i++)
		points[i] = s->in.days[i].pnl < 0 ? &loss : &gain;
	chart_series_set_name(series, rw_word(RW_WORD_DAILY_PNL));
	chart_series_set_fill(series, &green);
	chart_series_set_points(series, points);
	chart_set_series_gap(chart, s->in.count < FEW_DAYS ? 400 : 60);
	place_chart(book, chart, 300, RW_WORD_DAILY_PNL,
		rw_statement_daily_note);
}

void
rw_book_charts(struct rw_book *book)
{
	add_line(book);
	add_bars(book);
}
