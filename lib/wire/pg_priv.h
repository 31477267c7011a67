/*
 * What the pg*.c files share.
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
	int64_t left_ms;		/* what the server may still be waited
					 * for */
	struct rw_pg_cursor *asked;	/* whose rows are on their way */
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

/* Waits until the socket can be read (or written, when wants_write), or most_ms
 * are over, for so long as *left_ms says, which becomes less. RW_UNREACHABLE
 * when nothing is left of it. */
bool
rw_pg_wait(const struct rw_pg *pg, const char *what, bool wants_write,
	int most_ms, int64_t *left_ms, struct rw_err *err);

#endif
