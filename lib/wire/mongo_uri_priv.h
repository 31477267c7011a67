/*
 * Reads MONGO_URI with the driver, and checks the name of a database. For
 * wire/mongo.c only.
 */
#ifndef RW_WIRE_MONGO_URI_PRIV_H
#define RW_WIRE_MONGO_URI_PRIV_H

#include <stdbool.h>

#include "base/err.h"

struct _mongoc_uri_t;

/* The parsed URI, with the defaults of wire/mongo.h. NULL with RW_CONFIG, which
 * contains no part of the user or the password. The first call in a process
 * warns about options that the driver does not use. The caller destroys the
 * result. */
struct _mongoc_uri_t *
rw_mongo_uri_read(const char *text, struct rw_err *err);

/* RW_CONFIG when a database cannot have the name in this setting. Source:
 * https://www.mongodb.com/docs/manual/reference/limits/, Naming Restrictions,
 * for a server on Unix. */
bool
rw_mongo_check_database(const char *setting, const char *name,
	struct rw_err *err);

#endif
