/* Reads and lists the entries of the ledger, each of which is a row. */
#include "ledger/sqlite_priv.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/clock.h"

static bool
read_value(sqlite3_stmt *row, int at, enum rw_field field,
	struct rw_entry *entry, struct rw_err *err)
{
	const char *text;
	int64_t seconds;

	if (sqlite3_column_type(row, at) == SQLITE_NULL)
		return true;
	if (rw_fields[field].type == RW_FIELD_BOOL ||
	    rw_fields[field].type == RW_FIELD_INT) {
		rw_entry_set_number(entry, field,
			sqlite3_column_int64(row, at));
		return true;
	}
	text = (const char *)sqlite3_column_text(row, at);
	if (text == NULL)
		return rw_fail_memory(err, "an entry");
	if (rw_field_is_text(field)) {
		rw_entry_set_text(entry, field, text);
		return true;
	}
	if (!rw_rfc3339_parse(text, &seconds))
		return rw_fail(err, RW_IO, "the ledger is damaged: %s is "
			"\"%.60s\", which is not a time", rw_fields[field].name,
			text);
	rw_entry_set_number(entry, field, seconds);
	return true;
}

/* The row has the columns that rw_sqlite_add_columns named for the same fields.
 * Columns that an older file does not have are absent. */
static bool
read_entry(struct rw_sqlite *lite, uint64_t fields, sqlite3_stmt *row,
	struct rw_entry *entry, struct rw_err *err)
{
	int i, at = 0;

	rw_entry_reset(entry);
	for (i = 0; i < RW_F_COUNT; i++)
		if ((fields & RW_SQLITE_FIELD(i)) != 0 &&
		    rw_sqlite_has(lite, (enum rw_field)i) &&
		    !read_value(row, at++, (enum rw_field)i, entry, err))
			return false;
	return !entry->failed ||
		rw_fail_memory(err, "an entry");
}

/* ---- reading ----------------------------------------------------------- */

/* Without a row the entry is empty. */
static bool
read_one(struct rw_sqlite *lite, uint64_t fields, sqlite3_stmt *statement,
	struct rw_entry *entry, struct rw_err *err)
{
	int code = sqlite3_step(statement);
	bool good = true;

	rw_entry_reset(entry);
	if (code == SQLITE_ROW)
		good = read_entry(lite, fields, statement, entry, err);
	else if (code != SQLITE_DONE)
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_reset(statement);
	return good;
}

bool
rw_sqlite_load(void *handle, struct rw_slot *slots, size_t n, bool thorough,
	struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	bool good = true;
	size_t i;

	(void)thorough;
	for (i = 0; good && i < n; i++) {
		rw_sqlite_bind_key(lite->load, &slots[i].key);
		good = read_one(lite, RW_SQLITE_ALL, lite->load,
			slots[i].entry, err);
	}
	return good;
}

bool
rw_sqlite_recall(void *handle, const struct rw_key *key, int64_t revision,
	int64_t sequence, struct rw_entry *entry, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;

	rw_sqlite_bind_key(lite->recall, key);
	sqlite3_bind_int64(lite->recall, 3, revision);
	sqlite3_bind_int64(lite->recall, 4, sequence);
	return read_one(lite, RW_SQLITE_ALL, lite->recall, entry, err);
}

bool
rw_sqlite_marks(void *handle, struct rw_slot *slots, size_t n,
	struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	bool good = true;
	size_t i;

	for (i = 0; good && i < n; i++) {
		rw_sqlite_bind_key(lite->mark, &slots[i].key);
		good = read_one(lite, RW_SQLITE_MARK, lite->mark,
			slots[i].entry, err);
	}
	return good;
}

/* ---- earlier months ---------------------------------------------------- */

static const char *
column(sqlite3_stmt *row, int at)
{
	return (const char *)sqlite3_column_text(row, at);
}

bool
rw_sqlite_earlier(void *handle, const struct rw_key *keys, size_t n,
	rw_past_visit *visit, void *context, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *row = lite->earlier;
	struct rw_past_month month;
	int code = SQLITE_DONE;
	size_t i;

	for (i = 0; code == SQLITE_DONE && i < n; i++) {
		rw_sqlite_bind_key(row, &keys[i]);
		while ((code = sqlite3_step(row)) == SQLITE_ROW) {
			month = (struct rw_past_month){keys[i].follower_id,
				column(row, 0), column(row, 1), column(row, 2),
				column(row, 3), column(row, 4)};
			visit(context, &month);
		}
		sqlite3_reset(row);
	}
	return code == SQLITE_DONE || rw_sqlite_fail(lite, "read", err);
}

