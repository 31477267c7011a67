/*
 * Secrets kept in MongoDB: collection secrets of MONGO_DB_NAME_SECRETS, one
 * document {name, environment, value} each.
 *
 * Errors: RW_USAGE for a name that no variable can have; RW_CONFIG names the
 * secret that is missing, has a value that is not a string, or has two entries; those of
 * wire/mongo.h. No value is in a message.
 */
#ifndef RW_FOLLOWERS_SECRETS_H
#define RW_FOLLOWERS_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Puts the secrets of the environment (development, production, ...) into the
 * environment variables of their names. */
bool
rw_secrets_export(char *const *names, size_t n, const char *environment,
	struct rw_err *err);

#endif
