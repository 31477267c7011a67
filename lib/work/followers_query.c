#include "work/followers_query.h"

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

mongoc_cursor_t *
rw_query_followers(mongoc_collection_t *followers,
	const struct rw_followers_options *options)
{
	bson_t filter = BSON_INITIALIZER;
	bson_t *opts = BCON_NEW("sort", "{", "_id", BCON_INT32(1), "}",
		"projection", "{", "email", BCON_INT32(1), "name",
		BCON_INT32(1), "iban", BCON_INT32(1), "currency",
		BCON_INT32(1), "commission_pct", BCON_INT32(1), "}",
		"batchSize", BCON_INT32(BATCH));
	mongoc_cursor_t *cursor;

	BSON_APPEND_BOOL(&filter, "enabled", true);
	append_selected(&filter, "_id", options->selection);
	cursor = mongoc_collection_find_with_opts(followers, &filter, opts,
		NULL);
	bson_destroy(&filter);
	bson_destroy(opts);
	return cursor;
}

/* Dates are text, so the month is what lies between these two. Sorting a
 * whole month without an index may need the server's disk. */
mongoc_cursor_t *
rw_query_days(mongoc_collection_t *daily,
	const struct rw_followers_options *options, const char *type)
{
	bson_t match = BSON_INITIALIZER, date, *opts;
	char month[RW_PERIOD_SIZE], first[16], last[16];
	mongoc_cursor_t *cursor;

	rw_period_text(month, options->period);
	snprintf(first, sizeof first, "%s-", month);
	snprintf(last, sizeof last, "%s-~", month);
	BSON_APPEND_DOCUMENT_BEGIN(&match, "date", &date);
	BSON_APPEND_UTF8(&date, "$gte", first);
	BSON_APPEND_UTF8(&date, "$lte", last);
	bson_append_document_end(&match, &date);
	if (type != NULL)
		BCON_APPEND(&match, "follower_id", "{", "$type",
			BCON_UTF8(type), "}");
	else
		append_selected(&match, "follower_id", options->selection);
	opts = BCON_NEW("sort", "{", "follower_id", BCON_INT32(1), "date",
		BCON_INT32(1), "}", "projection", "{", "follower_id",
		BCON_INT32(1), "date", BCON_INT32(1), "total_pnl",
		BCON_INT32(1), "}", "allowDiskUse", BCON_BOOL(true),
		"batchSize", BCON_INT32(BATCH));
	cursor = mongoc_collection_find_with_opts(daily, &match, opts,
		NULL);
	bson_destroy(&match);
	bson_destroy(opts);
	return cursor;
}
