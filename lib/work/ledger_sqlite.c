/*
 * The ledger in an SQLite file. Write-ahead log, and a sync at each commit, so
 * that a batch costs one sync and readers never wait. Writers queue up at
 * BEGIN IMMEDIATE; inside a batch nobody can be faster, and the comparisons of
 * rw_change only catch a follower that the batch holds twice.
 */
#include "work/ledger_backend.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/config.h"

enum {
	APPLICATION_ID = 0x52574c47,	/* "RWLG", see PRAGMA application_id */
	SCHEMA = 1,
	BUSY_MS = 60000,
	SHAPES = 8,
};

/* A statement for one set of members. */
struct shape {
	uint64_t fields;
	bool inserts;
	sqlite3_stmt *statement;
};

struct rw_sqlite {
	sqlite3 *db;
	char *name;
	const char *path;	/* inside name */
	sqlite3_stmt *load, *mark, *keep, *count;
	struct shape shapes[SHAPES];
	size_t next_shape;
};

/* ---- errors ------------------------------------------------------------ */

static enum rw_kind
kind_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RW_UNREACHABLE;
	case SQLITE_NOTADB:
		return RW_CONFIG;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return RW_BUG;
	default:
		return RW_IO;
	}
}

static bool
fail(struct rw_sqlite *lite, const char *what, struct rw_err *err)
{
	return rw_fail(err, kind_of(sqlite3_extended_errcode(lite->db)),
		"cannot %s the ledger %s: %s", what, lite->path,
		sqlite3_errmsg(lite->db));
}

static bool
execute(struct rw_sqlite *lite, const char *sql, const char *what,
	struct rw_err *err)
{
	return sqlite3_exec(lite->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
		fail(lite, what, err);
}

static bool
prepare(struct rw_sqlite *lite, const struct rw_buf *sql,
	sqlite3_stmt **statement, struct rw_err *err)
{
	return sqlite3_prepare_v3(lite->db, rw_buf_text(sql), -1,
		SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK ||
		fail(lite, "use", err);
}

/* ---- opening ----------------------------------------------------------- */

static bool
pragma_number(struct rw_sqlite *lite, const char *pragma, int *value,
	struct rw_err *err)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(lite->db, pragma, -1, &statement,
		NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;

	if (good)
		*value = sqlite3_column_int(statement, 0);
	else
		fail(lite, "read", err);
	sqlite3_finalize(statement);
	return good;
}

static void
add_columns(struct rw_buf *sql)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		rw_buf_addf(sql, "%s %s,", rw_fields[i].name,
			rw_fields[i].type == RW_FIELD_TEXT ||
			rw_fields[i].type == RW_FIELD_TIME ?
			"TEXT" : "INTEGER");
}

static bool
create_tables(struct rw_sqlite *lite, struct rw_err *err)
{
	struct rw_buf sql = {0};
	bool good;

	rw_buf_adds(&sql, "BEGIN IMMEDIATE;CREATE TABLE report_sent(");
	add_columns(&sql);
	rw_buf_adds(&sql, "PRIMARY KEY(follower_id,report_period))STRICT;"
		"CREATE TABLE report_sent_history(");
	add_columns(&sql);
	rw_buf_adds(&sql, "PRIMARY KEY(follower_id,report_period,revision,"
		"sequence))STRICT;"
		"CREATE TABLE report_runs(run_id TEXT,worker TEXT,"
		"outcome TEXT,lines INTEGER,"
		"PRIMARY KEY(run_id,worker,outcome))STRICT,WITHOUT ROWID;");
	rw_buf_addf(&sql, "PRAGMA application_id=%d;PRAGMA user_version=%d;"
		"COMMIT;", APPLICATION_ID, SCHEMA);
	good = execute(lite, rw_buf_text(&sql), "make", err);
	rw_buf_free(&sql);
	return good;
}

static bool
is_empty(struct rw_sqlite *lite, bool *empty, struct rw_err *err)
{
	int tables = 0;

	if (!pragma_number(lite, "SELECT count(*) FROM sqlite_schema",
	    &tables, err))
		return false;
	*empty = tables == 0;
	return true;
}

static bool
no_ledger(const char *path, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "there is no ledger at %s: set "
		"RW_LEDGER or MONGO_URI to the one in use, or make a new, "
		"empty one with rw-record --init", path);
}

