/*
 * What is asked of MongoDB about followers and their days, in the order of the
 * followers. For followers.c alone. The cursors are the caller's.
 */
#ifndef RW_WORK_FOLLOWERS_QUERY_H
#define RW_WORK_FOLLOWERS_QUERY_H

#include "work/followers.h"

struct _mongoc_collection_t;
struct _mongoc_cursor_t;

/* Those that are enabled. Of a long selection all of them: the caller picks
 * them out. */
struct _mongoc_cursor_t *
rw_query_followers(struct _mongoc_collection_t *followers,
	const struct rw_followers_options *options);

/* Those of the month; type (NULL: any, of the selected followers) is the BSON
 * type of follower_id. */
struct _mongoc_cursor_t *
rw_query_days(struct _mongoc_collection_t *daily,
	const struct rw_followers_options *options, const char *type);

#endif
