/*
 * A read-only connection to PostgreSQL: one snapshot, and cursors in it.
 *
 * Settings are libpq's (a target, PG* variables, a service file, a password
 * file). The defaults suit a cron job: connecting may take 15 seconds a host.
 * Remote hosts are reached by TLS with sslmode verify-full, with the
 * authorities of RW_CA_FILE if it is set. All answers together may take
 * RW_PNL_TIMEOUT (5 minutes) and one second for each 1,000 rows, even if the
 * server sends them slowly.
 *
 * Cursors are read in turns. The next batch of a cursor is requested while the
 * last one is processed. Memory holds two batches of each cursor.
 *
 * Errors: RW_CONFIG for settings, a refused login, missing or untrusted TLS,
 * missing rights, and a missing table or column; RW_UNREACHABLE for every other
 * failure of a server. No message contains a password.
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

/* Connects and begins the snapshot (REPEATABLE READ, READ ONLY). Sets
 * PGSSLMODE, PGSSLROOTCERT and PGSERVICE of this process if necessary. */
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
 * for null), and requests its first rows. what is for messages: "read
 * pnl_daily". name and what are borrowed until the cursor is closed. */
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
