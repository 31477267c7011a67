#include "followers/followers_mongo.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "wire/mongo.h"
#include "followers/bson_priv.h"
#include "followers/mongo_merge_priv.h"
#include "followers/mongo_query_priv.h"

struct source {
	struct rw_mongo_merge merge;
	mongoc_collection_t *collection;
};

/* A collection that does not exist reads like an empty one, and everybody would
 * get a statement without days. A server that does not answer to this answers
 * to no query either, or is too old to know. */
static bool
exists(struct rw_mongo *mongo, const char *collection, struct rw_err *err)
{
	mongoc_cursor_t *cursor = rw_query_collection(mongo->db, collection);
	const char *name = NULL;
	const bson_t *found;
	bson_error_t error;
	bool good = false, there;

	/* Not every server heeds the filter. */
	while (!good && mongoc_cursor_next(cursor, &found))
		good = rw_bson_text(found, "name", &there, &name) &&
			name != NULL && strcmp(name, collection) == 0;
	good = good || mongoc_cursor_error(cursor, &error);
	mongoc_cursor_destroy(cursor);
	return good || rw_fail(err, RW_CONFIG, "%s: the collection %s does "
		"not exist, or its user may not read it: check the name of "
		"the database (MONGO_DB_NAME)", mongo->name, collection);
}

static struct source *
new_source(struct rw_mongo *mongo, const char *collection, const char *member,
	struct rw_err *err)
{
	struct source *source;

	if (!exists(mongo, collection, err))
		return NULL;
	source = calloc(1, sizeof *source);
	if (source == NULL) {
		rw_fail_memory(err, "%s", collection);
		return NULL;
	}
	source->merge = (struct rw_mongo_merge){.mongo = mongo,
		.collection = collection, .member = member};
	source->collection = mongoc_database_get_collection(mongo->db,
		collection);
	return source;
}

static void
close_cursors(void *self)
{
	struct source *source = self;

	rw_mongo_merge_free(&source->merge);
	mongoc_collection_destroy(source->collection);
	free(source);
}

/* ---- followers --------------------------------------------------------- */

static bool
read_text(const bson_t *document, const char *member, const char **text,
	struct rw_err *err)
{
	bool there;

	*text = NULL;
	if (!rw_bson_text(document, member, &there, text))
		return rw_fail(err, RW_DATA, "%s is not a string", member);
	if (!there)
		*text = NULL;
	return true;
}

static bool
set_text(struct rw_line *line, const bson_t *document, const char *member,
	struct rw_err *err)
{
	const char *text;

	if (!read_text(document, member, &text, err))
		return false;
	if (text != NULL)
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
set_cc(struct rw_line *line, const bson_t *document, struct rw_err *err)
{
	struct rw_buf json = {0};
	bool there;

	if (!rw_bson_texts(document, RW_M_CC, &there, &json)) {
		rw_buf_free(&json);
		return rw_fail(err, RW_DATA, "%s is neither a text nor a "
			"list of texts", RW_M_CC);
	}
	if (there)
		rw_line_set(line, RW_M_CC, rw_buf_text(&json), json.len);
	rw_buf_free(&json);
	return true;
}

static bool
judge(struct rw_follower *follower, const bson_t *document,
	struct rw_err *err)
{
	struct rw_follower_standing standing = {0};
	bool enabled, there;

	if (!rw_bson_bool(document, "enabled", &there, &enabled))
		return rw_fail(err, RW_DATA, "enabled is neither true nor "
			"false");
	standing.enabled = there ? &enabled : NULL;
	if (!read_text(document, "state", &standing.state, err) ||
	    !read_text(document, "status", &standing.status, err))
		return false;
	rw_follower_judge(follower, &standing);
	return true;
}

static bool
fill(struct rw_follower *follower, const bson_t *document, struct rw_err *err)
{
	struct rw_line *line = &follower->record.line;

	if (!judge(follower, document, err))
		return false;
	return follower->left_out[0] != '\0' ||
		(set_text(line, document, RW_M_EMAIL, err) &&
		set_text(line, document, RW_M_NAME, err) &&
		set_text(line, document, RW_M_IBAN, err) &&
		set_text(line, document, RW_M_CURRENCY, err) &&
		set_percentage(line, document, err) &&
		set_text(line, document, RW_M_LOCALE, err) &&
		set_cc(line, document, err));
}

static bool
next_follower(void *self, struct rw_follower *follower, bool *found,
	struct rw_err *err)
{
	struct source *source = self;
	const bson_t *document;
	struct rw_err why;
	const char *id;

