/*
 * What is asked of MongoDB about followers and their days, in the order of the
 * followers. For followers_mongo*.c alone. The cursors are the caller's.
 */
#ifndef RW_FOLLOWERS_MONGO_QUERY_PRIV_H
#define RW_FOLLOWERS_MONGO_QUERY_PRIV_H

#include "base/period.h"
#include "followers/selection.h"

struct _mongoc_collection_t;
struct _mongoc_cursor_t;
struct _mongoc_database_t;

/* Whose _id is an ObjectId, or is none. Of a long selection all of them: the
 * caller picks them out. */
struct _mongoc_cursor_t *
rw_query_followers(struct _mongoc_collection_t *followers,
	const struct rw_selection *selection, bool objects);

/* Those whose date is a text that begins with the month, as 2025-06 or 202506,
 * in the order of the follower_id; some are of no form, or of another month. */
struct _mongoc_cursor_t *
rw_query_days(struct _mongoc_collection_t *daily,
	const struct rw_selection *selection, struct rw_period period,
	bool objects);

/* Those of all followers whose date has another form and may be of the month,
 * and those of the month whose follower_id is neither a string nor an ObjectId,
 * or is a string with blanks around it. A few are of another month. Those without
 * a follower_id come first. */
struct _mongoc_cursor_t *
rw_query_odd_days(struct _mongoc_collection_t *daily,
	struct rw_period period);

/* At most one of all, whatever it has. */
struct _mongoc_cursor_t *
rw_query_first_day(struct _mongoc_collection_t *daily);

/* The collection's name, if it exists and may be read. */
struct _mongoc_cursor_t *
rw_query_collection(struct _mongoc_database_t *db, const char *name);

#endif
