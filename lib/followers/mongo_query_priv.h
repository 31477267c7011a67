/*
 * The queries to MongoDB for followers and their days, in the order of the
 * followers. For mongo_*.c and followers_mongo.c only. The caller owns the
 * cursors.
 */
#ifndef RW_FOLLOWERS_MONGO_QUERY_PRIV_H
#define RW_FOLLOWERS_MONGO_QUERY_PRIV_H

#include "base/period.h"
#include "followers/selection.h"

struct _mongoc_collection_t;
struct _mongoc_cursor_t;
struct _mongoc_database_t;

/* Followers whose _id is an ObjectId, or is not one. For a long selection,
 * returns all of them, and the caller filters. */
struct _mongoc_cursor_t *
rw_query_followers(struct _mongoc_collection_t *followers,
	const struct rw_selection *selection, bool objects);

/* Days whose date is a text that begins with the month, as 2025-06 or 202506,
 * in the order of the follower_id. Some are malformed, or in a different
 * month. */
struct _mongoc_cursor_t *
rw_query_days(struct _mongoc_collection_t *daily,
	const struct rw_selection *selection, struct rw_period period,
	bool objects);

/* Days of all followers whose date has a different form and may be in the
 * month, and days of the month whose follower_id is neither a string nor an
 * ObjectId, or is a string with blanks around it. A few are in a different
 * month. Days without a follower_id come first. */
struct _mongoc_cursor_t *
rw_query_odd_days(struct _mongoc_collection_t *daily,
	struct rw_period period);

/* At most one document of the collection, with any contents. */
struct _mongoc_cursor_t *
rw_query_first_day(struct _mongoc_collection_t *daily);

/* The collection's name, if it exists and is readable. */
struct _mongoc_cursor_t *
rw_query_collection(struct _mongoc_database_t *db, const char *name);

#endif
