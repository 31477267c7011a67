/*
 * Which database has the daily P&L: the settings of the platform, by the names
 * that it uses.
 */
#ifndef RW_FOLLOWERS_PNL_SETTINGS_H
#define RW_FOLLOWERS_PNL_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/pg_target.h"

struct rw_pnl_settings {
	bool is_postgres;		/* else it is MongoDB */
	struct rw_pg_target target;	/* when is_postgres */
	/* DATABASE_URL is there and names another kind of database. */
	bool ignored_database_url;
};

/* PostgreSQL by PNL_DATABASE_URL, else DATABASE_URL when that has a scheme of
 * PostgreSQL, else POSTGRES_URI, else POSTGRES_HOST, POSTGRES_PORT, POSTGRES_DB,
 * POSTGRES_USER and POSTGRES_PASSWORD when the first or the third of them is
 * set; a URL and a password also by NAME_FILE. RW_PNL_SOURCE (mongodb or
 * postgresql) overrules. */
bool
rw_pnl_settings_read(struct rw_pnl_settings *settings, struct rw_err *err);

/* Accepts {0}. */
void
rw_pnl_settings_free(struct rw_pnl_settings *settings);

#endif
