#include "followers/mongo_query_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

enum {
	NAMES_IN_QUERY = 1000,	/* for more names, the caller filters */
	/* Documents that the driver holds at once; 16 MB of them otherwise. */
	BATCH = 1000,
};

/* { $in: [ids, and possible ObjectIds as ObjectIds too] } */
static void
append_selected(bson_t *filter, const char *member,
	const struct rw_selection *selection)
{
	char at_room[16];
	const char *at, *id;
	bson_t in, list;
	uint32_t k = 0;
	bson_oid_t oid;
	size_t i;

	if (!selection->named || selection->count > NAMES_IN_QUERY)
		return;
	BSON_APPEND_DOCUMENT_BEGIN(filter, member, &in);
	BSON_APPEND_ARRAY_BEGIN(&in, "$in", &list);
	for (i = 0; i < selection->count; i++) {
		id = selection->ids[i].id;
		bson_uint32_to_string(k++, &at, at_room, sizeof at_room);
		BSON_APPEND_UTF8(&list, at, id);
		if (!bson_oid_is_valid(id, strlen(id)))
			continue;
		bson_oid_init_from_string(&oid, id);
		bson_uint32_to_string(k++, &at, at_room, sizeof at_room);
		BSON_APPEND_OID(&list, at, &oid);
	}
	bson_append_array_end(&in, &list);
	bson_append_document_end(filter, &in);
}

static void
append_type(bson_t *filter, const char *member, bool objects)
{
	if (objects)
		BCON_APPEND(filter, "$and", "[", "{", member, "{", "$type",
			BCON_UTF8("objectId"), "}", "}", "]");
	else
		BCON_APPEND(filter, "$nor", "[", "{", member, "{", "$type",
			BCON_UTF8("objectId"), "}", "}", "]");
}

mongoc_cursor_t *
rw_query_followers(mongoc_collection_t *followers,
	const struct rw_selection *selection, bool objects)
{
	bson_t filter = BSON_INITIALIZER;
	bson_t *opts = BCON_NEW("sort", "{", "_id", BCON_INT32(1), "}",
		"projection", "{", "email", BCON_INT32(1), "name",
		BCON_INT32(1), "iban", BCON_INT32(1), "currency",
		BCON_INT32(1), "commission_pct", BCON_INT32(1), "enabled",
		BCON_INT32(1), "state", BCON_INT32(1), "status",
		BCON_INT32(1), "locale", BCON_INT32(1), "cc", BCON_INT32(1),
		"}", "batchSize", BCON_INT32(BATCH));
	mongoc_cursor_t *cursor;

	append_type(&filter, "_id", objects);
	append_selected(&filter, "_id", selection);
	cursor = mongoc_collection_find_with_opts(followers, &filter, opts,
		NULL);
	bson_destroy(&filter);
	bson_destroy(opts);
	return cursor;
}

/* ---- the days of a month ------------------------------------------------- */

struct list {
	bson_t items;
	uint32_t n;
};

static void
add_item(struct list *list, bson_t *item)
{
	char at_room[16];
	const char *at;

	bson_uint32_to_string(list->n++, &at, at_room, sizeof at_room);
	BSON_APPEND_DOCUMENT(&list->items, at, item);
	bson_destroy(item);
}

/* Texts from the first bound up to the second. */
static void
add_range(struct list *list, const char *from, const char *end)
{
	add_item(list, BCON_NEW("date", "{", "$gte", BCON_UTF8(from), "$lt",
		BCON_UTF8(end), "}"));
}

/* Texts of one year, by the characters after it; end NULL: to the end of the
 * year. */
static void
add_of_year(struct list *list, int year, const char *from, const char *end)
{
	char texts[2][24];

	snprintf(texts[0], sizeof texts[0], "%04d%s", year, from);
	snprintf(texts[1], sizeof texts[1], "%04d%s", end != NULL ? year :
		year + 1, end != NULL ? end : "");
	add_range(list, texts[0], texts[1]);
}

/* Texts that begin with the prefix. */
static void
add_prefix(struct list *list, const char *prefix)
{
	char end[24];

	snprintf(end, sizeof end, "%s", prefix);
	end[strlen(end) - 1]++;
	add_range(list, prefix, end);
}

/* Dates are text, 2025-06-02 or 20250602. So a month consists of the texts
 * between two dates, and of texts with the same beginning. */
static void
add_bson_month(struct list *list, struct rw_period period)
{
	char text[24];

	snprintf(text, sizeof text, "%04d-%02d-", period.year, period.month);
	add_prefix(list, text);
	snprintf(text, sizeof text, "%04d%02d", period.year, period.month);
	add_prefix(list, text);
	/* 20251 is before 20251005. */
	if (period.month == 1)
		add_of_year(list, period.year, "1", "10");
}

/* "2025-01-" to "2025-12-". "2025-13-06" has the day first, and "2025-154" is
 * the day of a year. */
static void
add_months(struct list *list, int year)
{
	char text[24];
	int month;

	for (month = 1; month <= 12; month++) {
		snprintf(text, sizeof text, "%04d-%02d-", year, month);
		add_prefix(list, text);
	}
}

/* Dates that are certainly in a different month, or are found by their month.
 * Nearly all dates match, so the usual forms come first. In ASCII, the order is
 * "-", ".", "/", the digits, ":". */
