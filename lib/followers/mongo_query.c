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

/* Dates are text, 2025-06-02 or 20250602, so a month is what lies between two
 * of them. Days whose date is none are looked for as well: whoever reads them
 * says so, rather than make a sum without them. Sorting a whole month without
 * an index may need the server's disk. */
static bson_t *
match_month(struct rw_period period)
{
	struct rw_date last = {period.year, period.month,
		rw_period_days(period)};
	int64_t end = (rw_date_serial(last) + 1) * 86400000;
	int64_t start = end - (int64_t)last.day * 86400000;
	int64_t compact = period.year * 10000 + period.month * 100;
	char month[RW_PERIOD_SIZE], texts[4][24];

	rw_period_text(month, period);
	snprintf(texts[0], sizeof texts[0], "%s-", month);
	snprintf(texts[1], sizeof texts[1], "%s-~", month);
	snprintf(texts[2], sizeof texts[2], "%06lld",
		(long long)compact / 100);
	snprintf(texts[3], sizeof texts[3], "%06lld~",
		(long long)compact / 100);
	return BCON_NEW("$or", "[",
		"{", "date", "{", "$gte", BCON_UTF8(texts[0]),
		"$lte", BCON_UTF8(texts[1]), "}", "}",
		"{", "date", "{", "$gte", BCON_UTF8(texts[2]),
		"$lte", BCON_UTF8(texts[3]), "}", "}",
		"{", "date", "{", "$gte", BCON_DATE_TIME(start),
		"$lt", BCON_DATE_TIME(end), "}", "}",
		"{", "date", "{", "$gte", BCON_INT64(compact),
		"$lte", BCON_INT64(compact + 99), "}", "}", "]");
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
rw_query_nobodys(mongoc_collection_t *daily, const struct rw_period *period)
{
	bson_t *match = period != NULL ? match_month(*period) : bson_new();
	bson_t *opts = BCON_NEW("limit", BCON_INT64(1));
	mongoc_cursor_t *cursor;

	/* Null is what is missing, too. */
	if (period != NULL)
		BSON_APPEND_NULL(match, "follower_id");
	cursor = mongoc_collection_find_with_opts(daily, match, opts, NULL);
	bson_destroy(match);
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