	if (!rw_mongo_merge_next(&source->merge, &document, &id, err))
		return false;
	*found = document != NULL;
	if (*found) {
		rw_follower_begin(follower, *id != '\0' ? id : "?");
		if (!fill(follower, document, &why) &&
		    follower->wrong.kind == RW_OK)
			follower->wrong = why;
	}
	return true;
}

bool
rw_followers_mongo_open(struct rw_followers *followers,
	struct rw_mongo *mongo, const struct rw_selection *selection,
	struct rw_err *err)
{
	struct source *source = new_source(mongo, "followers", "_id", err);
	int i;

	if (source == NULL)
		return false;
	for (i = 0; i < 2; i++)
		source->merge.sides[i].cursor = rw_query_followers(
			source->collection, selection, i == 1);
	*followers = (struct rw_followers){source, mongo->name, next_follower,
		close_cursors};
	return true;
}

/* ---- days -------------------------------------------------------------- */

static void
read_day(struct rw_day *day, const bson_t *document)
{
	char amount[RW_MONEY_SIZE] = "0";
	const char *date;
	struct rw_err why;
	int64_t value;
	bool there, good;

	if (!rw_bson_text(document, "date", &there, &date) || !there)
		date = NULL;
	good = rw_bson_amount(document, "total_pnl", &there, &value, &why);
	if (good && there)
		rw_money_text(amount, value, 4);
	rw_day_read(day, date, good && !there ? NULL : amount, "total_pnl");
	if (!good && day->wrong.kind == RW_OK)
		day->wrong = why;
	if (day->id[0] == '\0')
		rw_fail(&day->wrong, RW_DATA, "follower_id is neither a string "
			"nor an ObjectId");
}

static bool
next_day(void *self, struct rw_day *day, bool *found, struct rw_err *err)
{
	struct source *source = self;
	const bson_t *document;
	const char *id;

	if (!rw_mongo_merge_next(&source->merge, &document, &id, err))
		return false;
	*found = document != NULL;
	if (*found) {
		rw_day_begin(day, id);
		read_day(day, document);
	}
	return true;
}

/* *is_nobodys: there is a document, and it has no follower_id. */
static bool
look_for_nobodys(struct source *source, const struct rw_period *period,
	bool *is_nobodys, struct rw_err *err)
{
	mongoc_cursor_t *cursor = rw_query_nobodys(source->collection, period);
	const bson_t *document;
	bson_iter_t iter;

	*is_nobodys = mongoc_cursor_next(cursor, &document) &&
		(!bson_iter_init_find(&iter, document, "follower_id") ||
		BSON_ITER_HOLDS_NULL(&iter));
	return rw_mongo_end(source->merge.mongo, cursor, true,
		"read daily_pnl", err);
}

static bool
is_of_followers(struct source *source, struct rw_period period,
	struct rw_err *err)
{
	bool first, of_month;

	if (!look_for_nobodys(source, NULL, &first, err) ||
	    !look_for_nobodys(source, &period, &of_month, err))
		return false;
	return (!first && !of_month) || rw_fail(err, RW_CONFIG, "%s: daily_pnl "
		"has figures without a follower_id, of the whole platform, "
		"which are nobody's P&L: set PNL_DATABASE_URL to the "
		"PostgreSQL database that has the P&L of each follower",
		source->merge.mongo->name);
}

bool
rw_days_mongo_open(struct rw_days *days, struct rw_mongo *mongo,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err)
{
	struct source *source = new_source(mongo, "daily_pnl", "follower_id",
		err);
	int i;

	if (source == NULL)
		return false;
	if (!is_of_followers(source, period, err)) {
		close_cursors(source);
		return false;
	}
	for (i = 0; i < 2; i++)
		source->merge.sides[i].cursor = rw_query_days(
			source->collection, selection, period, i == 1);
	*days = (struct rw_days){source, mongo->name, "daily_pnl", next_day,
		close_cursors};
	return true;
}
