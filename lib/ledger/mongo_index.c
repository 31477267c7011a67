/* Makes the two unique indexes that prevent duplicate entries, and reports the
 * obstacles to an index. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <string.h>

/* One entry for each follower and month, and one for each claim. Entries of the
 * Python system have no claim, so the second index is sparse. */
static const struct index {
	const char *name, *members[3];
	bool sparse;
} indexes[] = {
	{"follower_id_1_report_period_1", {"follower_id", "report_period"},
		false},
	{"claim_1", {"claim"}, true},
};

static bool
is_on(const bson_t *found, const struct index *index)
{
	bson_iter_t iter, key;
	size_t i = 0;

	if (!bson_iter_init_find(&iter, found, "key") ||
	    !BSON_ITER_HOLDS_DOCUMENT(&iter) ||
	    !bson_iter_recurse(&iter, &key))
		return false;
	for (; bson_iter_next(&key); i++)
		if (index->members[i] == NULL ||
		    strcmp(bson_iter_key(&key), index->members[i]) != 0)
			return false;
	return index->members[i] == NULL;
}

/* An index with a different name is sufficient. */
static bool
look_for_index(struct rw_mongo_ledger *ledger, const struct index *index,
	bool *there, struct rw_err *err)
{
	mongoc_cursor_t *cursor = mongoc_collection_find_indexes_with_opts(
		ledger->entries, NULL);
	const bson_t *found;
	bson_iter_t iter;
	bool good = true;

	*there = false;
	while (good && mongoc_cursor_next(cursor, &found)) {
		if (!is_on(found, index))
			continue;
		*there = bson_iter_init_find(&iter, found, "unique") &&
			bson_iter_as_bool(&iter);
		good = *there || rw_fail(err, RW_CONFIG, "%s: the index of "
			ENTRIES " on %s is not unique; drop it, and a unique "
			"one is made", ledger->mongo.name, index->name);
	}
	return rw_mongo_end(&ledger->mongo, cursor, good, "list the indexes "
		"of " ENTRIES, err);
}

static bson_t *
index_command(const struct index *index)
{
	bson_t key = BSON_INITIALIZER, *command;
	size_t i;

	for (i = 0; index->members[i] != NULL; i++)
		BSON_APPEND_INT32(&key, index->members[i], 1);
	command = BCON_NEW("createIndexes", ENTRIES, "indexes", "[", "{",
		"key", BCON_DOCUMENT(&key), "name", BCON_UTF8(index->name),
		"unique", BCON_BOOL(true), "sparse", BCON_BOOL(index->sparse),
		"}", "]");
	bson_destroy(&key);
	return command;
}

/* A period and follower with several entries, for the message. */
static void
describe_duplicates(struct rw_mongo_ledger *ledger, struct rw_buf *words)
{
	bson_t *pipeline = BCON_NEW("pipeline", "[",
		"{", "$group", "{", "_id", "{",
		"follower_id", BCON_UTF8("$follower_id"),
		"report_period", BCON_UTF8("$report_period"), "}",
		"n", "{", "$sum", BCON_INT32(1), "}", "}", "}",
		"{", "$match", "{", "n", "{", "$gt", BCON_INT32(1), "}", "}",
		"}", "{", "$limit", BCON_INT32(10), "}", "]");
	mongoc_cursor_t *cursor = mongoc_collection_aggregate(ledger->entries,
		MONGOC_QUERY_NONE, pipeline, NULL, NULL);
	const bson_t *group;
	bson_iter_t iter, follower, period;

	while (mongoc_cursor_next(cursor, &group)) {
		bson_iter_init(&iter, group);
		if (!bson_iter_find_descendant(&iter, "_id.follower_id",
		    &follower) || !BSON_ITER_HOLDS_UTF8(&follower))
			continue;
		bson_iter_init(&iter, group);
		if (!bson_iter_find_descendant(&iter, "_id.report_period",
		    &period) || !BSON_ITER_HOLDS_UTF8(&period))
			continue;
		rw_buf_addf(words, "%s%.40s %.10s", words->len > 0 ? ", " : "",
			bson_iter_utf8(&follower, NULL),
			bson_iter_utf8(&period, NULL));
	}
	mongoc_cursor_destroy(cursor);
	bson_destroy(pipeline);
}

static bool
cannot_index(struct rw_mongo_ledger *ledger, const bson_error_t *error,
	struct rw_err *err)
{
	struct rw_buf words = {0};

	if (error->code != DUPLICATE_KEY)
		return rw_mongo_fail(&ledger->mongo, "make the unique index "
			"of " ENTRIES, error, err);
	describe_duplicates(ledger, &words);
	rw_fail(err, RW_CONFIG, "%s: " ENTRIES " has more than one entry for "
		"%.300s; delete all but one of each (keep one with email_sent "
		"true), then try again", ledger->mongo.name,
		words.len > 0 ? words.data : "the same follower and month");
	rw_buf_free(&words);
	return false;
}

static bool
make_index(struct rw_mongo_ledger *ledger, const struct index *index,
	struct rw_err *err)
{
	bson_t *command = index_command(index);
	bson_error_t error;
	bool good = mongoc_database_write_command_with_opts(ledger->mongo.db,
		command, NULL, NULL, &error);

	bson_destroy(command);
	return good || cannot_index(ledger, &error, err);
}

bool
rw_mongo_make_indexes(struct rw_mongo_ledger *ledger, struct rw_err *err)
{
	bool there;
	size_t i;

	for (i = 0; i < sizeof indexes / sizeof indexes[0]; i++)
		if (!look_for_index(ledger, &indexes[i], &there, err) ||
		    (!there && !make_index(ledger, &indexes[i], err)))
			return false;
	return true;
}
