#include "followers/mongo_merge_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

#include "wire/mongo.h"
#include "followers/bson_priv.h"
#include "followers/mongo_query_priv.h"

/* A missing collection reads like an empty one, and every follower would get a
 * statement without days. A server that does not answer this query answers no
 * query at all, or is too old to support it. */
bool
rw_mongo_require(struct rw_mongo *mongo, const char *collection, struct rw_err *err)
{
	mongoc_cursor_t *cursor = rw_query_collection(mongo->db, collection);
	const char *name = NULL;
	const bson_t *found;
	bson_error_t error;
	bool good = false, there;

	/* Some servers ignore the filter. */
	while (!good && mongoc_cursor_next(cursor, &found))
		good = rw_bson_text(found, "name", &there, &name) &&
			name != NULL && strcmp(name, collection) == 0;
	good = good || mongoc_cursor_error(cursor, &error);
	mongoc_cursor_destroy(cursor);
	return good || rw_fail(err, RW_CONFIG, "%s: the collection %s does "
		"not exist, or its user may not read it: check the name of "
		"the database (MONGO_DB_NAME)", mongo->name, collection);
}

static void
read_id(const bson_t *document, const char *member, struct rw_mongo_side *side)
{
	const char *text;
	bson_iter_t iter;
	bool there;

	side->has_id = true;
	if (rw_bson_text(document, member, &there, &text) && there) {
		snprintf(side->id, sizeof side->id, "%s", text);
	} else if (bson_iter_init_find(&iter, document, member) &&
	    BSON_ITER_HOLDS_OID(&iter)) {
		bson_oid_to_string(bson_iter_oid(&iter), side->id);
	} else {
		side->has_id = false;
		side->id[0] = '\0';
	}
}

/* A document out of order would be taken for missing. A document without a
 * place in the order may be at either end. */
static bool
read_side(struct rw_mongo_merge *merge, struct rw_mongo_side *side,
	struct rw_err *err)
{
	char before[RW_FOLLOWER_ID_SIZE];
	const bson_t *document;
	bool had_id = side->has_id;
	bson_error_t error;

	if (side->is_read)
		return true;
	memcpy(before, side->id, sizeof before);
	side->is_read = true;
	side->document = NULL;
	if (!mongoc_cursor_next(side->cursor, &document)) {
		return !mongoc_cursor_error(side->cursor, &error) ||
			rw_mongo_fail(merge->mongo, strcmp(merge->collection,
			"followers") == 0 ? "read followers" :
			"read daily_pnl", &error, err);
	}
	side->document = document;
	read_id(document, merge->member, side);
	return !had_id || !side->has_id || strcmp(before, side->id) <= 0 ||
		rw_fail(err, RW_CONFIG, "%s, %s: not sorted by the bytes of "
		"%s (has the collection a collation?)", merge->mongo->name,
		merge->collection, merge->member);
}

bool
rw_mongo_merge_next(struct rw_mongo_merge *merge,
	const struct _bson_t **document, const char **id, struct rw_err *err)
{
	struct rw_mongo_side *a = &merge->sides[0], *b = &merge->sides[1];
	struct rw_mongo_side *first;

	if (!read_side(merge, a, err) || !read_side(merge, b, err))
		return false;
	first = a->document == NULL || (b->document != NULL && a->has_id &&
		strcmp(b->id, a->id) < 0) ? b : a;
	first->is_read = first->document == NULL;
	*document = first->document;
	*id = first->id;
	return true;
}

void
rw_mongo_merge_free(struct rw_mongo_merge *merge)
{
	mongoc_cursor_destroy(merge->sides[0].cursor);
	mongoc_cursor_destroy(merge->sides[1].cursor);
}
