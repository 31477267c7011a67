/*
 * Declarations that the pg*.c files share.
 */
#ifndef RW_WIRE_PG_PRIV_H
#define RW_WIRE_PG_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/pg_target.h"

struct pg_conn;
struct pg_result;
struct rw_pg_cursor;

struct rw_pg {
	struct pg_conn *conn;
	char *name;
	int64_t left_ms;		/* remaining time to wait for the
					 * server */
	struct rw_pg_cursor *asked;	/* the cursor with pending rows */
};

/* Connects. */
bool
rw_pg_connect(struct rw_pg *pg, const struct rw_pg_target *target,
	struct rw_err *err);

/* Fills err from a message of libpq or the server and returns false. state is
 * an SQLSTATE, or "" when none is known. */
bool
rw_pg_fail(const struct rw_pg *pg, const char *what, const char *state,
	const char *message, struct rw_err *err);

/* Waits until the socket is readable (or, with wants_write, writable), or
 * most_ms have passed. Subtracts the time from *left_ms; RW_UNREACHABLE when
 * *left_ms is used up. */
bool
rw_pg_wait(const struct rw_pg *pg, const char *what, bool wants_write,
	int most_ms, int64_t *left_ms, struct rw_err *err);

#endif
