/*
 * A connection to MongoDB by MONGO_URI (or the file MONGO_URI_FILE names).
 *
 * Settings of the URI win; defaults are chosen for a job of cron: an
 * unreachable server is given 15 seconds, also while a replica set elects
 * a new primary; a silent one 60; writes are acknowledged by a majority and
 * its journals, and retried once where the server can tell that it had them.
 *
 * The types below are the driver's, so that no header of ours needs its
 * headers. Source: http://mongoc.org/libmongoc/1.23.1/ and
 * https://www.mongodb.com/docs/manual/reference/connection-string/
 *
 * Errors: RW_CONFIG for settings, a login that is refused or too few rights;
 * RW_UNREACHABLE for all else that a server may do. No message has the URI.
 * Options of the URI that the driver does not use are warned of, once.
 */
#ifndef RW_WIRE_MONGO_H
#define RW_WIRE_MONGO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct _bson_error_t;
struct _mongoc_cursor_t;
struct _mongoc_client_t;
struct _mongoc_database_t;

struct rw_mongo {
	struct _mongoc_client_t *client;
	struct _mongoc_database_t *db;
	char *name;		/* "MongoDB reports at db1:27017" */
	bool used;		/* the driver is initialised */
};

/* variable names the setting that names the database; when it is not set, the
 * URI must. Talks to the server, so that a wrong password shows here. */
bool
rw_mongo_open(struct rw_mongo *mongo, const char *variable,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_mongo_close(struct rw_mongo *mongo);

/* Turns the driver's error into one of ours; returns false. */
bool
rw_mongo_fail(const struct rw_mongo *mongo, const char *what,
	const struct _bson_error_t *error, struct rw_err *err);

/* Destroys the cursor. True when what was read of it was good, and was all;
 * else, if nothing was wrong before, err says that WHAT failed. */
bool
rw_mongo_end(const struct rw_mongo *mongo, struct _mongoc_cursor_t *cursor,
	bool good, const char *what, struct rw_err *err);

/* Seconds since 1970 on the server's clock. */
bool
rw_mongo_now(struct rw_mongo *mongo, int64_t *seconds, struct rw_err *err);

#endif