static void
add_clear(struct list *list, struct rw_period period)
{
	struct rw_date last = {period.year, period.month,
		rw_period_days(period)};
	const int64_t a_day = 86400000;
	int64_t end = (rw_date_serial(last) + 1) * a_day;
	int64_t start = end - (int64_t)last.day * a_day;
	char year[16];

	add_months(list, period.year);
	snprintf(year, sizeof year, "%04d", period.year);
	add_range(list, "200", year);
	snprintf(year, sizeof year, "%04d", period.year + 1);
	add_range(list, year, "21");
	add_of_year(list, period.year, "0", "13");
	add_range(list, "1970", "20");
	/* A point in time belongs to a day only in a given time zone. */
	add_item(list, BCON_NEW("date", "{", "$lt", BCON_DATE_TIME(start -
		2 * a_day), "}"));
	add_item(list, BCON_NEW("date", "{", "$gte", BCON_DATE_TIME(end +
		2 * a_day), "}"));
}

/* { KEY: [the elements that add appends] } */
static bson_t *
list_of(const char *key, void (*add)(struct list *, struct rw_period),
	struct rw_period period)
{
	bson_t *filter = bson_new();
	struct list list = {.n = 0};

	BSON_APPEND_ARRAY_BEGIN(filter, key, &list.items);
	add(&list, period);
	bson_append_array_end(filter, &list.items);
	return filter;
}

static void
add_odd(struct list *list, struct rw_period period)
{
	bson_t *month = list_of("$or", add_bson_month, period), *item;
	char text[24];

	add_item(list, list_of("$nor", add_clear, period));
	/* The 20th, and the day comes first. */
	snprintf(text, sizeof text, "20%02d%02d", period.month,
		period.year % 100);
	add_prefix(list, text);
	snprintf(text, sizeof text, "20%02d%04d", period.month, period.year);
	add_prefix(list, text);
	item = BCON_NEW("$nor", "[", "{", "follower_id", "{", "$type",
		BCON_INT32(BSON_TYPE_UTF8), "}", "}", "{", "follower_id", "{",
		"$type", BCON_INT32(BSON_TYPE_OID), "}", "}", "]");
	bson_concat(item, month);
	add_item(list, item);
	item = BCON_NEW("follower_id.0", "{", "$exists", BCON_BOOL(true), "}");
	bson_concat(item, month);
	add_item(list, item);
	/* With blanks around it, for example, as in rw_day_is_padded. */
	item = BCON_NEW("$and", "[", "{", "follower_id", "{", "$type",
		BCON_INT32(BSON_TYPE_UTF8), "}", "}", "{", "follower_id", "{",
		"$regex", BCON_UTF8("^[^A-Za-z0-9._-]|[^A-Za-z0-9._-]$"), "}",
		"}", "]");
	bson_concat(item, month);
	add_item(list, item);
	bson_destroy(month);
}

mongoc_cursor_t *
rw_query_days(mongoc_collection_t *daily, const struct rw_selection *selection,
	struct rw_period period, bool objects)
{
	bson_t *match = list_of("$or", add_bson_month, period), *opts;
	mongoc_cursor_t *cursor;

	append_type(match, "follower_id", objects);
	append_selected(match, "follower_id", selection);
	opts = BCON_NEW("sort", "{", "follower_id", BCON_INT32(1), "date",
		BCON_INT32(1), "}", "projection", "{", "follower_id",
		BCON_INT32(1), "date", BCON_INT32(1), "total_pnl",
		BCON_INT32(1), "}", "allowDiskUse", BCON_BOOL(true),
		"batchSize", BCON_INT32(BATCH));
	cursor = mongoc_collection_find_with_opts(daily, match, opts,
		NULL);
	bson_destroy(match);
	bson_destroy(opts);
	return cursor;
}

mongoc_cursor_t *
rw_query_odd_days(mongoc_collection_t *daily, struct rw_period period)
{
	bson_t *match = list_of("$or", add_odd, period), *opts;
	mongoc_cursor_t *cursor;

	opts = BCON_NEW("sort", "{", "follower_id", BCON_INT32(1), "}",
		"projection", "{", "follower_id", BCON_INT32(1), "date",
		BCON_INT32(1), "}", "allowDiskUse", BCON_BOOL(true),
		"batchSize", BCON_INT32(BATCH));
	cursor = mongoc_collection_find_with_opts(daily, match, opts, NULL);
	bson_destroy(match);
	bson_destroy(opts);
	return cursor;
}

mongoc_cursor_t *
rw_query_first_day(mongoc_collection_t *daily)
{
	bson_t match = BSON_INITIALIZER;
	bson_t *opts = BCON_NEW("limit", BCON_INT64(1));
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(daily,
		&match, opts, NULL);

	bson_destroy(&match);
	bson_destroy(opts);
	return cursor;
}

mongoc_cursor_t *
rw_query_collection(mongoc_database_t *db, const char *name)
{
	bson_t *opts = BCON_NEW("filter", "{", "name", BCON_UTF8(name), "}",
		"nameOnly", BCON_BOOL(true), "authorizedCollections",
		BCON_BOOL(true));
	mongoc_cursor_t *cursor;

	cursor = mongoc_database_find_collections_with_opts(db, opts);
	bson_destroy(opts);
	return cursor;
}
