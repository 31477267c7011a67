#include "followers/pnl_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "followers/table.h"

struct row {
	const char *id;			/* in the arena */
	/* Both in the arena when the day has a fault; otherwise date is NULL,
	 * and day and amount are valid. */
	const char *date, *text;
	int64_t amount;
	int day;
	bool is_open;
};

struct source {
	const char *path;
	struct rw_period period;
	struct rw_arena arena;
	struct row *rows;
	size_t count, room, at;
};

static void
close_source(void *self)
{
	struct source *source = self;

	rw_arena_free(&source->arena);
	free(source->rows);
	free(source);
}

/* ---- reading ------------------------------------------------------------ */

static struct row *
add_row(struct source *source, struct rw_err *err)
{
	size_t room = source->room == 0 ? 1024 : 2 * source->room;
	struct row *rows = source->rows;

	if (source->count == source->room) {
		rows = reallocarray(rows, room, sizeof *rows);
		if (rows == NULL) {
			rw_fail_memory(err, "%zu days", room);
			return NULL;
		}
		source->rows = rows;
		source->room = room;
	}
	rows[source->count] = (struct row){0};
	return &rows[source->count++];
}

static const char *
keep(struct source *source, const char *text)
{
	return text != NULL ? rw_arena_copy(&source->arena, text,
		strlen(text)) : NULL;
}

/* Rows of one follower often follow each other. */
static const char *
keep_id(struct source *source, const char *id)
{
	const struct row *before = source->count > 1 ?
		&source->rows[source->count - 2] : NULL;

	return before != NULL && strcmp(before->id, id) == 0 ? before->id :
		keep(source, id);
}

/* The value of the first of two columns that the row has. */
static bool
either(struct rw_table *table, const char *name, const char *other,
	const char **text, struct rw_err *err)
{
	return rw_table_text(table, name, text, err) && (*text != NULL ||
		rw_table_text(table, other, text, err));
}

static bool
is_final(struct rw_table *table, bool *final, struct rw_err *err)
{
	const char *text;

	*final = true;
	if (!rw_table_text(table, "is_finalized", &text, err))
		return false;
	if (text == NULL || strcmp(text, "t") == 0 ||
	    rw_text_to_bool(text, final))
		return true;
	*final = false;
	return strcmp(text, "f") == 0 || rw_table_fail(table,
		"is_finalized is neither true nor false", err);
}

static bool
keep_row(struct source *source, const char *id, const char *date,
	const char *amount, bool final, struct rw_err *err)
{
	struct rw_date read = {0};
	struct rw_day day;
	struct row *row;

	rw_day_begin(&day, id);
	rw_day_read(&day, date, amount, "pnl");
	if (date != NULL && rw_date_parse(date, strlen(date), &read, NULL) &&
	    !rw_date_is_in(read, source->period))
		return true;
	row = add_row(source, err);
	if (row == NULL)
		return false;
	row->id = keep_id(source, id);
	row->is_open = !final;
	if (day.wrong.kind == RW_OK) {
		row->day = read.day;
		row->amount = day.amount;
	} else {
		row->date = keep(source, date != NULL ? date : "");
		row->text = keep(source, amount);
	}
	return (row->id != NULL && (day.wrong.kind == RW_OK ||
		row->date != NULL)) ||
		rw_fail_memory(err, "a day");
}

static bool
read_row(struct source *source, struct rw_table *table, struct rw_err *err)
{
	const char *id, *date, *amount;
	bool final;

	if (!rw_table_text(table, RW_M_FOLLOWER_ID, &id, err) ||
	    !either(table, "date", "trading_date", &date, err) ||
	    !either(table, "pnl", RW_M_TOTAL_PNL, &amount, err) ||
	    !is_final(table, &final, err))
		return false;
	if (id == NULL || *id == '\0')
		return rw_table_fail(table, "it has no follower_id; expected "
			"the columns follower_id, date and pnl", err);
	return keep_row(source, id, date, amount, final, err);
}

/* Padded ids come first; the days of a follower are sorted, so that messages
 * come in order. */
static int
compare_days(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = rw_day_is_padded(y->id) - rw_day_is_padded(x->id);

	if (order == 0)
		order = strcmp(x->id, y->id);
	return order != 0 ? order : x->day - y->day;
}

/* ---- the source --------------------------------------------------------- */

static bool
next_day(void *self, struct rw_day *day, bool *found, struct rw_err *err)
{
	struct source *source = self;
	const struct row *row;

	(void)err;
	*found = source->at < source->count;
	if (!*found)
		return true;
	row = &source->rows[source->at++];
	rw_day_begin(day, row->id);
	day->is_open = row->is_open;
	if (row->date != NULL) {
		rw_day_read(day, row->date[0] != '\0' ? row->date : NULL,
			row->text, "pnl");
	} else {
		rw_date_text(day->date, (struct rw_date){source->period.year,
			source->period.month, row->day});
		day->amount = row->amount;
	}
	if (rw_day_is_padded(day->id))
		rw_day_refuse_padded(day);
	return true;
}

bool
rw_days_file_open(struct rw_days *days, const char *path,
	struct rw_period period, struct rw_err *err)
{
	struct source *source = calloc(1, sizeof *source);
	struct rw_table table;
	bool good, found;

	if (source == NULL)
		return rw_fail_memory(err, "a file");
	source->path = strcmp(path, "-") == 0 ? "standard input" : path;
	source->period = period;
	good = rw_table_open(&table, path, err);
	while (good && (good = rw_table_next(&table, &found, err)) && found)
		good = read_row(source, &table, err);
	rw_table_close(&table);
	if (!good) {
		close_source(source);
		return false;
	}
	if (source->count > 0)
		qsort(source->rows, source->count, sizeof *source->rows,
			compare_days);
	*days = (struct rw_days){source, source->path, source->path, next_day,
		close_source};
	return true;
}
