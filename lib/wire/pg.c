#include "wire/pg.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "wire/config.h"
#include "wire/pg_priv.h"

enum {
	BATCH = 1000,			/* rows of one FETCH */
	PATIENCE_S = 300,
	ROW_MS = 1,
	TLS_MS = 500,
};

struct rw_pg_cursor {
	struct rw_pg *pg;
	const char *name, *what;
	PGresult *now, *next;		/* next: read because a different cursor
					 * needed the connection */
	int row, rows;			/* of now; row is -1 before the first
					 * row */
	bool is_last;			/* now has the last rows */
};

/* ---- answers ------------------------------------------------------------ */

static bool
fail_result(const struct rw_pg *pg, const char *what, const PGresult *result,
	struct rw_err *err)
{
	const char *state, *message;

	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (message == NULL)
		message = PQerrorMessage(pg->conn);
	return rw_pg_fail(pg, what, state != NULL ? state : "", message, err);
}

/* Waits until everything is sent, and a result is available without
 * blocking. */
static bool
await(struct rw_pg *pg, const char *what, struct rw_err *err)
{
	int unsent = PQflush(pg->conn);

	while (unsent == 1 || PQisBusy(pg->conn)) {
		/* TLS may hold bytes that the socket no longer has. */
		if (!rw_pg_wait(pg, what, unsent == 1, TLS_MS, &pg->left_ms,
		    err))
			return false;
		if (!PQconsumeInput(pg->conn))
			return rw_pg_fail(pg, what, "",
				PQerrorMessage(pg->conn), err);
		unsent = unsent == 1 ? PQflush(pg->conn) : unsent;
	}
	return PQstatus(pg->conn) == CONNECTION_OK ||
		rw_pg_fail(pg, what, "", PQerrorMessage(pg->conn), err);
}

/* Reads all results of the last command, up to the first error. The caller
 * clears the last result. */
static bool
collect(struct rw_pg *pg, const char *what, PGresult **last,
	struct rw_err *err)
{
	PGresult *result;
	bool good = true;

	*last = NULL;
	for (;;) {
		if (!await(pg, what, err))
			good = false;
		result = good || PQstatus(pg->conn) == CONNECTION_BAD ?
			PQgetResult(pg->conn) : NULL;
		if (result == NULL)
			break;
		PQclear(*last);
		*last = result;
		if (good && PQresultStatus(result) != PGRES_COMMAND_OK &&
		    PQresultStatus(result) != PGRES_TUPLES_OK)
			good = fail_result(pg, what, result, err);
		if (!good)
			break;
	}
	if (good && *last == NULL)
		good = rw_pg_fail(pg, what, "", "no answer", err);
	if (!good) {
		PQclear(*last);
		*last = NULL;
	}
	return good;
}

/* ---- opening ------------------------------------------------------------ */

static bool
begin_snapshot(struct rw_pg *pg, struct rw_err *err)
{
	/* Otherwise, a cursor's plan is optimised for its first rows. */
	static const char begin[] =
		"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
		"SET LOCAL DateStyle = 'ISO, YMD';"
		"SET LOCAL cursor_tuple_fraction = 1";
	PGresult *result = NULL;
	bool good;

	good = PQsendQuery(pg->conn, begin) ? collect(pg,
		"begin a snapshot", &result, err) : rw_pg_fail(pg,
		"begin a snapshot", "", PQerrorMessage(pg->conn), err);
	PQclear(result);
	return good;
}

bool
rw_pg_open(struct rw_pg **pg, const struct rw_pg_target *target,
	struct rw_err *err)
{
	struct rw_pg *new;
	uint64_t patience;

	if (!rw_config_seconds("RW_PNL_TIMEOUT", PATIENCE_S, &patience, err))
		return false;
	new = calloc(1, sizeof *new);
	if (new == NULL)
		return rw_fail_memory(err, "a connection");
	new->left_ms = (int64_t)patience * 1000;
	if (!rw_pg_connect(new, target, err) || !begin_snapshot(new, err)) {
		rw_pg_close(new);
		return false;
	}
	*pg = new;
	return true;
}

const char *
rw_pg_name(const struct rw_pg *pg)
{
	return pg->name;
}

