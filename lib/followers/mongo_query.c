#include "followers/mongo_query_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

enum {
	NAMES_IN_QUERY = 1000,	/* the caller picks out more than these */
	/* Documents that the driver holds at once; 16 MB of them otherwise. */
	BATCH = 1000,
};

/* { $in: [ids, and as ObjectIds those that may be ones] } */
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

struct ranges {
	bson_t list;
	uint32_t n;
};

/* { date: { $gte: from, $lt: end } }; end NULL: no end. Both are strings, and
 * so is what they find. */
static void
add_range(struct ranges *ranges, const char *from, const char *end)
{
	char at_room[16];
	const char *at;
	bson_t item, range;

	bson_uint32_to_string(ranges->n++, &at, at_room, sizeof at_room);
	BSON_APPEND_DOCUMENT_BEGIN(&ranges->list, at, &item);
	BSON_APPEND_DOCUMENT_BEGIN(&item, "date", &range);
	BSON_APPEND_UTF8(&range, "$gte", from);
	if (end != NULL)
		BSON_APPEND_UTF8(&range, "$lt", end);
	bson_append_document_end(&item, &range);
	bson_append_document_end(&ranges->list, &item);
}

/* What begins with it. */
static void
add_prefix(struct ranges *ranges, const char *prefix)
{
	char end[24];

	snprintf(end, sizeof end, "%s", prefix);
	end[strlen(end) - 1]++;
	add_range(ranges, prefix, end);
}

/* From and end of the year's texts. */
static void
add_of_year(struct ranges *ranges, int year, const char *from,
	const char *end)
{
	char texts[2][24];

	snprintf(texts[0], sizeof texts[0], "%04d%s", year, from);
	snprintf(texts[1], sizeof texts[1], "%04d%s", end != NULL ? year :
		year + 1, end != NULL ? end : "");
	add_range(ranges, texts[0], texts[1]);
}

/* Dates are text, 2025-06-02 or 20250602, so a month is what lies between two
 * of them, and what has the month in other forms, or has none that is known:
 * whoever reads them says so, rather than make a sum without them. Of the texts
 * that are surely of other months, which are many, few are found: ASCII has
 * "-", ".", "/", the digits and ":" in this order. */
static void
add_texts(struct ranges *ranges, struct rw_period period)
{
	char text[24];
	int year = period.year, month = period.month;

	snprintf(text, sizeof text, "%04d-%02d", year, month);
	add_prefix(ranges, text);
	snprintf(text, sizeof text, "%04d%02d", year, month);
	add_prefix(ranges, text);
	add_range(ranges, "", "1970");
	add_range(ranges, "20", "200");
	add_range(ranges, "21", NULL);
	add_of_year(ranges, year, "", "-0");
	add_of_year(ranges, year, "-:", "0");
	add_of_year(ranges, year, ":", NULL);
	if (month < 10) {
		snprintf(text, sizeof text, "%04d-%d", year, month);
		if (month > 1)
			add_prefix(ranges, text);
		else
			add_of_year(ranges, year, "-1", "-10");
		snprintf(text, sizeof text, "%04d%d", year, month);
		add_prefix(ranges, text);
	}
	/* The 20th, and the day comes first. */
	snprintf(text, sizeof text, "20%02d%02d", month, year % 100);
	add_prefix(ranges, text);
	snprintf(text, sizeof text, "20%02d%04d", month, year);
	add_prefix(ranges, text);
}

static bson_t *
match_month(struct rw_period period)
{
	struct rw_date last = {period.year, period.month,
		rw_period_days(period)};
	const int64_t a_day = 86400000;
	int64_t end = (rw_date_serial(last) + 1) * a_day;
	int64_t start = end - (int64_t)last.day * a_day;
	struct ranges ranges = {.n = 0};
	bson_t *match = bson_new(), *other;
	char at_room[16];
	const char *at;

	BSON_APPEND_ARRAY_BEGIN(match, "$or", &ranges.list);
	add_texts(&ranges, period);
	/* A time is of a day only in a time zone. */
	other = BCON_NEW("date", "{", "$gte", BCON_DATE_TIME(start - 2 *
		a_day), "$lt", BCON_DATE_TIME(end + 2 * a_day), "}");
	bson_uint32_to_string(ranges.n++, &at, at_room, sizeof at_room);
	BSON_APPEND_DOCUMENT(&ranges.list, at, other);
	bson_destroy(other);
	other = BCON_NEW("$nor", "[", "{", "date", "{", "$type",
		BCON_INT32(BSON_TYPE_UTF8), "}", "}", "{", "date", "{",
		"$type", BCON_INT32(BSON_TYPE_DATE_TIME), "}", "}", "]");
	bson_uint32_to_string(ranges.n++, &at, at_room, sizeof at_room);
	BSON_APPEND_DOCUMENT(&ranges.list, at, other);
	bson_destroy(other);
	bson_append_array_end(match, &ranges.list);
	return match;
}

mongoc_cursor_t *
rw_query_days(mongoc_collection_t *daily, const struct rw_selection *selection,
	struct rw_period period, bool objects)
{
	bson_t *match = match_month(period), *opts;
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
rw_query_odd_days(mongoc_collection_t *daily, struct rw_period period,
	bool blanks)
{
	bson_t *match = match_month(period), *opts;
	mongoc_cursor_t *cursor;

	BCON_APPEND(match, "$and", "[", "{", "$or", "[",
		"{", "$nor", "[", "{", "follower_id", "{", "$type",
		BCON_INT32(BSON_TYPE_UTF8), "}", "}", "{", "follower_id", "{",
		"$type", BCON_INT32(BSON_TYPE_OID), "}", "}", "]", "}",
		"{", "follower_id.0", "{", "$exists", BCON_BOOL(true), "}",
		"}", "{", "follower_id", "{", "$regex",
		BCON_UTF8(blanks ? "^[\\x00-\\x20]|[\\x00-\\x20]$" : "^$"), "}",
		"}", "]", "}", "]");
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