static bool
check_schema(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err)
{
	int application = 0, version = 0;
	bool empty = false;

	if (!is_empty(lite, &empty, err))
		return false;
	if (empty && purpose != RW_LEDGER_CREATE)
		return no_ledger(lite->path, err);
	if (empty)
		return create_tables(lite, err);
	if (!pragma_number(lite, "PRAGMA application_id", &application, err) ||
	    !pragma_number(lite, "PRAGMA user_version", &version, err))
		return false;
	if (application != APPLICATION_ID)
		return rw_fail(err, RW_CONFIG, "%s is an SQLite file, and no "
			"ledger of report-worker", lite->path);
	if (version != SCHEMA)
		return rw_fail(err, RW_CONFIG, "the ledger %s has schema %d, "
			"and this program knows schema %d", lite->path,
			version, SCHEMA);
	return true;
}

static bool
choose_path(struct rw_buf *path, struct rw_err *err)
{
	const char *given = rw_config_text("RW_LEDGER", NULL);

	if (given != NULL) {
		rw_buf_adds(path, given);
		return true;
	}
	if (!rw_file_state_dir(path, err))
		return false;
	rw_buf_adds(path, "/ledger.db");
	return true;
}

/* SQLite would make it readable to all that the umask lets read. */
static bool
make_file(const char *path, struct rw_err *err)
{
	char copy[PATH_MAX];
	int fd;

	if (strlen(path) >= sizeof copy)
		return rw_fail(err, RW_CONFIG, "RW_LEDGER is too long");
	strcpy(copy, path);
	if (!rw_file_mkdirs(dirname(copy), err))
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot make the ledger %s",
			path);
	close(fd);
	return true;
}

