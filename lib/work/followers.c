#include "work/followers.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "wire/mongo.h"
#include "work/followers_bson.h"
#include "work/followers_query.h"

enum { ID_SIZE = 160 };

/* In the order that the server sorts them. */
enum id_type { ID_OTHER, ID_TEXT, ID_OBJECT, ID_END };

/* Where a document belongs. */
struct place {
	enum id_type type;
	char id[ID_SIZE];
};

struct days {
	mongoc_cursor_t *cursor;
	const bson_t *document;		/* borrowed from the cursor */
	struct place place;		/* of document; ID_END: no more */
};

struct rw_followers {
	struct rw_followers_options options;
	struct rw_mongo mongo;
	mongoc_collection_t *followers, *daily;
	mongoc_cursor_t *cursor;
	struct place place;		/* of the last follower */
	struct days days;
	/* Days under the text of an ObjectId: asked for with the first
	 * follower who has one. */
	struct days by_text;
	struct rw_buf pnl;		/* the daily_pnl of the follower */
	struct rw_err broken;		/* why his figures are not all there */
};

/* ---- places ------------------------------------------------------------ */

static void
read_place(const bson_t *document, const char *member, struct place *place)
{
	const char *text;
	bson_iter_t iter;
	bool there;

	*place = (struct place){ID_OTHER, "?"};
	if (rw_bson_text(document, member, &there, &text) && there) {
		place->type = ID_TEXT;
		snprintf(place->id, sizeof place->id, "%s", text);
	} else if (bson_iter_init_find(&iter, document, member) &&
	    BSON_ITER_HOLDS_OID(&iter)) {
		place->type = ID_OBJECT;
		bson_oid_to_string(bson_iter_oid(&iter), place->id);
	}
}

static int
compare(const struct place *a, const struct place *b)
{
	return a->type != b->type ? (a->type < b->type ? -1 : 1) :
		strcmp(a->id, b->id);
}

/* The two are read side by side, so what does not come in order would be taken
 * for missing. What belongs nowhere may stand at either end. */
static bool
read_next(struct rw_followers *f, const bson_t *document, const char *where,
	const char *member, struct place *place, struct rw_err *err)
{
	struct place before = *place;

	read_place(document, member, place);
	return before.type == ID_OTHER || place->type == ID_OTHER ||
		compare(&before, place) <= 0 || rw_fail(err, RW_CONFIG,
		"%s, %s: not sorted by the bytes of %s (has the collection a "
		"collation?)", f->mongo.name, where, member);
}

/* ---- days -------------------------------------------------------------- */

static bool
fail(struct rw_followers *f, mongoc_cursor_t *cursor, const char *what,
	struct rw_err *err)
{
	bson_error_t error;

	return !mongoc_cursor_error(cursor, &error) ||
		rw_mongo_fail(&f->mongo, what, &error, err);
}

static bool
next_day(struct rw_followers *f, struct days *days, struct rw_err *err)
{
	if (mongoc_cursor_next(days->cursor, &days->document))
		return read_next(f, days->document, "daily_pnl",
			"follower_id", &days->place, err);
	days->place.type = ID_END;
	return fail(f, days->cursor, "read daily_pnl", err);
}

static void
skip(struct rw_followers *f, const char *id, const char *date,
	const struct rw_err *why, bool breaks)
{
	struct rw_err err;

	rw_fail(&err, RW_DATA, "daily_pnl of %.140s, %.20s: %s", id, date,
		why->message);
	f->options.skipped(f->options.context, &err);
	if (breaks && f->broken.kind == RW_OK)
		f->broken = err;
}

static bool
read_day(const bson_t *document, const char **date, struct rw_date *day,
	int64_t *amount, struct rw_err *why)
{
	bool there;

	if (!rw_bson_text(document, "date", &there, date) || !there ||
	    !rw_date_parse(*date, strlen(*date), day, NULL))
		return rw_fail(why, RW_DATA, "expected a date as 2025-06-30");
	if (!rw_bson_amount(document, "total_pnl", &there, amount, why))
		return false;
	return there || rw_fail(why, RW_DATA, "it has no total_pnl");
}

/* Adds the day to the follower's daily_pnl. */
static void
take_day(struct rw_followers *f, const struct days *days)
{
	char member[RW_DATE_SIZE + 4], text[RW_MONEY_SIZE];
	const char *date = "no date";
	struct rw_date day;
	struct rw_err why;
	int64_t amount;

	if (read_day(days->document, &date, &day, &amount, &why)) {
		rw_date_text(text, day);
		snprintf(member, sizeof member, "\"%.10s\":", text);
		if (strstr(rw_buf_text(&f->pnl), member) == NULL) {
			rw_money_text(text, amount, 2);
			rw_buf_addf(&f->pnl, "%s%s\"%s\"",
				f->pnl.len > 1 ? "," : "", member, text);
			return;
		}
		rw_fail(&why, RW_DATA, "there is another one of that day");
	}
	skip(f, days->place.id, date, &why, true);
}

/* Moves up to the follower, takes his days, and stands behind them. */
static bool
take_days(struct rw_followers *f, struct days *days, const struct place *place,
	struct rw_err *err)
{
	int order;