/* ---- listing ----------------------------------------------------------- */

/* If an entry in the history has the same claim as the current one, both are
 * the same. */
static const char still_current[] = " AND NOT EXISTS(SELECT 1"
	" FROM report_sent AS e WHERE e.follower_id=h.follower_id"
	" AND e.report_period=h.report_period AND e.claim IS h.claim)";

/* Applies up to two conditions, for certain followers one by one, or for
 * all. */
static bool
list_some(struct rw_sqlite *lite, const struct rw_ledger_query *query,
	const char *follower_id, struct rw_entry *room,
	rw_ledger_visit *visit, void *context, struct rw_err *err)
{
	sqlite3_stmt *rows = NULL;
	struct rw_buf sql = {0};
	bool good;
	int code;

	rw_buf_adds(&sql, "SELECT ");
	rw_sqlite_add_columns(&sql, lite, RW_SQLITE_ALL);
	rw_buf_addf(&sql, " FROM report_sent%s WHERE true%s%s%s%s"
		" ORDER BY follower_id,report_period",
		query->history ? "_history AS h" : "",
		follower_id != NULL ? " AND follower_id=?1" : "",
		query->period != NULL ? " AND report_period=?2" : "",
		query->run_id != NULL ? " AND run_id=?3" : "",
		query->history ? still_current : "");
	good = rw_sqlite_prepare(lite, &sql, &rows, err);
	rw_buf_free(&sql);
	if (!good)
		return false;
	/* SQLite refuses to bind a parameter that the text does not have, which
	 * is harmless. */
	rw_sqlite_bind(rows, 1, follower_id);
	rw_sqlite_bind(rows, 2, query->period);
	rw_sqlite_bind(rows, 3, query->run_id);
	while (good && (code = sqlite3_step(rows)) == SQLITE_ROW)
		good = read_entry(lite, RW_SQLITE_ALL, rows, room, err) &&
			visit(context, room, err);
	if (good && code != SQLITE_DONE)
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}

bool
rw_sqlite_each(void *handle, const struct rw_ledger_query *query,
	struct rw_entry *room, rw_ledger_visit *visit, void *context,
	struct rw_err *err)
{
	size_t i;

	if (query->follower_count == 0)
		return list_some(handle, query, NULL, room, visit, context,
			err);
	for (i = 0; i < query->follower_count; i++)
		if (!list_some(handle, query, query->followers[i], room, visit,
		    context, err))
			return false;
	return true;
}

static bool
find_end(struct rw_sqlite *lite, const char *which,
	char period[RW_PERIOD_SIZE], struct rw_err *err)
{
	sqlite3_stmt *rows = NULL;
	struct rw_buf sql = {0};
	bool good;

	rw_buf_addf(&sql, "SELECT coalesce(%s(report_period),'')"
		" FROM report_sent", which);
	good = rw_sqlite_prepare(lite, &sql, &rows, err);
	rw_buf_free(&sql);
	if (!good)
		return false;
	if (sqlite3_step(rows) == SQLITE_ROW)
		snprintf(period, RW_PERIOD_SIZE, "%s",
			(const char *)sqlite3_column_text(rows, 0));
	else
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}

bool
rw_sqlite_newest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return find_end(handle, "max", period, err);
}

bool
rw_sqlite_oldest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err)
{
	return find_end(handle, "min", period, err);
}

bool
rw_sqlite_each_count(void *handle, const char *run_id, rw_ledger_tally *tally,
	void *context, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *rows = NULL;
	struct rw_buf sql = {0};
	bool good;
	int code;

	rw_buf_adds(&sql, "SELECT outcome,sum(lines) FROM report_runs"
		" WHERE run_id=?1 GROUP BY outcome");
	good = rw_sqlite_prepare(lite, &sql, &rows, err);
	rw_buf_free(&sql);
	if (!good)
		return false;
	rw_sqlite_bind(rows, 1, run_id);
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		tally(context, (const char *)sqlite3_column_text(rows, 0),
			(uint64_t)sqlite3_column_int64(rows, 1));
	if (code != SQLITE_DONE)
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}
