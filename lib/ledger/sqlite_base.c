/*
 * Statements of SQLite and their errors, for all other sqlite_*.c files.
 */
#include "ledger/sqlite_priv.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- errors ------------------------------------------------------------ */

/* Of a file that SQLite does not recognize as a database. */
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

/* ---- statements -------------------------------------------------------- */

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

bool
rw_sqlite_number(struct rw_sqlite *lite, const char *sql, int *value,
	struct rw_err *err)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(lite->db, sql, -1, &statement,
		NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;

	if (good)
		*value = sqlite3_column_int(statement, 0);
	else
		rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(statement);
	return good;
}

void
rw_sqlite_rollback(void *handle)
{
	struct rw_sqlite *lite = handle;

	/* After some errors, such as a full disk, SQLite has rolled back
	 * itself. */
	if (!sqlite3_get_autocommit(lite->db))
		sqlite3_exec(lite->db, "ROLLBACK", NULL, NULL, NULL);
}

int
rw_sqlite_bind(sqlite3_stmt *statement, int at, const char *text)
{
	return text == NULL ? sqlite3_bind_null(statement, at) :
		sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

void
rw_sqlite_bind_key(sqlite3_stmt *statement, const struct rw_key *key)
{
	sqlite3_reset(statement);
	rw_sqlite_bind(statement, 1, key->follower_id);
	rw_sqlite_bind(statement, 2, key->period);
}
