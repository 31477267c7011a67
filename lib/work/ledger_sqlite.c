/*
 * The ledger in an SQLite file. Write-ahead log, and a sync at each commit, so
 * that a batch costs one sync and readers never wait. Writers queue up at
 * BEGIN IMMEDIATE; inside a batch nobody can be faster, and the comparisons of
 * rw_change only catch a follower that the batch holds twice.
 */
#include "work/ledger_sqlite.h"

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

bool
rw_sqlite_fail(struct rw_sqlite *lite, const char *what, struct rw_err *err)
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
		rw_sqlite_fail(lite, what, err);
}

bool
rw_sqlite_prepare(struct rw_sqlite *lite, const struct rw_buf *sql,
	sqlite3_stmt **statement, struct rw_err *err)
{
	return sqlite3_prepare_v3(lite->db, rw_buf_text(sql), -1,
		SQLITE_PREPARE_PERSISTENT, statement, NULL) == SQLITE_OK ||
		rw_sqlite_fail(lite, "use", err);
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
		rw_sqlite_fail(lite, "read", err);
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
		return rw_sqlite_fail(lite, "open", err);
	sqlite3_busy_timeout(lite->db, BUSY_MS);
	return check_schema(lite, purpose, err) &&
		execute(lite, "PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL", "open", err);
}

static bool
prepare_all(struct rw_sqlite *lite, struct rw_err *err)
{
	const struct {
		sqlite3_stmt **statement;
		const char *sql;
	} all[] = {
		{&lite->load, "SELECT * FROM report_sent"
			" WHERE follower_id=?1 AND report_period=?2"},
		{&lite->recall, "SELECT * FROM report_sent_history"
			" WHERE follower_id=?1 AND report_period=?2"
			" AND revision=?3 AND sequence=?4"},
		{&lite->mark, "SELECT email_sent,high_water_mark_after"
			" FROM report_sent"
			" WHERE follower_id=?1 AND report_period<?2"
			" ORDER BY report_period DESC LIMIT 1"},
		{&lite->keep, "INSERT OR REPLACE INTO report_sent_history"
			" SELECT * FROM report_sent WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->remove, "DELETE FROM report_sent WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->count, "INSERT OR REPLACE INTO report_runs"
			" VALUES(?1,?2,?3,?4)"},
	};
	struct rw_buf sql = {0};
	bool good = true;
	size_t i;

	for (i = 0; good && i < sizeof all / sizeof all[0]; i++) {
		rw_buf_reset(&sql);
		rw_buf_adds(&sql, all[i].sql);
		good = rw_sqlite_prepare(lite, &sql, all[i].statement, err);
	}
	rw_buf_free(&sql);
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
	sqlite3_finalize(lite->recall);
	sqlite3_finalize(lite->mark);
	sqlite3_finalize(lite->keep);
	sqlite3_finalize(lite->remove);
	sqlite3_finalize(lite->count);
	for (i = 0; i < RW_SQLITE_SHAPES; i++)
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

const struct rw_backend rw_backend_sqlite = {
	.open = sqlite_open,
	.close = sqlite_close,
	.name = sqlite_name,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.load = rw_sqlite_load,
	.save = rw_sqlite_save,
	.recall = rw_sqlite_recall,
	.marks = rw_sqlite_marks,
	.count = rw_sqlite_count,
	.each = rw_sqlite_each,
	.each_count = rw_sqlite_each_count,
};
