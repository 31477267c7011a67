/*
 * Secrets kept in MongoDB: collection secrets of MONGO_DB_NAME_SECRETS, one
 * document {name, environment, value} each.
 *
 * Errors: RW_USAGE for a name that is not valid for a variable; RW_CONFIG names
 * a secret that is missing, has a value that is not a string, or has two
 * entries; the errors of wire/mongo.h. No message contains a value.
 */
#ifndef RW_FOLLOWERS_SECRETS_H
#define RW_FOLLOWERS_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Sets environment variables to the secrets of the same names, for one
 * environment (development, production, ...). */
bool
rw_secrets_export(char *const *names, size_t n, const char *environment,
	struct rw_err *err);

#endif
