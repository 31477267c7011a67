/*
 * The address of a PostgreSQL server and its login: a list of libpq's keywords,
 * filled from a URL or one by one.
 *
 * A URL is postgresql://USER:PASSWORD@HOST:PORT/NAME?KEYWORD=VALUE&..., as
 * libpq reads it, with the drivers that SQLAlchemy writes into the scheme
 * (postgresql+asyncpg). asyncpg's ssl= is treated as sslmode=. A user part that
 * is not percent-encoded (base/url.h), a '#', and a '%' without two hexadecimal
 * digits are refused. No message contains any part of the URL.
 *
 * Source: https://www.postgresql.org/docs/15/libpq-connect.html, 34.1.1.2;
 * https://docs.sqlalchemy.org/en/20/core/engines.html#database-urls
 */
#ifndef RW_WIRE_PG_TARGET_H
#define RW_WIRE_PG_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { RW_PG_KEYWORDS = 48 };

struct rw_pg_target {
	/* The name of the setting, for messages; borrowed. */
	const char *variable;
	/* Owned. A repeated keyword replaces the earlier one. */
	char *keywords[RW_PG_KEYWORDS], *values[RW_PG_KEYWORDS];
	size_t count;
	/* The URL is also for a different driver: keywords that libpq does not
	 * know belong to that driver. */
	bool is_shared;
};

/* True when the text begins with a scheme of PostgreSQL and "://". */
bool
rw_pg_is_url(const char *text);

/* target->variable must name the setting. RW_CONFIG when url is not such a
 * URL. */
bool
rw_pg_target_read(struct rw_pg_target *target, const char *url,
	struct rw_err *err);

/* Sets one keyword; value is copied. */
bool
rw_pg_target_set(struct rw_pg_target *target, const char *keyword,
	const char *value, struct rw_err *err);

/* The value, or NULL. Borrowed. */
const char *
rw_pg_target_get(const struct rw_pg_target *target, const char *keyword);

/* Wipes and frees all values. Accepts {0}. */
void
rw_pg_target_free(struct rw_pg_target *target);

/* True when each of these hosts is a Unix socket or this machine. hosts is a
 * comma-separated list as for libpq; NULL and "" mean the default socket. */
bool
rw_pg_is_local(const char *hosts);

#endif
