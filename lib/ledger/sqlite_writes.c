/*
 * Counts how often the ledger in SQLite was written: in the file, with each
 * transaction, and in the state directory after the commit (see
 * ledger/seen_priv.h), so that an older copy is detected when it replaces the
 * file.
 *
 * A ledger has a permanent id, and an epoch that ends when an older copy is
 * brought up to date. The table report_ledger_before has the past epochs, and
 * how often the file had been written when each ended. With it, another state
 * directory that uses the file still detects that it has counted more writes in
 * the old epoch, and a newer file of the old epoch is detected as well.
 */
#include "ledger/sqlite_priv.h"

#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { COUNTS_SINCE = 2 };

/* ---- in the file ------------------------------------------------------- */

static bool
take_row(struct rw_sqlite *lite, sqlite3_stmt *row, struct rw_seen *now,
	struct rw_err *err)
{
	const char *id = (const char *)sqlite3_column_text(row, 0);
	const char *epoch = (const char *)sqlite3_column_text(row, 1);

	if (id == NULL || epoch == NULL ||
	    strlen(id) != RW_LEDGER_ID_SIZE - 1 ||
	    strlen(epoch) != RW_EPOCH_SIZE - 1)
		return rw_sqlite_damaged(lite, "it has no id", err);
	memcpy(lite->id, id, sizeof lite->id);
	memcpy(now->epoch, epoch, sizeof now->epoch);
	now->writes = sqlite3_column_int64(row, 2);
	return true;
}

/* Runs sql, whose one row is id, epoch, writes. */
static bool
ask_counter(struct rw_sqlite *lite, const char *sql, struct rw_seen *now,
	struct rw_err *err)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(lite->db, sql, -1, &statement, NULL) ==
		SQLITE_OK;
	int code = good ? sqlite3_step(statement) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		good = take_row(lite, statement, now, err) &&
			(sqlite3_step(statement) == SQLITE_DONE ||
			rw_sqlite_fail(lite, "count", err));
	else if (code == SQLITE_DONE)
		good = rw_sqlite_damaged(lite, "it has no id", err);
	else
		good = rw_sqlite_fail(lite, "count", err);
	sqlite3_finalize(statement);
	return good;
}

static void
set_path(struct rw_sqlite *lite, struct rw_seen *now)
{
	char *path = realpath(lite->path, NULL);

	snprintf(now->path, sizeof now->path, "%s", path != NULL ? path : "");
	free(path);
}

/* Reads the counts in the file; none when its version is too old. */
static bool
look_at_counter(struct rw_sqlite *lite, struct rw_seen *now, struct rw_err *err)
{
	*now = (struct rw_seen){0};
	set_path(lite, now);
	return lite->schema < COUNTS_SINCE || ask_counter(lite,
		"SELECT id,epoch,writes FROM report_ledger", now, err);
}

/* How often the file had been written when the epoch ended. *writes stays
 * unchanged for the current epoch and an unknown one. */
static bool
look_before(struct rw_sqlite *lite, const char *epoch, int64_t *writes,
	struct rw_err *err)
{
	sqlite3_stmt *row = NULL;
	bool good = sqlite3_prepare_v2(lite->db, "SELECT writes FROM "
		"report_ledger_before WHERE epoch=?1", -1, &row, NULL) ==
		SQLITE_OK;
	int code;

	if (!good)
		return rw_sqlite_fail(lite, "read", err);
	rw_sqlite_bind(row, 1, epoch);
	code = sqlite3_step(row);
	if (code == SQLITE_ROW)
		*writes = sqlite3_column_int64(row, 0);
	else if (code != SQLITE_DONE)
		good = rw_sqlite_fail(lite, "read", err);
	sqlite3_finalize(row);
	return good;
}

bool
rw_sqlite_count_write(struct rw_sqlite *lite, struct rw_seen *now,
	struct rw_err *err)
{
	set_path(lite, now);
	return lite->schema < COUNTS_SINCE || ask_counter(lite,
		"UPDATE report_ledger SET writes=writes+1"
		" RETURNING id,epoch,writes", now, err);
}

void
rw_sqlite_note_write(struct rw_sqlite *lite, const struct rw_seen *now)
{
	if (lite->schema >= COUNTS_SINCE)
		rw_seen_note(&lite->counter, lite->id, now);
}

/* ---- comparing --------------------------------------------------------- */

static bool
behind(struct rw_sqlite *lite, int64_t has, int64_t seen, struct rw_err *err)
{
	struct rw_buf dir = {0};

	if (!rw_file_state_dir(&dir, err))
		return false;
	rw_fail(err, RW_CONFIG, "the ledger %s is an older copy: it was "
		"written %" PRId64 " times, and this state directory has seen "
		"%" PRId64 "; rw-record --replay %s brings it up to date; see "
		"\"Older copies of the ledger\" in rw-record(1)", lite->path,
		has, seen, rw_buf_text(&dir));
	rw_buf_free(&dir);
	return false;
}

/* Reads the state directory before the file, because others may write the
 * file. */
bool
rw_sqlite_is_current(void *handle, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	struct rw_seen now, seen;
	bool found = false;
	int64_t limit = -1;

	if (!look_at_counter(lite, &now, err) ||
	    !rw_seen_read(&seen, lite->id, &found, err))
		return false;
	if (!found)
		return rw_seen_at(now.path, lite->id, &seen.writes, err) &&
			(seen.writes <= now.writes ||
			behind(lite, now.writes, seen.writes, err));
	memcpy(lite->counter.before, seen.epoch, sizeof seen.epoch);
	if (!look_at_counter(lite, &now, err))
		return false;
	if (strcmp(seen.epoch, now.epoch) == 0)
		limit = now.writes;
	else if (!look_before(lite, seen.epoch, &limit, err))
		return false;
	return seen.writes <= limit ||
		behind(lite, limit < 0 ? now.writes : limit, seen.writes, err);
}

static bool
end_epoch(struct rw_sqlite *lite, struct rw_err *err)
{
	return rw_sqlite_execute(lite, "INSERT INTO report_ledger_before"
		" SELECT epoch,writes FROM report_ledger;"
		"UPDATE report_ledger SET epoch=lower(hex(randomblob(8)))",
		"write", err);
}

bool
rw_sqlite_make_current(void *handle, struct rw_err *err)
{
	struct rw_sqlite *lite = handle;
	bool is_current = rw_sqlite_is_current(lite, NULL);
	struct rw_seen now;

	if (!rw_sqlite_execute(lite, "BEGIN IMMEDIATE", "lock", err))
		return false;
	if ((is_current || end_epoch(lite, err)) &&
	    rw_sqlite_count_write(lite, &now, err) &&
	    rw_sqlite_execute(lite, "COMMIT", "write", err))
		return rw_seen_set(lite->id, &now, err);
	rw_sqlite_rollback(lite);
	return false;
}
