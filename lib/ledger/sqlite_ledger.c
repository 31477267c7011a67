/*
 * The ledger in an SQLite file. It has a write-ahead log and a sync at each
 * commit, so that a batch costs one sync and readers never wait. Writers wait
 * at BEGIN IMMEDIATE. Nothing can be written between the writes of a batch; the
 * comparisons of rw_change only detect duplicate followers within a batch.
 */
#include "ledger/sqlite_priv.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "wire/config.h"

/* ---- opening ----------------------------------------------------------- */

/* "sqlite:..." would be a new and empty ledger in a directory of this name. */
static bool
is_url(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+");

	return len > 1 && text[len] == ':';
}

static bool
choose_path(struct rw_buf *path, struct rw_err *err)
{
	const char *given = rw_config_text("RW_LEDGER", NULL);

	if (given != NULL && is_url(given))
		return rw_fail(err, RW_CONFIG, "RW_LEDGER is a URL: expected "
			"the path of a SQLite file, such as "
			"/var/lib/report-worker/ledger.db (for MongoDB, set "
			"MONGO_URI)");
	if (given != NULL) {
		rw_buf_adds(path, given);
		return true;
	}
	if (!rw_file_state_dir(path, err))
		return false;
	rw_buf_adds(path, "/ledger.db");
	return true;
}

/* The columns of fields replace "*" in text. */
static bool
prepare_one(struct rw_sqlite *lite, uint64_t fields, const char *text,
	sqlite3_stmt **statement, struct rw_err *err)
{
	struct rw_buf sql = {0};
	bool good;

	for (; *text != '\0'; text++)
		if (*text == '*')
			rw_sqlite_add_columns(&sql, lite, fields);
		else
			rw_buf_add(&sql, text, 1);
	good = rw_sqlite_prepare(lite, &sql, statement, err);
	rw_buf_free(&sql);
	/* A table or column of its version is missing. */
	if (!good && sqlite3_errcode(lite->db) == SQLITE_ERROR)
		return rw_sqlite_damaged(lite, sqlite3_errmsg(lite->db), err);
	return good;
}

#define EARLIER(opening) "SELECT report_period,total_pnl,commission_amount," \
	"currency," opening " FROM report_sent WHERE follower_id=?1" \
	" AND report_period<?2 AND email_sent=1 AND total_pnl NOTNULL" \
	" AND commission_amount NOTNULL ORDER BY report_period"

static bool
prepare_all(struct rw_sqlite *lite, struct rw_err *err)
{
	const struct {
		sqlite3_stmt **statement;
		uint64_t fields;
		const char *sql;
	} all[] = {
		{&lite->load, RW_SQLITE_ALL, "SELECT * FROM report_sent"
			" WHERE follower_id=?1 AND report_period=?2"},
		{&lite->recall, RW_SQLITE_ALL,
			"SELECT * FROM report_sent_history"
			" WHERE follower_id=?1 AND report_period=?2"
			" AND revision=?3 AND sequence=?4"},
		{&lite->mark, RW_SQLITE_MARK, "SELECT * FROM report_sent"
			" WHERE follower_id=?1 AND report_period<?2"
			" ORDER BY report_period DESC LIMIT 1"},
		{&lite->earlier, 0, rw_sqlite_has(lite, RW_F_OPENING_BALANCE) ?
			EARLIER("opening_balance") : EARLIER("NULL")},
		{&lite->keep, RW_SQLITE_ALL,
			"INSERT OR REPLACE INTO report_sent_history(*)"
			" SELECT * FROM report_sent WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->remove, 0, "DELETE FROM report_sent"
			" WHERE follower_id=?1"
			" AND report_period=?2 AND claim IS ?3"},
		{&lite->count, 0, "INSERT OR REPLACE INTO report_runs"
			"(run_id,worker,outcome,lines) VALUES(?1,?2,?3,?4)"},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof all[0]; i++)
		if (!prepare_one(lite, all[i].fields, all[i].sql,
		    all[i].statement, err))
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
	sqlite3_finalize(lite->earlier);
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
		return rw_fail_memory(err, "the ledger");
	lite->counter.fd = -1;
	rw_buf_adds(&name, prefix);
	if (!choose_path(&name, err)) {
		rw_buf_free(&name);
		goto fail;
	}
	lite->name = rw_buf_take(&name);
	if (lite->name == NULL) {
		rw_fail_memory(err, "the ledger's name");
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
	/* A file has the clock of this host. */
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
	.earlier = rw_sqlite_earlier,
	.count = rw_sqlite_count,
	.newest = rw_sqlite_newest,
	.oldest = rw_sqlite_oldest,
	.each = rw_sqlite_each,
	.each_count = rw_sqlite_each_count,
	.note_run = rw_sqlite_note_run,
	.each_run = rw_sqlite_each_run,
};
