/* Lists and counts the ledger in MongoDB. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

static bson_t *
list_filter(const struct rw_ledger_query *query)
{
	bson_t *filter = bson_new(), in, list;
	char at_room[16];
	const char *at;
	size_t i;

	if (query->period != NULL)
		BSON_APPEND_UTF8(filter, "report_period", query->period);
	if (query->run_id != NULL)
		BSON_APPEND_UTF8(filter, "run_id", query->run_id);
	if (query->follower_count == 0)
		return filter;
	BSON_APPEND_DOCUMENT_BEGIN(filter, "follower_id", &in);
	BSON_APPEND_ARRAY_BEGIN(&in, "$in", &list);
	for (i = 0; i < query->follower_count; i++) {
		bson_uint32_to_string((uint32_t)i, &at, at_room,
			sizeof at_room);
		BSON_APPEND_UTF8(&list, at, query->followers[i]);
	}
	bson_append_array_end(&in, &list);
	bson_append_document_end(filter, &in);
	return filter;
}

/* If an entry in the history has the same claim as the current one, both are
 * the same: it was saved for a claim that was never written. */
static bool
is_past(struct rw_mongo_ledger *ledger, const struct rw_entry *row,
	bool *past, struct rw_err *err)
{
	struct rw_entry entry = {0};
	struct rw_slot slot = {{rw_entry_text(row, RW_F_FOLLOWER_ID),
		rw_entry_text(row, RW_F_REPORT_PERIOD)}, &entry};
	bool good = rw_mongo_load(ledger, &slot, 1, true, err);
	const char *then = rw_entry_text(row, RW_F_CLAIM);
	const char *now = rw_entry_text(&entry, RW_F_CLAIM);

	*past = then == NULL || now == NULL ? then != now :
		strcmp(then, now) != 0;
	rw_entry_free(&entry);
	return good;
}

static bool
visit_row(struct rw_mongo_ledger *ledger, const struct rw_ledger_query *query,
	const struct rw_entry *row, rw_ledger_visit *visit, void *context,
	struct rw_err *err)
{
	bool wanted = true;

	if (!rw_entry_has(row, RW_F_FOLLOWER_ID) ||
	    !rw_entry_has(row, RW_F_REPORT_PERIOD))
		return true;
	if (query->history && !is_past(ledger, row, &wanted, err))
		return false;
	return !wanted || visit(context, row, err);
}

bool
rw_mongo_each(void *handle, const struct rw_ledger_query *query,
	struct rw_entry *room, rw_ledger_visit *visit, void *context,
	struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t *filter = list_filter(query);
	bson_t *opts = BCON_NEW("sort", "{", "follower_id", BCON_INT32(1),
		"report_period", BCON_INT32(1), "}", "batchSize",
		BCON_INT32(1000));
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		query->history ? ledger->history : ledger->entries, filter,
		opts, NULL);
	const bson_t *document;
	bool good = true;

	while (good && mongoc_cursor_next(cursor, &document))
		good = rw_mongo_read(document, room, err) &&
			visit_row(ledger, query, room, visit, context, err);
	good = rw_mongo_end(&ledger->mongo, cursor, good, "read the entries",
		err);
	bson_destroy(filter);
	bson_destroy(opts);
	return good;
}

/* ---- earlier months ------------------------------------------------------ */

/* All keys have months before the newest one; the visitor compares each. */
static bson_t *
earlier_filter(const struct rw_key *keys, size_t n)
{
	bson_t *filter = bson_new(), in, list;
	const char *newest = "", *at;
	char at_room[16];
	size_t i;

	BSON_APPEND_DOCUMENT_BEGIN(filter, "follower_id", &in);
	BSON_APPEND_ARRAY_BEGIN(&in, "$in", &list);
	for (i = 0; i < n; i++) {
		bson_uint32_to_string((uint32_t)i, &at, at_room,
			sizeof at_room);
		BSON_APPEND_UTF8(&list, at, keys[i].follower_id);
		if (strcmp(keys[i].period, newest) > 0)
			newest = keys[i].period;
	}
	bson_append_array_end(&in, &list);
	bson_append_document_end(filter, &in);
	BCON_APPEND(filter, "report_period", "{", "$lt", BCON_UTF8(newest),
		"}");
	return filter;
}

