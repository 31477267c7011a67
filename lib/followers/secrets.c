#include "followers/secrets.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>
#include <string.h>

#include "wire/mongo.h"

struct source {
	struct rw_mongo mongo;
	mongoc_collection_t *secrets;
	const char *environment;
};

static bool
is_variable(const char *name)
{
	return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name) &&
		name[0] != '\0' && !(name[0] >= '0' && name[0] <= '9');
}

static bool
export_value(const struct source *source, const char *name,
	const bson_t *document, struct rw_err *err)
{
	const char *value;
	bson_iter_t iter;
	uint32_t len;

	if (!bson_iter_init_find(&iter, document, "value") ||
	    !BSON_ITER_HOLDS_UTF8(&iter))
		return rw_fail(err, RW_CONFIG, "the secret %s of environment "
			"%s has a value that is not a string", name,
			source->environment);
	value = bson_iter_utf8(&iter, &len);
	if (len == 0 || strlen(value) != len)
		return rw_fail(err, RW_CONFIG, "the secret %s of environment "
			"%s is empty, or holds a NUL", name,
			source->environment);
	return setenv(name, value, 1) == 0 ||
		rw_fail_errno(err, RW_BUG, "cannot set %s", name);
}

static bool
export_one(const struct source *source, const char *name, struct rw_err *err)
{
	bson_t *filter = BCON_NEW("name", BCON_UTF8(name), "environment",
		BCON_UTF8(source->environment));
	bson_t *opts = BCON_NEW("limit", BCON_INT64(2), "projection", "{",
		"value", BCON_INT32(1), "}");
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		source->secrets, filter, opts, NULL);
	const bson_t *document;
	bson_error_t error;
	bool good = false;

	if (mongoc_cursor_next(cursor, &document))
		good = export_value(source, name, document, err);
	else if (mongoc_cursor_error(cursor, &error))
		rw_mongo_fail(&source->mongo, "read the secrets", &error, err);
	else
		rw_fail(err, RW_CONFIG, "there is no secret %s for "
			"environment %s (APP_ENV) in %s", name,
			source->environment, source->mongo.name);
	if (good && mongoc_cursor_next(cursor, &document))
		good = rw_fail(err, RW_CONFIG, "the secret %s of environment "
			"%s has more than one entry", name,
			source->environment);
	mongoc_cursor_destroy(cursor);
	bson_destroy(filter);
	bson_destroy(opts);
	return good;
}

bool
rw_secrets_export(char *const *names, size_t n, const char *environment,
	struct rw_err *err)
{
	struct source source = {.environment = environment};
	bool good = true;
	size_t i;

	for (i = 0; i < n; i++)
		if (!is_variable(names[i]))
			return rw_fail(err, RW_USAGE, "\"%.60s\" cannot be "
				"the name of an environment variable",
				names[i]);
	if (!rw_mongo_open(&source.mongo, "MONGO_DB_NAME_SECRETS", err))
		return false;
	source.secrets = mongoc_database_get_collection(source.mongo.db,
		"secrets");
	for (i = 0; good && i < n; i++)
		good = export_one(&source, names[i], err);
	mongoc_collection_destroy(source.secrets);
	rw_mongo_close(&source.mongo);
	return good;
}
