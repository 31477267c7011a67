/*
 * Which database has the daily P&L: reads the settings of the platform under
 * the platform's own names.
 */
#ifndef RW_FOLLOWERS_PNL_SETTINGS_H
#define RW_FOLLOWERS_PNL_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/pg_target.h"

struct rw_pnl_settings {
	bool is_postgres;		/* false: MongoDB */
	struct rw_pg_target target;	/* when is_postgres */
	/* DATABASE_URL is set and names a different kind of database. */
	bool ignored_database_url;
};

/* PostgreSQL by PNL_DATABASE_URL, else DATABASE_URL when that has a scheme of
 * PostgreSQL, else POSTGRES_URI, else POSTGRES_HOST, POSTGRES_PORT,
 * POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD when the first or the third
 * of them is set. A URL and a password can also be given as NAME_FILE.
 * RW_PNL_SOURCE (mongodb or postgresql) takes precedence. */
bool
rw_pnl_settings_read(struct rw_pnl_settings *settings, struct rw_err *err);

/* Accepts {0}. */
void
rw_pnl_settings_free(struct rw_pnl_settings *settings);

#endif
