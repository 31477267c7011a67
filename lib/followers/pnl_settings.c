#include "followers/pnl_settings.h"

#include <string.h>

#include "wire/config.h"

/* libpq's own variables replace settings that are missing here; the last resort
 * is the platform's default. */
static const struct {
	const char *name, *keyword, *libpq, *otherwise;
} parts[] = {
	{"POSTGRES_HOST", "host", "PGHOST", "localhost"},
	{"POSTGRES_PORT", "port", "PGPORT", "5432"},
	{"POSTGRES_DB", "dbname", "PGDATABASE", "spreadpilot_pnl"},
	{"POSTGRES_USER", "user", "PGUSER", "postgres"},
};

static bool
set_part(struct rw_pg_target *target, size_t i, struct rw_err *err)
{
	const char *value = rw_config_text(parts[i].name, NULL);

	if (value == NULL && (rw_config_text("PGSERVICE", NULL) != NULL ||
	    rw_config_text(parts[i].libpq, NULL) != NULL))
		return true;
	return rw_pg_target_set(target, parts[i].keyword, value != NULL ?
		value : parts[i].otherwise, err);
}

static bool
read_parts(struct rw_pg_target *target, struct rw_err *err)
{
	char *password;
	bool good = true;
	size_t i;

	target->variable = "POSTGRES_HOST";
	for (i = 0; good && i < sizeof parts / sizeof parts[0]; i++)
		good = set_part(target, i, err);
	if (!good || !rw_config_secret("POSTGRES_PASSWORD", &password, err))
		return false;
	good = password == NULL || rw_pg_target_set(target, "password",
		password, err);
	rw_config_forget(password);
	return good;
}

/* *found: the setting is set, and target is filled from it. With must, a URL
 * that is not for PostgreSQL is an error. */
static bool
read_url(struct rw_pnl_settings *settings, const char *name, bool must,
	bool *found, struct rw_err *err)
{
	char *url;
	bool good = true;

	*found = false;
	if (!rw_config_secret(name, &url, err))
		return false;
	if (url == NULL)
		return true;
	if (must || rw_pg_is_url(url)) {
		settings->target.variable = name;
		*found = true;
		good = rw_pg_target_read(&settings->target, url, err);
	} else {
		settings->ignored_database_url = true;
	}
	rw_config_forget(url);
	return good;
}

static bool
read_postgres(struct rw_pnl_settings *settings, struct rw_err *err)
{
	static const struct {
		const char *name;
		bool must;	/* the setting is only for PostgreSQL */
	} urls[] = {
		{"PNL_DATABASE_URL", true},
		{"DATABASE_URL", false},
		{"POSTGRES_URI", true},
	};
	bool *found = &settings->is_postgres;
	size_t i;

	for (i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		if (!read_url(settings, urls[i].name, urls[i].must, found,
		    err))
			return false;
		if (*found)
			return true;
	}
	*found = rw_config_text("POSTGRES_HOST", NULL) != NULL ||
		rw_config_text("POSTGRES_DB", NULL) != NULL;
	return !*found || read_parts(&settings->target, err);
}

bool
rw_pnl_settings_read(struct rw_pnl_settings *settings, struct rw_err *err)
{
	const char *source = rw_config_text("RW_PNL_SOURCE", NULL);

	*settings = (struct rw_pnl_settings){0};
	if (source != NULL && strcmp(source, "mongodb") == 0)
		return true;
	if (source != NULL && strcmp(source, "postgresql") != 0)
		return rw_fail(err, RW_CONFIG, "RW_PNL_SOURCE is \"%.40s\": "
			"expected mongodb or postgresql", source);
	if (!read_postgres(settings, err)) {
		rw_pnl_settings_free(settings);
		return false;
	}
	if (source != NULL && !settings->is_postgres)
		return rw_fail(err, RW_CONFIG, "RW_PNL_SOURCE is postgresql, "
			"and none of PNL_DATABASE_URL, DATABASE_URL, "
			"POSTGRES_URI, POSTGRES_HOST and POSTGRES_DB names a "
			"database");
	return true;
}

void
rw_pnl_settings_free(struct rw_pnl_settings *settings)
{
	rw_pg_target_free(&settings->target);
	settings->is_postgres = false;
}
