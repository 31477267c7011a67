/* Writes the ledger in SQLite. */
#include "ledger/sqlite_priv.h"

#include <sqlite3.h>

#include "base/clock.h"
#include "base/fault.h"

static int
bind_value(sqlite3_stmt *statement, int at, enum rw_field field,
	const struct rw_value *value)
{
	char time[RW_RFC3339_SIZE];

	if (value->is != RW_SET)
		return sqlite3_bind_null(statement, at);
	switch (rw_fields[field].type) {
	case RW_FIELD_TEXT:
	case RW_FIELD_OBJECT:
		return rw_sqlite_bind(statement, at, value->text);
	case RW_FIELD_TIME:
		rw_rfc3339(time, value->number);
		return rw_sqlite_bind(statement, at, time);
	case RW_FIELD_BOOL:
	case RW_FIELD_INT:
		break;
	}
	return sqlite3_bind_int64(statement, at, value->number);
}

/* ---- writing ----------------------------------------------------------- */

static uint64_t
set_fields(const struct rw_entry *values)
{
	uint64_t fields = 0;
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (values->values[i].is != RW_ABSENT)
			fields |= RW_SQLITE_FIELD(i);
	return fields;
}

/* ?1 to ?3 are the key and the expected claim; the members follow in order. */
static void
write_sql(struct rw_buf *sql, const struct rw_sqlite_shape *shape)
{
	int i, at = 4;

	rw_buf_adds(sql, shape->inserts ? "INSERT INTO report_sent("
		"follower_id,report_period" : "UPDATE report_sent SET ");
	for (i = 0; i < RW_F_COUNT; i++) {
		if ((shape->fields & RW_SQLITE_FIELD(i)) == 0)
			continue;
		if (shape->inserts)
			rw_buf_addf(sql, ",%s", rw_fields[i].name);
		else
			rw_buf_addf(sql, "%s%s=?%d", at == 4 ? "" : ",",
				rw_fields[i].name, at);
		at++;
	}
	if (!shape->inserts) {
		rw_buf_adds(sql, " WHERE follower_id=?1 AND report_period=?2"
			" AND claim IS ?3");
		return;
	}
	rw_buf_adds(sql, ")VALUES(?1,?2");
	for (i = 4; i < at; i++)
		rw_buf_addf(sql, ",?%d", i);
	rw_buf_adds(sql, ")ON CONFLICT DO NOTHING");
}

/* Claims and outcomes have few forms; the statement of each is prepared once. */
static sqlite3_stmt *
statement_for(struct rw_sqlite *lite, const struct rw_change *change,
	struct rw_err *err)
{
	struct rw_sqlite_shape wanted = {.fields = set_fields(change->values),
		.inserts = change->is_new};
	struct rw_buf sql = {0};
	bool good;
	size_t i;

	for (i = 0; i < RW_SQLITE_SHAPES; i++)
		if (lite->shapes[i].statement != NULL &&
		    lite->shapes[i].fields == wanted.fields &&
		    lite->shapes[i].inserts == wanted.inserts)
			return lite->shapes[i].statement;
	write_sql(&sql, &wanted);
	good = rw_sqlite_prepare(lite, &sql, &wanted.statement, err);
	rw_buf_free(&sql);
	if (!good)
		return NULL;
	i = lite->next_shape++ % RW_SQLITE_SHAPES;
	sqlite3_finalize(lite->shapes[i].statement);
	lite->shapes[i] = wanted;
	return wanted.statement;
}

static bool
step(struct rw_sqlite *lite, sqlite3_stmt *statement, struct rw_err *err)
{
	bool good = sqlite3_step(statement) == SQLITE_DONE ||
		rw_sqlite_fail(lite, "write", err);

	sqlite3_reset(statement);
	return good;
}

static bool
keep_history(struct rw_sqlite *lite, const struct rw_change *change,
	struct rw_err *err)
{
	rw_sqlite_bind_key(lite->keep, &change->key);
	rw_sqlite_bind(lite->keep, 3, change->expected);
	if (!step(lite, lite->keep, err))
		return false;
	rw_fault("history-kept");
	return true;
}

static bool
remove_one(struct rw_sqlite *lite, struct rw_change *change,
	struct rw_err *err)
{
	rw_sqlite_bind_key(lite->remove, &change->key);
	rw_sqlite_bind(lite->remove, 3, change->expected);
	if (!step(lite, lite->remove, err))
		return false;
	change->saved = sqlite3_changes(lite->db) > 0;
	return true;
}

static bool
save_one(struct rw_sqlite *lite, struct rw_change *change, struct rw_err *err)
{
	sqlite3_stmt *statement;
	int i, at = 4;

	if (change->values->failed)
		return rw_fail_memory(err, "an entry");
	if (change->removes)
		return remove_one(lite, change, err);
	if (change->history != NULL && !keep_history(lite, change, err))
		return false;
	statement = statement_for(lite, change, err);
	if (statement == NULL)
		return false;
	rw_sqlite_bind_key(statement, &change->key);
	if (!change->is_new)
		rw_sqlite_bind(statement, 3, change->expected);
	for (i = 0; i < RW_F_COUNT; i++)
		if (change->values->values[i].is != RW_ABSENT)
			bind_value(statement, at++, (enum rw_field)i,
				&change->values->values[i]);
	if (!step(lite, statement, err))
		return false;
	change->saved = sqlite3_changes(lite->db) > 0;
	return true;
}

bool
rw_sqlite_save(void *handle, struct rw_change *changes, size_t n,
	struct rw_err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!save_one(handle, &changes[i], err))
			return false;
	return true;
}

bool
rw_sqlite_count(void *handle, const char *run_id, const char *worker,
	const struct rw_count *counts, size_t n, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	size_t i;

	for (i = 0; i < n; i++) {
		rw_sqlite_bind(lite->count, 1, run_id);
		rw_sqlite_bind(lite->count, 2, worker);
		rw_sqlite_bind(lite->count, 3, counts[i].name);
		sqlite3_bind_int64(lite->count, 4,
			(sqlite3_int64)counts[i].lines);
		if (!step(lite, lite->count, err))
			return false;
	}
	return true;
}