static bool
open_file(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err)
{
	if (purpose == RW_LEDGER_CREATE && !make_file(lite->path, err))
		return false;
	if (purpose != RW_LEDGER_CREATE && access(lite->path, F_OK) != 0)
		return no_ledger(lite->path, err);
	if (sqlite3_open_v2(lite->path, &lite->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return fail(lite, "open", err);
	sqlite3_busy_timeout(lite->db, BUSY_MS);
	return check_schema(lite, purpose, err) &&
		execute(lite, "PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL", "open", err);
}

static bool
prepare_all(struct rw_sqlite *lite, struct rw_err *err)
{
	struct rw_buf load = {0}, mark = {0}, keep = {0}, count = {0};
	bool good;

	rw_buf_adds(&load, "SELECT * FROM report_sent"
		" WHERE follower_id=?1 AND report_period=?2");
	rw_buf_adds(&mark, "SELECT high_water_mark_after FROM report_sent"
		" WHERE follower_id=?1 AND report_period<?2 AND email_sent"
		" ORDER BY report_period DESC LIMIT 1");
	rw_buf_adds(&keep, "INSERT OR REPLACE INTO report_sent_history"
		" SELECT * FROM report_sent"
		" WHERE follower_id=?1 AND report_period=?2 AND claim IS ?3");
	rw_buf_adds(&count, "INSERT OR REPLACE INTO report_runs"
		" VALUES(?1,?2,?3,?4)");
	good = prepare(lite, &load, &lite->load, err) &&
		prepare(lite, &mark, &lite->mark, err) &&
		prepare(lite, &keep, &lite->keep, err) &&
		prepare(lite, &count, &lite->count, err);
	rw_buf_free(&load);
	rw_buf_free(&mark);
	rw_buf_free(&keep);
	rw_buf_free(&count);
	return good;
}

static void
sqlite_close(void *handle)
{
	struct rw_sqlite *lite = handle;
	size_t i;

	if (lite == NULL)
		return;
	sqlite3_finalize(lite->load);
	sqlite3_finalize(lite->mark);
	sqlite3_finalize(lite->keep);
	sqlite3_finalize(lite->count);
	for (i = 0; i < SHAPES; i++)
		sqlite3_finalize(lite->shapes[i].statement);
	sqlite3_close(lite->db);
	free(lite->name);
	free(lite);
}

static bool
sqlite_open(void **handle, enum rw_ledger_purpose purpose, struct rw_err *err)
{
	static const char prefix[] = "SQLite ";
	struct rw_sqlite *lite = calloc(1, sizeof *lite);
	struct rw_buf name = {0};

	if (lite == NULL)
		return rw_fail(err, RW_BUG, "no memory for the ledger");
	rw_buf_adds(&name, prefix);
	if (!choose_path(&name, err)) {
		rw_buf_free(&name);
		goto fail;
	}
	lite->name = rw_buf_take(&name);
	if (lite->name == NULL) {
		rw_fail(err, RW_BUG, "no memory for the ledger's name");
		goto fail;
	}
	lite->path = lite->name + sizeof prefix - 1;
	if (!open_file(lite, purpose, err) || !prepare_all(lite, err))
		goto fail;
	*handle = lite;
	return true;
fail:
	sqlite_close(lite);
	return false;
}

static const char *
sqlite_name(const void *handle)
{
	const struct rw_sqlite *lite = handle;

	return lite->name;
}

/* ---- transactions ------------------------------------------------------ */

static bool
sqlite_begin(void *handle, bool writes, int64_t *now, struct rw_err *err)
{
	if (!execute(handle, writes ? "BEGIN IMMEDIATE" : "BEGIN", "lock",
	    err))
		return false;
	/* The file's clock is this host's. */
	*now = rw_clock_now_ms() / 1000;
	return true;
}

static bool
sqlite_commit(void *handle, struct rw_err *err)
{
	return execute(handle, "COMMIT", "write", err);
}

static void
sqlite_rollback(void *handle)
{
	struct rw_sqlite *lite = handle;

	/* After some errors, a full disk for one, SQLite has done it itself. */
	if (!sqlite3_get_autocommit(lite->db))
		sqlite3_exec(lite->db, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- values ------------------------------------------------------------ */

static int
bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	return text == NULL ? sqlite3_bind_null(statement, at) :
		sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static int
bind_value(sqlite3_stmt *statement, int at, enum rw_field field,
	const struct rw_value *value)
{
	char time[RW_RFC3339_SIZE];

	if (value->is != RW_SET)
		return sqlite3_bind_null(statement, at);
	switch (rw_fields[field].type) {
	case RW_FIELD_TEXT:
		return bind_text(statement, at, value->text);
	case RW_FIELD_TIME:
		rw_rfc3339(time, value->number);
		return bind_text(statement, at, time);
	case RW_FIELD_BOOL:
	case RW_FIELD_INT:
		break;
	}
	return sqlite3_bind_int64(statement, at, value->number);
}

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
		return rw_fail(err, RW_BUG, "no memory for an entry");
	if (rw_fields[field].type == RW_FIELD_TEXT) {
		rw_entry_set_text(entry, field, text);
		return true;
	}
	if (!rw_rfc3339_parse(text, &seconds))
		return rw_fail(err, RW_IO, "the ledger is damaged: %s is "
			"\"%.60s\", which is no time", rw_fields[field].name,
			text);
	rw_entry_set_number(entry, field, seconds);
	return true;
}

static bool
read_row(sqlite3_stmt *row, struct rw_entry *entry, struct rw_err *err)
{
	int i;

	rw_entry_reset(entry);
	for (i = 0; i < RW_F_COUNT; i++)
		if (!read_value(row, i, (enum rw_field)i, entry, err))
			return false;
	return !entry->failed ||
		rw_fail(err, RW_BUG, "no memory for an entry");
}

/* ---- reading ----------------------------------------------------------- */

static void
bind_key(sqlite3_stmt *statement, const struct rw_key *key)
{
	sqlite3_reset(statement);
	bind_text(statement, 1, key->follower_id);
	bind_text(statement, 2, key->period);
}

static bool
sqlite_load(void *handle, struct rw_slot *slots, size_t n, bool thorough,
	struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	bool good = true;
	size_t i;
	int code;

	(void)thorough;
	for (i = 0; good && i < n; i++) {
		rw_entry_reset(slots[i].entry);
		bind_key(lite->load, &slots[i].key);
		code = sqlite3_step(lite->load);
		if (code == SQLITE_ROW)
			good = read_row(lite->load, slots[i].entry, err);
		else if (code != SQLITE_DONE)
			good = fail(lite, "read", err);
	}
	sqlite3_reset(lite->load);
	return good;
}

static bool
sqlite_marks(void *handle, struct rw_slot *slots, size_t n, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	bool good = true;
	size_t i;
	int code;

	for (i = 0; good && i < n; i++) {
		rw_entry_reset(slots[i].entry);
		bind_key(lite->mark, &slots[i].key);
		code = sqlite3_step(lite->mark);
		if (code == SQLITE_ROW)
			good = read_value(lite->mark, 0,
				RW_F_HIGH_WATER_MARK_AFTER, slots[i].entry,
				err);
		else if (code != SQLITE_DONE)
			good = fail(lite, "read", err);
	}
	sqlite3_reset(lite->mark);
	return good;
}

/* ---- writing ----------------------------------------------------------- */

static uint64_t
set_fields(const struct rw_entry *values)
{
	uint64_t fields = 0;
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (values->values[i].is != RW_ABSENT)
			fields |= UINT64_C(1) << i;
	return fields;
}

/* ?1 to ?3 are the key and the expected claim; the members follow in order. */
static void
write_sql(struct rw_buf *sql, const struct shape *shape)
{
	int i, at = 4;

	rw_buf_adds(sql, shape->inserts ? "INSERT INTO report_sent("
		"follower_id,report_period" : "UPDATE report_sent SET ");
	for (i = 0; i < RW_F_COUNT; i++) {
		if (!(shape->fields >> i & 1))
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

/* Claims and outcomes come in few shapes; each is prepared once. */
static sqlite3_stmt *
statement_for(struct rw_sqlite *lite, const struct rw_change *change,
	struct rw_err *err)
{
	struct shape wanted = {.fields = set_fields(change->values),
		.inserts = change->is_new};
	struct rw_buf sql = {0};
	bool good;
	size_t i;

	for (i = 0; i < SHAPES; i++)
		if (lite->shapes[i].statement != NULL &&
		    lite->shapes[i].fields == wanted.fields &&
		    lite->shapes[i].inserts == wanted.inserts)
			return lite->shapes[i].statement;
	write_sql(&sql, &wanted);
	good = prepare(lite, &sql, &wanted.statement, err);
	rw_buf_free(&sql);
	if (!good)
		return NULL;
	i = lite->next_shape++ % SHAPES;
	sqlite3_finalize(lite->shapes[i].statement);
	lite->shapes[i] = wanted;
	return wanted.statement;
}

static bool
step(struct rw_sqlite *lite, sqlite3_stmt *statement, struct rw_err *err)
{
	bool good = sqlite3_step(statement) == SQLITE_DONE ||
		fail(lite, "write", err);

	sqlite3_reset(statement);
	return good;
}

static bool
keep(struct rw_sqlite *lite, const struct rw_change *change,
	struct rw_err *err)
{
	bind_key(lite->keep, &change->key);
	bind_text(lite->keep, 3, change->expected);
	return step(lite, lite->keep, err);
}

static bool
save_one(struct rw_sqlite *lite, struct rw_change *change, struct rw_err *err)
{
	sqlite3_stmt *statement;
	int i, at = 4;

	if (change->values->failed)
		return rw_fail(err, RW_BUG, "no memory for an entry");
	if (change->history != NULL && !keep(lite, change, err))
		return false;
	statement = statement_for(lite, change, err);
	if (statement == NULL)
		return false;
	bind_key(statement, &change->key);
	if (!change->is_new)
		bind_text(statement, 3, change->expected);
	for (i = 0; i < RW_F_COUNT; i++)
		if (change->values->values[i].is != RW_ABSENT)
			bind_value(statement, at++, (enum rw_field)i,
				&change->values->values[i]);
	if (!step(lite, statement, err))
		return false;
	change->saved = sqlite3_changes(lite->db) > 0;
	return true;
}

static bool
sqlite_save(void *handle, struct rw_change *changes, size_t n,
	struct rw_err *err)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!save_one(handle, &changes[i], err))
			return false;
	return true;
}

static bool
sqlite_count(void *handle, const char *run_id, const char *worker,
	const struct rw_count *counts, size_t n, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	size_t i;

	for (i = 0; i < n; i++) {
		bind_text(lite->count, 1, run_id);
		bind_text(lite->count, 2, worker);
		bind_text(lite->count, 3, counts[i].name);
		sqlite3_bind_int64(lite->count, 4,
			(sqlite3_int64)counts[i].lines);
		if (!step(lite, lite->count, err))
			return false;
	}
	return true;
}

/* ---- listing ----------------------------------------------------------- */

/* Two conditions, and the followers one by one or all. */
static bool
list_some(struct rw_sqlite *lite, const struct rw_ledger_query *query,
	const char *follower_id, struct rw_entry *room,
	rw_ledger_visit *visit, void *context, struct rw_err *err)
{
	sqlite3_stmt *rows = NULL;
	struct rw_buf sql = {0};
	bool good;
	int code;

	rw_buf_addf(&sql, "SELECT * FROM report_sent%s WHERE true%s%s%s"
		" ORDER BY follower_id,report_period",
		query->history ? "_history" : "",
		follower_id != NULL ? " AND follower_id=?1" : "",
		query->period != NULL ? " AND report_period=?2" : "",
		query->run_id != NULL ? " AND run_id=?3" : "");
	good = prepare(lite, &sql, &rows, err);
	rw_buf_free(&sql);
	if (!good)
		return false;
	/* SQLite refuses to bind what the text does not name: no harm. */
	bind_text(rows, 1, follower_id);
	bind_text(rows, 2, query->period);
	bind_text(rows, 3, query->run_id);
	while (good && (code = sqlite3_step(rows)) == SQLITE_ROW)
		good = read_row(rows, room, err) && visit(context, room, err);
	if (good && code != SQLITE_DONE)
		good = fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}

static bool
sqlite_each(void *handle, const struct rw_ledger_query *query,
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
sqlite_each_count(void *handle, const char *run_id, rw_ledger_tally *tally,
	void *context, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *rows = NULL;
	struct rw_buf sql = {0};
	bool good;
	int code;

	rw_buf_adds(&sql, "SELECT outcome,sum(lines) FROM report_runs"
		" WHERE run_id=?1 GROUP BY outcome");
	good = prepare(lite, &sql, &rows, err);
	rw_buf_free(&sql);
	if (!good)
		return false;
	bind_text(rows, 1, run_id);
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		tally(context, (const char *)sqlite3_column_text(rows, 0),
			(uint64_t)sqlite3_column_int64(rows, 1));
	if (code != SQLITE_DONE)
		good = fail(lite, "read", err);
	sqlite3_finalize(rows);
	return good;
}

const struct rw_backend rw_backend_sqlite = {
	.open = sqlite_open,
	.close = sqlite_close,
	.name = sqlite_name,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.load = sqlite_load,
	.save = sqlite_save,
	.marks = sqlite_marks,
	.count = sqlite_count,
	.each = sqlite_each,
	.each_count = sqlite_each_count,
};
