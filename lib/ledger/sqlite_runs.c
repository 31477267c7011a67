/* The history of runs in SQLite: the rows of report_runs without a worker. */
#include "ledger/sqlite_priv.h"

#include <sqlite3.h>

/* The version of the schema that has it. */
enum { SINCE = 4 };

#define TIME(n) "strftime('%Y-%m-%dT%H:%M:%SZ'," n ",'unixepoch')"
#define SECONDS(column) "CAST(strftime('%s'," column ") AS INTEGER)"

static bool
prepare_text(struct rw_sqlite *lite, const char *text,
	sqlite3_stmt **statement, struct rw_err *err)
{
	struct rw_buf sql = {0};
	bool good;

	rw_buf_adds(&sql, text);
	good = rw_sqlite_prepare(lite, &sql, statement, err);
	rw_buf_free(&sql);
	return good;
}

bool
rw_sqlite_note_run(void *handle, const struct rw_ledger_run *run,
	struct rw_err *err)
{
	static const char sql[] = "INSERT OR REPLACE INTO report_runs(run_id,"
		"worker,outcome,lines,host,period,shard,began_at,ended_at,"
		"status,is_whole,is_finished) VALUES(?1,'','',0,?2,?3,?4,"
		TIME("?5") "," TIME("nullif(?6,0)") ",?7,?8,?9)";
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *row = NULL;
	bool good;

	if (!prepare_text(lite, sql, &row, err))
		return false;
	rw_sqlite_bind(row, 1, run->run_id);
	rw_sqlite_bind(row, 2, run->host);
	rw_sqlite_bind(row, 3, run->period);
	rw_sqlite_bind(row, 4, run->shard);
	sqlite3_bind_int64(row, 5, run->began_at);
	sqlite3_bind_int64(row, 6, run->ended_at);
	if (run->ended_at != 0)
		sqlite3_bind_int64(row, 7, run->status);
	sqlite3_bind_int64(row, 8, run->is_whole);
	sqlite3_bind_int64(row, 9, run->is_finished);
	good = sqlite3_step(row) == SQLITE_DONE ||
		rw_sqlite_fail(lite, "write", err);
	sqlite3_finalize(row);
	return good;
}

static bool
visit_row(sqlite3_stmt *row, rw_ledger_visit_run *visit, void *context,
	struct rw_err *err)
{
	const struct rw_ledger_run run = {
		.run_id = (const char *)sqlite3_column_text(row, 0),
		.host = (const char *)sqlite3_column_text(row, 1),
		.period = (const char *)sqlite3_column_text(row, 2),
		.shard = (const char *)sqlite3_column_text(row, 3),
		.began_at = sqlite3_column_int64(row, 4),
		.ended_at = sqlite3_column_int64(row, 5),
		.status = sqlite3_column_int64(row, 6),
		.is_whole = sqlite3_column_int(row, 7) != 0,
		.is_finished = sqlite3_column_int(row, 8) != 0};

	return visit(context, &run, err);
}

bool
rw_sqlite_each_run(void *handle, const char *run_id, const char *period,
	rw_ledger_visit_run *visit, void *context, struct rw_err *err)
{
	static const char sql[] = "SELECT run_id,coalesce(host,''),period,"
		"shard," SECONDS("began_at") "," SECONDS("ended_at") ",status,"
		"is_whole,is_finished FROM report_runs WHERE worker=''"
		" AND outcome='' AND (?1 IS NULL OR run_id=?1)"
		" AND (?2 IS NULL OR period=?2)"
		" ORDER BY began_at DESC,run_id DESC";
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *rows = NULL;
	bool good = true;
	int code = SQLITE_DONE;

	if (lite->schema < SINCE)
		return true;
	if (!prepare_text(lite, sql, &rows, err))
		return false;
	rw_sqlite_bind(rows, 1, run_id);
	rw_sqlite_bind(rows, 2, period);
	while (good && (code = sqlite3_step(rows)) == SQLITE_ROW)
		good = visit_row(rows, visit, context, err);
	if (good && code != SQLITE_DONE)
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}
