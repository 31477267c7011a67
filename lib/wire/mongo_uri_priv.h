/*
 * MONGO_URI as the driver reads it, and the name of a database. For
 * wire/mongo.c alone.
 */
#ifndef RW_WIRE_MONGO_URI_PRIV_H
#define RW_WIRE_MONGO_URI_PRIV_H

#include <stdbool.h>

#include "base/err.h"

struct _mongoc_uri_t;

/* NULL with RW_CONFIG, which has no part of a user or a password. Completed
 * with the defaults of wire/mongo.h. The first one of a process warns of the
 * options that the driver does not use. The caller destroys it. */
struct _mongoc_uri_t *
rw_mongo_uri_read(const char *text, struct rw_err *err);

/* RW_CONFIG when the database of the setting cannot have that name. Source:
 * https://www.mongodb.com/docs/manual/reference/limits/, Naming Restrictions;
 * those of a server on Unix. */
bool
rw_mongo_check_database(const char *setting, const char *name,
	struct rw_err *err);

#endif