	if (days->document == NULL && days->place.type != ID_END &&
	    !next_day(f, days, err))
		return false;
	for (;;) {
		order = compare(&days->place, place);
		if (order > 0)
			return true;
		if (order == 0)
			take_day(f, days);
		else if (days->place.type == ID_OTHER)
			skip(f, days->place.id, "some day",
				&(struct rw_err){RW_DATA, false,
				"follower_id is no text and no ObjectId"},
				false);
		if (!next_day(f, days, err))
			return false;
	}
}

static bool
gather_days(struct rw_followers *f, const struct place *place,
	struct rw_err *err)
{
	struct place as_text = {.type = ID_TEXT};

	rw_buf_reset(&f->pnl);
	rw_buf_addc(&f->pnl, '{');
	f->broken.kind = RW_OK;
	if (place->type == ID_OBJECT) {
		memcpy(as_text.id, place->id, sizeof as_text.id);
		if (f->by_text.cursor == NULL)
			f->by_text.cursor = rw_query_days(f->daily,
				&f->options, "string");
		if (!take_days(f, &f->by_text, &as_text, err))
			return false;
	}
	if (!take_days(f, &f->days, place, err))
		return false;
	rw_buf_addc(&f->pnl, '}');
	return rw_buf_ok(&f->pnl, "a month of figures", err);
}

/* ---- followers --------------------------------------------------------- */

static bool
set_text(struct rw_line *line, const bson_t *document, const char *member,
	struct rw_err *err)
{
	const char *text;
	bool there;

	if (!rw_bson_text(document, member, &there, &text))
		return rw_fail(err, RW_DATA, "%s is no text", member);
	if (there)
		rw_line_set_string(line, member, text);
	return true;
}

static bool
set_percentage(struct rw_line *line, const bson_t *document,
	struct rw_err *err)
{
	char text[RW_MONEY_SIZE];
	int64_t percent;
	bool there;

	if (!rw_bson_amount(document, RW_M_COMMISSION_PCT, &there, &percent,
	    err))
		return false;
	if (there) {
		rw_money_text(text, percent, 0);
		rw_line_set_string(line, RW_M_COMMISSION_PCT, text);
	}
	return true;
}

static bool
fill(struct rw_followers *f, const bson_t *document,
	const struct place *place, struct rw_record *record,
	struct rw_err *err)
{
	char month[RW_PERIOD_SIZE];
	struct rw_line *line = &record->line;

	if (place->type == ID_OTHER || !rw_record_is_id(place->id))
		return rw_fail(err, RW_DATA, "_id cannot be a follower_id");
	rw_period_text(month, f->options.period);
	rw_line_clear(line);
	rw_line_set_string(line, RW_M_FOLLOWER_ID, place->id);
	rw_line_set_string(line, RW_M_REPORT_PERIOD, month);
	return set_text(line, document, RW_M_EMAIL, err) &&
		set_text(line, document, RW_M_NAME, err) &&
		set_text(line, document, RW_M_IBAN, err) &&
		set_text(line, document, RW_M_CURRENCY, err) &&
		set_percentage(line, document, err);
}

static void
skip_follower(struct rw_followers *f, const struct place *place,
	struct rw_err *why)
{
	rw_err_prefix(why, "follower %.140s", place->id);
	f->options.skipped(f->options.context, why);
}

bool
rw_followers_next(struct rw_followers *f, struct rw_record *record,
	bool *found, struct rw_err *err)
{
	const bson_t *document;
	struct place *place = &f->place;
	struct rw_err why;

	*found = false;
	while (mongoc_cursor_next(f->cursor, &document)) {
		if (!read_next(f, document, "followers", "_id", place, err))
			return false;
		if (!rw_selection_has(f->options.selection, place->id,
		    f->options.period))
			continue;
		if (!fill(f, document, place, record, &why)) {
			skip_follower(f, place, &why);
			continue;
		}
		if (!gather_days(f, place, err))
			return false;
		rw_line_set(&record->line, RW_M_DAILY_PNL, f->pnl.data,
			f->pnl.len);
		if (f->broken.kind != RW_OK)
			rw_record_set_error(record, "rw-list", &f->broken);
		*found = true;
		return true;
	}
	return fail(f, f->cursor, "read followers", err);
}

/* ---- opening ----------------------------------------------------------- */

bool
rw_followers_open(struct rw_followers **followers,
	const struct rw_followers_options *options, struct rw_err *err)
{
	struct rw_followers *f = calloc(1, sizeof *f);

	if (f == NULL)
		return rw_fail(err, RW_BUG, "no memory for followers");
	f->options = *options;
	if (!rw_mongo_open(&f->mongo, "MONGO_DB_NAME", err)) {
		free(f);
		return false;
	}
	f->followers = mongoc_database_get_collection(f->mongo.db,
		"followers");
	f->daily = mongoc_database_get_collection(f->mongo.db, "daily_pnl");
	f->cursor = rw_query_followers(f->followers, &f->options);
	f->days.cursor = rw_query_days(f->daily, &f->options, NULL);
	*followers = f;
	return true;
}

const char *
rw_followers_name(const struct rw_followers *f)
{
	return f->mongo.name;
}

void
rw_followers_close(struct rw_followers *f)
{
	if (f == NULL)
		return;
	mongoc_cursor_destroy(f->cursor);
	mongoc_cursor_destroy(f->days.cursor);
	mongoc_cursor_destroy(f->by_text.cursor);
	mongoc_collection_destroy(f->followers);
	mongoc_collection_destroy(f->daily);
	rw_mongo_close(&f->mongo);
	rw_buf_free(&f->pnl);
	free(f);
}
