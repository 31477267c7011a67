/*
 * The schema of the ledger in SQLite, and its migrations.
 *
 * PRAGMA user_version is the version of the schema. Release 1.0.0 has version 1.
 * A later version adds the columns of the rows of record/member_table.h with
 * that version, or makes the change of a step below, or both. Nothing is ever
 * removed, and no meaning changes. A new ledger is made in version 1 and then
 * migrated like any other, so that there is one way to each version, and all
 * files of a version have their columns in the same order.
 *
 * To add anything except a field, add a row to steps, with the next version.
 * Never edit a row that was released; the tests migrate tests/data/1.0.0.
 */
#include "ledger/sqlite_priv.h"

#include <sqlite3.h>

#include "base/fault.h"

enum {
	APPLICATION_ID = 0x52574c47,	/* "RWLG", see PRAGMA application_id */
	FIRST = 1,
};

/* Indexed by the new version; NULL: columns only. */
static const char *const steps[] = {
	[FIRST] = NULL,
	/* See lib/ledger/sqlite_writes.c. */
	[2] = "CREATE TABLE report_ledger(id TEXT NOT NULL,"
		"epoch TEXT NOT NULL,writes INTEGER NOT NULL)STRICT;"
		"INSERT INTO report_ledger VALUES(lower(hex(randomblob(16))),"
		"lower(hex(randomblob(8))),0);"
		"CREATE TABLE report_ledger_before(epoch TEXT PRIMARY KEY,"
		"writes INTEGER NOT NULL)STRICT",
	/* See lib/ledger/sqlite_runs.c. */
	[4] = "ALTER TABLE report_runs ADD COLUMN host TEXT;"
		"ALTER TABLE report_runs ADD COLUMN period TEXT;"
		"ALTER TABLE report_runs ADD COLUMN shard TEXT;"
		"ALTER TABLE report_runs ADD COLUMN began_at TEXT;"
		"ALTER TABLE report_runs ADD COLUMN ended_at TEXT;"
		"ALTER TABLE report_runs ADD COLUMN status INTEGER;"
		"ALTER TABLE report_runs ADD COLUMN is_whole INTEGER;"
		"ALTER TABLE report_runs ADD COLUMN is_finished INTEGER",
	/* For rw_sqlite_earlier, which reads it alone: the months that were
	 * sent, of each follower. */
	[6] = "CREATE INDEX report_sent_months ON report_sent(follower_id,"
		"report_period,email_sent,total_pnl,commission_amount,"
		"currency,opening_balance) WHERE email_sent=1",
};

static int
since(int field)
{
	return rw_fields[field].since;
}

static int
current_version(void)
{
	int i, version = sizeof steps / sizeof steps[0] - 1;

	for (i = 0; i < RW_F_COUNT; i++)
		if (since(i) > version)
			version = since(i);
	return version;
}

/* ---- columns ----------------------------------------------------------- */

bool
rw_sqlite_has(const struct rw_sqlite *lite, enum rw_field field)
{
	return since((int)field) <= lite->schema;
}

void
rw_sqlite_add_columns(struct rw_buf *sql, const struct rw_sqlite *lite,
	uint64_t fields)
{
	const char *comma = "";
	int i;

	for (i = 0; i < RW_F_COUNT; i++) {
		if ((fields & RW_SQLITE_FIELD(i)) == 0 ||
		    !rw_sqlite_has(lite, (enum rw_field)i))
			continue;
		rw_buf_addf(sql, "%s%s", comma, rw_fields[i].name);
		comma = ",";
	}
}

static void
add_definition(struct rw_buf *sql, int field)
{
	bool is_text = rw_field_is_text((enum rw_field)field) ||
		rw_fields[field].type == RW_FIELD_TIME;

	rw_buf_addf(sql, "%s %s", rw_fields[field].name,
		is_text ? "TEXT" : "INTEGER");
}

static void
add_first_columns(struct rw_buf *sql)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (since(i) == FIRST) {
			add_definition(sql, i);
			rw_buf_adds(sql, ",");
		}
}

/* ---- making and migrating ---------------------------------------------- */

static void
add_first(struct rw_buf *sql)
{
	rw_buf_adds(sql, "CREATE TABLE report_sent(");
	add_first_columns(sql);
	rw_buf_adds(sql, "PRIMARY KEY(follower_id,report_period))STRICT;"
		"CREATE TABLE report_sent_history(");
	add_first_columns(sql);
	rw_buf_adds(sql, "PRIMARY KEY(follower_id,report_period,revision,"
		"sequence))STRICT;"
		"CREATE TABLE report_runs(run_id TEXT,worker TEXT,"
		"outcome TEXT,lines INTEGER,"
		"PRIMARY KEY(run_id,worker,outcome))STRICT,WITHOUT ROWID;");
	rw_buf_addf(sql, "PRAGMA application_id=%d;", APPLICATION_ID);
}

