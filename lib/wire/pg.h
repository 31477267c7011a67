/*
 * A connection to PostgreSQL, for reading: one snapshot, and cursors in it.
 *
 * Settings are libpq's (a target, PG* variables, a service file, a password
 * file). Defaults are chosen for a job of cron: connecting may
 * take 15 seconds a host; hosts that are not this machine are reached by TLS with
 * sslmode verify-full, by the authorities of RW_CA_FILE when that is set.
 * The answers to all that is asked may be waited for RW_PNL_TIMEOUT (5 minutes)
 * and one second for each 1,000 rows, however slowly the server drips.
 *
 * Cursors are read in turns, and the next rows of one are asked for while the
 * last ones are worked on. Memory holds two batches of each.
 *
 * Errors: RW_CONFIG for settings, a login that is refused, TLS that is not
 * there or not to be trusted, too few rights, a table or column that is
 * missing; RW_UNREACHABLE for all else that a server may do. No message has a
 * password.
 *
 * Source: https://www.postgresql.org/docs/15/libpq.html and
 * https://www.postgresql.org/docs/15/errcodes-appendix.html
 */
#ifndef RW_WIRE_PG_H
#define RW_WIRE_PG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "wire/pg_target.h"

struct rw_pg;
struct rw_pg_cursor;

/* Connects and begins the snapshot (REPEATABLE READ, READ ONLY). Sets PGSSLMODE,
 * PGSSLROOTCERT and PGSERVICE of this process where they are needed. */
bool
rw_pg_open(struct rw_pg **pg, const struct rw_pg_target *target,
	struct rw_err *err);

/* "PostgreSQL spreadpilot_pnl at db1:5432" */
const char *
rw_pg_name(const struct rw_pg *pg);

/* Accepts NULL; closes its cursors first. */
void
rw_pg_close(struct rw_pg *pg);

/* Declares a cursor over query, whose $1 to $N are the parameters (text, NULL
 * for null), and asks for its first rows. what is for messages: "read
 * pnl_daily". name and what are borrowed until it is closed. */
bool
rw_pg_cursor_open(struct rw_pg_cursor **cursor, struct rw_pg *pg,
	const char *name, const char *what, const char *query,
	const char *const *parameters, int n, struct rw_err *err);

/* Moves to the next row; *found is false after the last one. */
bool
rw_pg_cursor_next(struct rw_pg_cursor *cursor, bool *found,
	struct rw_err *err);

/* A column of the row, as PostgreSQL writes it (dates as 2025-06-30, booleans
 * as t and f, numbers in full); NULL for null. Borrowed until the next call of
 * rw_pg_cursor_next. */
const char *
rw_pg_cursor_text(const struct rw_pg_cursor *cursor, int column);

/* Accepts NULL. */
void
rw_pg_cursor_close(struct rw_pg_cursor *cursor);

#endif
