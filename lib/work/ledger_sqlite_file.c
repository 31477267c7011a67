/* The file of the ledger in SQLite: made, or seen to be one of ours. */
#include "work/ledger_sqlite.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum {
	APPLICATION_ID = 0x52574c47,	/* "RWLG", see PRAGMA application_id */
	SCHEMA = 1,
	BUSY_MS = 60000,
};

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
	good = rw_sqlite_execute(lite, rw_buf_text(&sql), "make", err);
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

bool
rw_sqlite_open_file(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
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
		rw_sqlite_execute(lite, "PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL", "open", err);
}