void
rw_pg_close(struct rw_pg *pg)
{
	if (pg == NULL)
		return;
	PQfinish(pg->conn);
	free(pg->name);
	free(pg);
}

/* ---- cursors ------------------------------------------------------------ */

/* Reads the pending rows, so that the connection becomes free. */
static bool
finish_asked(struct rw_pg *pg, struct rw_err *err)
{
	struct rw_pg_cursor *asked = pg->asked;

	if (asked == NULL)
		return true;
	pg->asked = NULL;
	return collect(pg, asked->what, &asked->next, err);
}

static bool
ask_server(struct rw_pg_cursor *cursor, struct rw_err *err)
{
	struct rw_pg *pg = cursor->pg;
	char fetch[96];

	if (!finish_asked(pg, err))
		return false;
	snprintf(fetch, sizeof fetch, "FETCH %d FROM %s", BATCH, cursor->name);
	if (!PQsendQuery(pg->conn, fetch))
		return rw_pg_fail(pg, cursor->what, "",
			PQerrorMessage(pg->conn), err);
	pg->asked = cursor;
	PQflush(pg->conn);
	return true;
}

/* Makes the next batch the current one, and requests the batch after it. */
static bool
take_batch(struct rw_pg_cursor *cursor, struct rw_err *err)
{
	struct rw_pg *pg = cursor->pg;

	if (pg->asked == cursor && !finish_asked(pg, err))
		return false;
	if (cursor->next == NULL &&
	    (!ask_server(cursor, err) || !finish_asked(pg, err)))
		return false;
	PQclear(cursor->now);
	cursor->now = cursor->next;
	cursor->next = NULL;
	cursor->row = -1;
	cursor->rows = PQntuples(cursor->now);
	cursor->is_last = cursor->rows < BATCH;
	pg->left_ms += (int64_t)cursor->rows * ROW_MS;
	return cursor->is_last || pg->asked != NULL || ask_server(cursor, err);
}

bool
rw_pg_cursor_open(struct rw_pg_cursor **cursor, struct rw_pg *pg,
	const char *name, const char *what, const char *query,
	const char *const *parameters, int n, struct rw_err *err)
{
	struct rw_pg_cursor *new = calloc(1, sizeof *new);
	struct rw_buf declare = {0};
	PGresult *result = NULL;
	bool good;

	rw_buf_addf(&declare, "DECLARE %s NO SCROLL CURSOR FOR %s", name,
		query);
	if (new == NULL || !rw_buf_ok(&declare, "a query", NULL)) {
		rw_buf_free(&declare);
		free(new);
		return rw_fail_memory(err, "a cursor");
	}
	*new = (struct rw_pg_cursor){.pg = pg, .name = name, .what = what,
		.row = -1};
	good = finish_asked(pg, err) && (PQsendQueryParams(pg->conn,
		declare.data, n, NULL, parameters, NULL, NULL, 0) ?
		collect(pg, what, &result, err) : rw_pg_fail(pg, what, "",
		PQerrorMessage(pg->conn), err)) && ask_server(new, err);
	PQclear(result);
	rw_buf_free(&declare);
	if (good)
		*cursor = new;
	else
		rw_pg_cursor_close(new);
	return good;
}

bool
rw_pg_cursor_next(struct rw_pg_cursor *cursor, bool *found,
	struct rw_err *err)
{
	if (++cursor->row >= cursor->rows && !cursor->is_last) {
		if (!take_batch(cursor, err))
			return false;
		cursor->row = 0;
	}
	*found = cursor->row < cursor->rows;
	return true;
}

const char *
rw_pg_cursor_text(const struct rw_pg_cursor *cursor, int column)
{
	return PQgetisnull(cursor->now, cursor->row, column) ? NULL :
		PQgetvalue(cursor->now, cursor->row, column);
}

void
rw_pg_cursor_close(struct rw_pg_cursor *cursor)
{
	if (cursor == NULL)
		return;
	if (cursor->pg->asked == cursor)
		cursor->pg->asked = NULL;
	PQclear(cursor->now);
	PQclear(cursor->next);
	free(cursor);
}
