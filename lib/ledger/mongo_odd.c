/* Finds malformed entries of other programs: they must not be mistaken for
 * reports that were not sent. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

enum { NAMED = 5 };

/* Each of our entries has a claim. An int is read as true or false; any other
 * value of email_sent is unclear. */
static bson_t *
odd_filter(void)
{
	return BCON_NEW("$or", "[",
		/* For MongoDB, a list matches the type of each of its
		 * values. */
		"{", "follower_id.0", "{", "$exists", BCON_BOOL(true), "}",
		"}", "{", "report_period.0", "{", "$exists", BCON_BOOL(true),
		"}", "}", "{", "email_sent.0", "{", "$exists",
		BCON_BOOL(true), "}", "}",
		"{", "$nor", "[", "{", "follower_id", "{", "$type",
		BCON_INT32(BSON_TYPE_UTF8), "}", "}", "]", "}",
		"{", "$nor", "[", "{", "report_period", "{", "$regex",
		BCON_UTF8("^[0-9]{4}-[0-9]{2}$"), "}", "}", "]", "}",
		"{", "follower_id", "{", "$regex",
		BCON_UTF8("^[\\x00-\\x20]|[\\x00-\\x20]$|^$"), "}", "}",
		"{", "$nor", "[",
		"{", "email_sent", "{", "$type", BCON_INT32(BSON_TYPE_BOOL),
		"}", "}",
		"{", "email_sent", "{", "$type", BCON_INT32(BSON_TYPE_INT32),
		"}", "}",
		"{", "email_sent", "{", "$type", BCON_INT32(BSON_TYPE_INT64),
		"}", "}",
		"{", "claim", "{", "$type", BCON_INT32(BSON_TYPE_UTF8), "}",
		"}", "]", "}", "]");
}

/* Appends {"follower_id":...} as the driver writes it, without the braces. */
static void
add_words(struct rw_buf *words, const bson_t *document)
{
	static const char *const members[] = {"_id", "follower_id",
		"report_period", "email_sent"};
	bson_t shown = BSON_INITIALIZER;
	bson_iter_t iter;
	char *json;
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (bson_iter_init_find(&iter, document, members[i]))
			bson_append_iter(&shown, members[i], -1, &iter);
	json = bson_as_relaxed_extended_json(&shown, NULL);
	rw_buf_addf(words, "%s%.160s", words->len > 0 ? ", " : "",
		json != NULL ? json : "{}");
	bson_free(json);
	bson_destroy(&shown);
}

bool
rw_mongo_look_for_odd(struct rw_mongo_ledger *ledger, struct rw_err *err)
{
	bson_t *filter = odd_filter();
	bson_t *opts = BCON_NEW("limit", BCON_INT64(NAMED), "projection", "{",
		"follower_id", BCON_INT32(1), "report_period", BCON_INT32(1),
		"email_sent", BCON_INT32(1), "}");
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		ledger->entries, filter, opts, NULL);
	struct rw_buf words = {0};
	const bson_t *document;
	bool good;

	while (mongoc_cursor_next(cursor, &document))
		if (words.len < 300)
			add_words(&words, document);
	good = rw_mongo_end(&ledger->mongo, cursor, true, "read " ENTRIES, err);
	if (good && words.len > 0)
		good = rw_fail(err, RW_CONFIG, "%s: in " ENTRIES " it is not "
			"clear what was sent: expected follower_id as a "
			"string, report_period as 2025-06 and email_sent true "
			"or false; correct: %.300s", ledger->mongo.name,
			words.data);
	bson_destroy(filter);
	bson_destroy(opts);
	rw_buf_free(&words);
	return good;
}