static void
add_step(struct rw_buf *sql, int version)
{
	static const char *const tables[] = {"report_sent",
		"report_sent_history"};
	size_t t;
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		for (t = 0; since(i) == version && t < 2; t++) {
			rw_buf_addf(sql, "ALTER TABLE %s ADD COLUMN ",
				tables[t]);
			add_definition(sql, i);
			rw_buf_adds(sql, ";");
		}
	if ((size_t)version < sizeof steps / sizeof steps[0] &&
	    steps[version] != NULL)
		rw_buf_addf(sql, "%s;", steps[version]);
}

/* In the current transaction, from the version of the file; 0: empty. */
static bool
bring_up(struct rw_sqlite *lite, const char *what, struct rw_err *err)
{
	struct rw_buf sql = {0};
	int version = current_version();
	bool good;

	if (lite->schema < FIRST) {
		add_first(&sql);
		lite->schema = FIRST;
	}
	while (lite->schema < version)
		add_step(&sql, ++lite->schema);
	rw_buf_addf(&sql, "PRAGMA user_version=%d", version);
	good = rw_buf_ok(&sql, "the ledger's schema", err) &&
		rw_sqlite_execute(lite, rw_buf_text(&sql), what, err);
	rw_buf_free(&sql);
	if (good)
		rw_fault("schema-changed");
	return good && rw_sqlite_execute(lite, "COMMIT", what, err);
}

/* ---- looking ----------------------------------------------------------- */

/* A ledger that has lost its list of tables must not be made again. */
static bool
is_empty(struct rw_sqlite *lite, bool *empty, struct rw_err *err)
{
	int tables = 0, application = 0, pages = 0;

	if (!rw_sqlite_number(lite, "SELECT count(*) FROM sqlite_schema", &tables,
	    err) || !rw_sqlite_number(lite, "PRAGMA application_id", &application,
	    err) || !rw_sqlite_number(lite, "PRAGMA page_count", &pages, err))
		return false;
	*empty = tables == 0;
	return tables != 0 || (application == 0 && pages <= 1) ||
		rw_sqlite_damaged(lite, "it has no tables", err);
}

bool
rw_sqlite_no_ledger(struct rw_sqlite *lite, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "there is no ledger at %s: set "
		"RW_LEDGER or MONGO_URI to the one in use, or make a new, "
		"empty one with rw-record --init", lite->path);
}

static bool
too_new(struct rw_sqlite *lite, int version, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "the ledger %s has schema version %d, "
		"and this program knows versions up to %d: use the newer "
		"report-worker that has written it", lite->path, version,
		current_version());
}

bool
rw_sqlite_is_known(struct rw_sqlite *lite, struct rw_err *err)
{
	int version = 0;

	return rw_sqlite_number(lite, "PRAGMA user_version", &version, err) &&
		(version <= current_version() ||
		too_new(lite, version, err));
}

static bool
look_at_schema(struct rw_sqlite *lite, struct rw_err *err)
{
	int application = 0;

	if (!rw_sqlite_number(lite, "PRAGMA application_id", &application, err) ||
	    !rw_sqlite_number(lite, "PRAGMA user_version", &lite->schema, err))
		return false;
	if (application != APPLICATION_ID)
		return rw_fail(err, RW_CONFIG, "%s is an SQLite file, but not a "
			"ledger of report-worker", lite->path);
	if (lite->schema > current_version())
		return too_new(lite, lite->schema, err);
	if (lite->schema < FIRST)
		return rw_sqlite_damaged(lite, "it has no schema version", err);
	return true;
}

/* The first of several processes makes the ledger. */
static bool
create(struct rw_sqlite *lite, struct rw_err *err)
{
	bool empty = false;

	if (!rw_sqlite_execute(lite, "BEGIN IMMEDIATE", "make", err) ||
	    !is_empty(lite, &empty, err))
		return false;
	if (empty)
		return bring_up(lite, "make", err) &&
			rw_sqlite_make_current(lite, err);
	return rw_sqlite_execute(lite, "COMMIT", "make", err) &&
		look_at_schema(lite, err);
}

bool
rw_sqlite_schema_check(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err)
{
	bool empty = false;

	if (!is_empty(lite, &empty, err))
		return false;
	if (!empty)
		return look_at_schema(lite, err);
	return purpose == RW_LEDGER_CREATE ? create(lite, err) :
		rw_sqlite_no_ledger(lite, err);
}

bool
rw_sqlite_migrate(struct rw_sqlite *lite, struct rw_err *err)
{
	if (lite->schema == current_version())
		return true;
	if (!rw_sqlite_execute(lite, "BEGIN IMMEDIATE", "migrate", err) ||
	    !look_at_schema(lite, err))
		return false;
	return bring_up(lite, "migrate", err);
}
