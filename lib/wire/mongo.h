/*
 * A connection to MongoDB by MONGO_URI (or the file MONGO_URI_FILE names).
 *
 * Settings in the URI take precedence. The defaults suit a cron job: the server
 * must be reachable within 15 seconds, including the election of a new primary
 * in a replica set, and must answer within 60 seconds. Writes are acknowledged
 * by a majority and its journals, and retried once if the server can recognise
 * repeated writes.
 *
 * The types below are the driver's, so that no header of ours needs its
 * headers. Source: http://mongoc.org/libmongoc/1.23.1/ and
 * https://www.mongodb.com/docs/manual/reference/connection-string/
 *
 * Errors: RW_CONFIG for settings, a refused login or missing rights;
 * RW_UNREACHABLE for every other failure of a server. No message contains the
 * URI. A warning names the options in the URI that the driver does not use,
 * once.
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

/* variable is the setting that names the database; when it is not set, the URI
 * must name the database. Contacts the server, so that a wrong password is
 * detected here. */
bool
rw_mongo_open(struct rw_mongo *mongo, const char *variable,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_mongo_close(struct rw_mongo *mongo);

/* Converts the driver's error to one of ours; returns false. */
bool
rw_mongo_fail(const struct rw_mongo *mongo, const char *what,
	const struct _bson_error_t *error, struct rw_err *err);

/* Destroys the cursor. True when everything was read without an error.
 * Otherwise err says that WHAT failed, unless it already had an earlier
 * error. */
bool
rw_mongo_end(const struct rw_mongo *mongo, struct _mongoc_cursor_t *cursor,
	bool good, const char *what, struct rw_err *err);

/* Seconds since 1970 on the server's clock. */
bool
rw_mongo_now(struct rw_mongo *mongo, int64_t *seconds, struct rw_err *err);

#endif
