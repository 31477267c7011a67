/* Makes the file of a ledger in SQLite, or checks that it is one. */
#include "ledger/sqlite_priv.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { BUSY_MS = 60000 };

/* SQLite would make it readable by others, depending on the umask. */
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

/* The mode of a read-only file is not changed. */
static bool
set_modes(struct rw_sqlite *lite, struct rw_err *err)
{
	return (sqlite3_db_readonly(lite->db, "main") != 0 ||
		rw_sqlite_execute(lite, "PRAGMA journal_mode=WAL", "open",
		err)) && rw_sqlite_execute(lite, "PRAGMA synchronous=FULL;"
		"PRAGMA cell_size_check=ON", "open", err);
}

bool
rw_sqlite_open_file(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err)
{
	if (purpose == RW_LEDGER_CREATE && !make_file(lite->path, err))
		return false;
	if (purpose != RW_LEDGER_CREATE && access(lite->path, F_OK) != 0)
		return rw_sqlite_no_ledger(lite, err);
	if (sqlite3_open_v2(lite->path, &lite->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return rw_sqlite_fail(lite, "open", err);
	sqlite3_busy_timeout(lite->db, BUSY_MS);
	return rw_sqlite_schema_check(lite, purpose, err) &&
		set_modes(lite, err) &&
		(purpose == RW_LEDGER_READ || rw_sqlite_migrate(lite, err));
}

/* ---- damage ------------------------------------------------------------ */

/* Skips the line that names the database. */
static const char *
what_is_wrong(const char *text)
{
	const char *end = strncmp(text, "***", 3) == 0 ?
		strchr(text, '\n') : NULL;

	return end != NULL ? end + 1 : text;
}

/* quick_check would not detect that an index differs from its table, which can
 * hide a report that was sent. The first error is enough. */
bool
rw_sqlite_verify(void *handle, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	sqlite3_stmt *rows = NULL;
	const char *text;
	bool good = false;

	if (sqlite3_prepare_v2(lite->db, "PRAGMA integrity_check(1)", -1,
	    &rows, NULL) != SQLITE_OK || sqlite3_step(rows) != SQLITE_ROW ||
	    (text = (const char *)sqlite3_column_text(rows, 0)) == NULL)
		rw_sqlite_fail(lite, "verify", err);
	else
		good = strcmp(text, "ok") == 0 ||
			rw_sqlite_damaged(lite, what_is_wrong(text), err);
	sqlite3_finalize(rows);
	return good;
}