static bson_t *
earlier_options(void)
{
	static const enum rw_field fields[] = {RW_F_FOLLOWER_ID,
		RW_F_REPORT_PERIOD, RW_F_EMAIL_SENT, RW_F_CURRENCY,
		RW_F_TOTAL_PNL, RW_F_COMMISSION_AMOUNT, RW_F_OPENING_BALANCE};
	bson_t *opts = BCON_NEW("sort", "{", "follower_id", BCON_INT32(1),
		"report_period", BCON_INT32(1), "}", "batchSize",
		BCON_INT32(1000)), list;
	size_t i;

	BSON_APPEND_DOCUMENT_BEGIN(opts, "projection", &list);
	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		BSON_APPEND_INT32(&list, rw_fields[fields[i]].name, 1);
	bson_append_document_end(opts, &list);
	return opts;
}

static void
visit_month(const struct rw_entry *entry, rw_past_visit *visit, void *context)
{
	const struct rw_past_month month = {
		rw_entry_text(entry, RW_F_FOLLOWER_ID),
		rw_entry_text(entry, RW_F_REPORT_PERIOD),
		rw_entry_text(entry, RW_F_TOTAL_PNL),
		rw_entry_text(entry, RW_F_COMMISSION_AMOUNT),
		rw_entry_text(entry, RW_F_CURRENCY),
		rw_entry_text(entry, RW_F_OPENING_BALANCE)};

	if (rw_entry_number(entry, RW_F_EMAIL_SENT, 0) != 0 &&
	    month.follower_id != NULL && month.period != NULL &&
	    month.pnl != NULL && month.commission != NULL)
		visit(context, &month);
}

bool
rw_mongo_earlier(void *handle, const struct rw_key *keys, size_t n,
	rw_past_visit *visit, void *context, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t *filter = earlier_filter(keys, n), *opts = earlier_options();
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		ledger->entries, filter, opts, NULL);
	struct rw_entry room = {0};
	const bson_t *document;
	bool good = true;

	while (good && mongoc_cursor_next(cursor, &document)) {
		good = rw_mongo_read(document, &room, err);
		if (good)
			visit_month(&room, visit, context);
	}
	good = rw_mongo_end(&ledger->mongo, cursor, good, "read " ENTRIES,
		err);
	rw_entry_free(&room);
	bson_destroy(filter);
	bson_destroy(opts);
	return good;
}

/* Our _id begins with the month; ":" is the character after the digits. */
static bool
find_end(struct rw_mongo_ledger *ledger, int order,
	char period[RW_PERIOD_SIZE], struct rw_err *err)
{
	bson_t *filter = BCON_NEW("_id", "{", "$lt", BCON_UTF8(":"), "}");
	bson_t *opts = BCON_NEW("sort", "{", "_id", BCON_INT32(order), "}",
		"limit", BCON_INT64(1), "projection", "{", "_id",
		BCON_INT32(1), "}");
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		ledger->entries, filter, opts, NULL);
	const bson_t *document;
	bson_iter_t id;
	bool good;

	period[0] = '\0';
	if (mongoc_cursor_next(cursor, &document) &&
	    bson_iter_init_find(&id, document, "_id") &&
	    BSON_ITER_HOLDS_UTF8(&id))
		snprintf(period, RW_PERIOD_SIZE, "%.*s", RW_PERIOD_SIZE - 1,
			bson_iter_utf8(&id, NULL));
	good = rw_mongo_end(&ledger->mongo, cursor, true, "read " ENTRIES,
		err);
	bson_destroy(filter);
	bson_destroy(opts);
	return good;
}

bool
rw_mongo_newest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return find_end(handle, -1, period, err);
}

bool
rw_mongo_oldest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return find_end(handle, 1, period, err);
}

static void
tally_document(const bson_t *document, rw_ledger_tally *tally, void *context)
{
	bson_iter_t iter, counts;

	if (bson_iter_init_find(&iter, document, "counts") &&
	    BSON_ITER_HOLDS_DOCUMENT(&iter) &&
	    bson_iter_recurse(&iter, &counts))
		while (bson_iter_next(&counts))
			tally(context, bson_iter_key(&counts),
				(uint64_t)bson_iter_as_int64(&counts));
}

bool
rw_mongo_each_count(void *handle, const char *run_id, rw_ledger_tally *tally,
	void *context, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t *filter = BCON_NEW("run_id", BCON_UTF8(run_id));
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		ledger->runs, filter, NULL, NULL);
	const bson_t *document;
	bool good;

	while (mongoc_cursor_next(cursor, &document))
		tally_document(document, tally, context);
	good = rw_mongo_end(&ledger->mongo, cursor, true, "read the counts",
		err);
	bson_destroy(filter);
	return good;
}
