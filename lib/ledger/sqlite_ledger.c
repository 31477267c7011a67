/*
 * The ledger in an SQLite file. Write-ahead log, and a sync at each commit, so
 * that a batch costs one sync and readers never wait. Writers queue up at
 * BEGIN IMMEDIATE; inside a batch nobody can be faster, and the comparisons of
 * rw_change only catch a follower that the batch holds twice.
 */
#include "ledger/sqlite_priv.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "wire/config.h"

/* ---- errors ------------------------------------------------------------ */

/* Of a file that SQLite does not take for a database. */
static enum rw_kind
kind_of_stranger(const char *path)
{
	static const char magic[] = "SQLite format 3";
	enum { PAGE = 4096 };
	char start[sizeof magic] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	bool was_one = fd >= 0 && fstat(fd, &status) == 0 &&
		(status.st_size % PAGE == 0 ||
		(pread(fd, start, sizeof start, 0) == sizeof start &&
		memcmp(start, magic, sizeof magic) == 0));

	if (fd >= 0)
		close(fd);
	return was_one ? RW_IO : RW_CONFIG;
}

static enum rw_kind
kind_of(const struct rw_sqlite *lite, int code)
{
	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RW_UNREACHABLE;
	case SQLITE_NOTADB:
		return kind_of_stranger(lite->path);
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return RW_BUG;
	default:
		return RW_IO;
	}
}

bool
rw_sqlite_damaged(const struct rw_sqlite *lite, const char *how,
	struct rw_err *err)
{
	return rw_fail(err, RW_IO, "the ledger %s is damaged: %s; see \"A "
		"damaged ledger\" in rw-record(1)", lite->path, how);
}

bool
rw_sqlite_fail(struct rw_sqlite *lite, const char *what, struct rw_err *err)
{
	int code = sqlite3_extended_errcode(lite->db) & 0xff;
	enum rw_kind kind = kind_of(lite, code);

	if (code == SQLITE_CORRUPT || (code == SQLITE_NOTADB && kind == RW_IO))
		return rw_sqlite_damaged(lite, sqlite3_errmsg(lite->db), err);
	return rw_fail(err, kind, "cannot %s the ledger %s: %s", what,
		lite->path, sqlite3_errmsg(lite->db));
}

bool
rw_sqlite_execute(struct rw_sqlite *lite, const char *sql, const char *what,
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

/* "*" stands for the columns that the file has. */
static bool
prepare_one(struct rw_sqlite *lite, const char *text,
	sqlite3_stmt **statement, struct rw_err *err)
{
	struct rw_buf sql = {0};
	bool good;

	for (; *text != '\0'; text++)
		if (*text == '*')
			rw_sqlite_add_columns(&sql, lite);
		else
			rw_buf_add(&sql, text, 1);
	good = rw_sqlite_prepare(lite, &sql, statement, err);
	rw_buf_free(&sql);
	/* A table or a column that its version has is missing. */
	if (!good && sqlite3_errcode(lite->db) == SQLITE_ERROR)
		return rw_sqlite_damaged(lite, sqlite3_errmsg(lite->db), err);
	return good;
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
		{&lite->mark, "SELECT email_sent,currency,"
			"high_water_mark_after FROM report_sent"
			" WHERE follower_id=?1 AND report_period<?2"
			" ORDER BY report_period DESC LIMIT 1"},
		{&lite->keep, "INSERT OR REPLACE INTO report_sent_history(*)"
			" SELECT * FROM report_sent WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->remove, "DELETE FROM report_sent WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->count, "INSERT OR REPLACE INTO report_runs"
			" VALUES(?1,?2,?3,?4)"},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof all[0]; i++)
		if (!prepare_one(lite, all[i].sql, all[i].statement, err))
			return false;
	return true;
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
	rw_seen_close(&lite->counter);
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
	lite->counter.fd = -1;
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
	if (!rw_sqlite_open_file(lite, purpose, err) || !prepare_all(lite, err))
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

void
rw_sqlite_rollback(void *handle)
{
	struct rw_sqlite *lite = handle;

	/* After some errors, a full disk for one, SQLite has done it itself. */
	if (!sqlite3_get_autocommit(lite->db))
		sqlite3_exec(lite->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool
sqlite_begin(void *handle, bool writes, int64_t *now, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;

	if (!rw_sqlite_execute(lite, writes ? "BEGIN IMMEDIATE" : "BEGIN",
	    "lock", err))
		return false;
	if (writes && !rw_sqlite_is_known(lite, err)) {
		rw_sqlite_rollback(lite);
		return false;
	}
	lite->writes = writes;
	/* The file's clock is this host's. */
	*now = rw_clock_now_ms() / 1000;
	return true;
}

static bool
sqlite_commit(void *handle, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	struct rw_seen now;

	if ((lite->writes && !rw_sqlite_count_write(lite, &now, err)) ||
	    !rw_sqlite_execute(lite, "COMMIT", "write", err))
		return false;
	rw_fault("ledger-committed");
	if (lite->writes)
		rw_sqlite_note_write(lite, &now);
	return true;
}

const struct rw_backend rw_backend_sqlite = {
	.at_once = 1,
	.open = sqlite_open,
	.close = sqlite_close,
	.name = sqlite_name,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = rw_sqlite_rollback,
	.verify = rw_sqlite_verify,
	.is_current = rw_sqlite_is_current,
	.make_current = rw_sqlite_make_current,
	.load = rw_sqlite_load,
	.save = rw_sqlite_save,
	.recall = rw_sqlite_recall,
	.marks = rw_sqlite_marks,
	.count = rw_sqlite_count,
	.newest = rw_sqlite_newest,
	.each = rw_sqlite_each,
	.each_count = rw_sqlite_each_count,
};
