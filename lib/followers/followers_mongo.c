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

static struct source *
new_source(struct rw_mongo *mongo, const char *collection, const char *member,
	struct rw_err *err)
{
	struct source *source;

	if (!rw_mongo_require(mongo, collection, err))
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
	char value[RW_BSON_WORDS];
	bool there;

	*text = NULL;
	if (!rw_bson_text(document, member, &there, text)) {
		rw_bson_describe(document, member, value, sizeof value);
		return rw_fail(err, RW_DATA, "%s is not a string but %s",
			member, value);
	}
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
	char value[RW_BSON_WORDS];
	bool enabled, there;

	if (!rw_bson_bool(document, "enabled", &there, &enabled)) {
		rw_bson_describe(document, "enabled", value, sizeof value);
		return rw_fail(err, RW_DATA, "enabled is neither true nor "
			"false but %s", value);
	}
	standing.enabled = there ? &enabled : NULL;
	if (!read_text(document, "state", &standing.state, err) ||
	    !read_text(document, "status", &standing.status, err))
		return false;
	if (!there && standing.status == NULL &&
	    bson_has_field(document, "enabled"))
		return rw_fail(err, RW_DATA, "enabled is null, and there is no "
			"status: expected true or false");
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

static void
refuse_id(struct rw_follower *follower, const bson_t *document)
{
	char value[RW_BSON_WORDS];

	rw_bson_describe(document, "_id", value, sizeof value);
	rw_fail(&follower->wrong, RW_DATA, "_id is %s: expected a string or an "
		"ObjectId", value);
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
		if (*id == '\0')
			refuse_id(follower, document);
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
