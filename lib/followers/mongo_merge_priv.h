/*
 * Documents of one collection in the order of the bytes of a member that is a
 * string or an ObjectId. For mongo_*.c and followers_mongo.c only.
 */
#ifndef RW_FOLLOWERS_MONGO_MERGE_PRIV_H
#define RW_FOLLOWERS_MONGO_MERGE_PRIV_H

#include "followers/followers.h"

struct _bson_t;
struct _mongoc_cursor_t;
struct rw_mongo;

struct rw_mongo_side {
	struct _mongoc_cursor_t *cursor;
	const struct _bson_t *document;	/* NULL: after the last one */
	char id[RW_FOLLOWER_ID_SIZE];
	bool has_id, is_read;		/* is_read: document is the next one */
};

struct rw_mongo_merge {
	const struct rw_mongo *mongo;
	const char *collection, *member;
	struct rw_mongo_side sides[2];	/* all other ids; ObjectIds */
};

/* RW_CONFIG when the collection does not exist. */
bool
rw_mongo_require(struct rw_mongo *mongo, const char *collection,
	struct rw_err *err);

/* The next document; NULL after the last one. id is "" when the member is
 * neither a string nor an ObjectId. Both are borrowed until the next call.
 * RW_CONFIG when one side is not in order. */
bool
rw_mongo_merge_next(struct rw_mongo_merge *merge,
	const struct _bson_t **document, const char **id, struct rw_err *err);

void
rw_mongo_merge_free(struct rw_mongo_merge *merge);

#endif
