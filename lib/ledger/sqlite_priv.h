/*
 * Internals of the ledger in SQLite, for sqlite_*.c only, from the lowest file
 * to the highest; sqlite_ledger.c above them has the table of operations. The
 * library's types are named here so that no header of ours needs its header.
 */
#ifndef RW_LEDGER_SQLITE_PRIV_H
#define RW_LEDGER_SQLITE_PRIV_H

#include <assert.h>

#include "base/buf.h"
#include "ledger/backend_priv.h"
#include "ledger/seen_priv.h"

struct sqlite3;
struct sqlite3_stmt;

enum { RW_SQLITE_SHAPES = 8 };

/* A set of fields, one bit for each. */
#define RW_SQLITE_FIELD(field) (UINT64_C(1) << (field))
#define RW_SQLITE_ALL UINT64_MAX
/* See rw_backend.marks. */
#define RW_SQLITE_MARK (RW_SQLITE_FIELD(RW_F_EMAIL_SENT) | \
	RW_SQLITE_FIELD(RW_F_CURRENCY) | \
	RW_SQLITE_FIELD(RW_F_BOUNCE_CODE) | \
	RW_SQLITE_FIELD(RW_F_HIGH_WATER_MARK_AFTER))

static_assert(RW_F_COUNT <= 64, "a set of fields is a uint64_t");

/* A statement for one set of fields. */
struct rw_sqlite_shape {
	uint64_t fields;
	bool inserts;
	struct sqlite3_stmt *statement;
};

struct rw_sqlite {
	struct sqlite3 *db;
	char *name;
	const char *path;	/* inside name */
	int schema;		/* version of the file as it was opened */
	bool writes;		/* the current transaction writes */
	char id[RW_LEDGER_ID_SIZE];	/* the ledger's id; "": unknown */
	struct rw_seen_counter counter;
	struct sqlite3_stmt *load, *recall, *mark, *earlier, *keep, *remove,
		*count;
	struct rw_sqlite_shape shapes[RW_SQLITE_SHAPES];
	size_t next_shape;
};

/* ---- sqlite_base.c ------------------------------------------------------- */

/* "cannot WHAT the ledger FILE: ..."; returns false. */
bool
rw_sqlite_fail(struct rw_sqlite *lite, const char *what, struct rw_err *err);

/* "the ledger FILE is damaged: HOW; ...": RW_IO; returns false. */
bool
rw_sqlite_damaged(const struct rw_sqlite *lite, const char *how,
	struct rw_err *err);

bool
rw_sqlite_execute(struct rw_sqlite *lite, const char *sql, const char *what,
	struct rw_err *err);

bool
rw_sqlite_prepare(struct rw_sqlite *lite, const struct rw_buf *sql,
	struct sqlite3_stmt **statement, struct rw_err *err);

/* The number that sql selects. */
bool
rw_sqlite_number(struct rw_sqlite *lite, const char *sql, int *value,
	struct rw_err *err);

/* See struct rw_backend. */
void
rw_sqlite_rollback(void *handle);

/* NULL binds NULL. */
int
rw_sqlite_bind(struct sqlite3_stmt *statement, int at, const char *text);

/* Resets the statement, and binds the key to its first two parameters. */
void
rw_sqlite_bind_key(struct sqlite3_stmt *statement, const struct rw_key *key);

/* ---- sqlite_writes.c ----------------------------------------------------- */

/* Counts the current transaction; now gets the counts to record after the
 * commit. */
bool
rw_sqlite_count_write(struct rw_sqlite *lite, struct rw_seen *now,
	struct rw_err *err);

void
rw_sqlite_note_write(struct rw_sqlite *lite, const struct rw_seen *now);

/* See rw_ledger_is_current and rw_ledger_make_current. */
bool
rw_sqlite_is_current(void *handle, struct rw_err *err);

bool
rw_sqlite_make_current(void *handle, struct rw_err *err);

/* ---- sqlite_schema.c ----------------------------------------------------- */

/* "there is no ledger at FILE: ..."; returns false. */
bool
rw_sqlite_no_ledger(struct rw_sqlite *lite, struct rw_err *err);

/* Checks that the open file is a ledger of a known version, and sets
 * lite->schema. With RW_LEDGER_CREATE, makes a ledger in an empty file.
 * RW_CONFIG when it is not a ledger. */
bool
rw_sqlite_schema_check(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err);

/* Migrates an older file to the current version, in one transaction; if several
 * processes try this at once, one of them does it. RW_CONFIG when the file has
 * become too new in the meantime. */
bool
rw_sqlite_migrate(struct rw_sqlite *lite, struct rw_err *err);

/* False with RW_CONFIG when a newer program has migrated the file after it was
 * opened. */
bool
rw_sqlite_is_known(struct rw_sqlite *lite, struct rw_err *err);

/* True when the version of the open file has the column. */
bool
rw_sqlite_has(const struct rw_sqlite *lite, enum rw_field field);

/* Appends the names of the existing columns among the fields, separated by
 * commas, in the order of enum rw_field. */
void
rw_sqlite_add_columns(struct rw_buf *sql, const struct rw_sqlite *lite,
	uint64_t fields);

/* ---- sqlite_file.c ------------------------------------------------------- */

/* Opens the file. RW_CONFIG when the file does not exist and must not be made,
 * or is not a ledger of a known version. */
bool
rw_sqlite_open_file(struct rw_sqlite *lite, enum rw_ledger_purpose purpose,
	struct rw_err *err);

bool
rw_sqlite_verify(void *handle, struct rw_err *err);

/* ---- sqlite_rows.c: see struct rw_backend -------------------------------- */

bool
rw_sqlite_load(void *handle, struct rw_slot *slots, size_t n, bool thorough,
	struct rw_err *err);

bool
rw_sqlite_recall(void *handle, const struct rw_key *key, int64_t revision,
	int64_t sequence, struct rw_entry *entry, struct rw_err *err);

bool
rw_sqlite_marks(void *handle, struct rw_slot *slots, size_t n,
	struct rw_err *err);

bool
rw_sqlite_earlier(void *handle, const struct rw_key *keys, size_t n,
	rw_past_visit *visit, void *context, struct rw_err *err);

bool
rw_sqlite_newest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

bool
rw_sqlite_oldest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

bool
rw_sqlite_each(void *handle, const struct rw_ledger_query *query,
	struct rw_entry *room, rw_ledger_visit *visit, void *context,
	struct rw_err *err);

bool
rw_sqlite_each_count(void *handle, const char *run_id, rw_ledger_tally *tally,
	void *context, struct rw_err *err);

/* ---- sqlite_write.c: see struct rw_backend ------------------------------- */

bool
rw_sqlite_save(void *handle, struct rw_change *changes, size_t n,
	struct rw_err *err);

bool
rw_sqlite_count(void *handle, const char *run_id, const char *worker,
	const struct rw_count *counts, size_t n, struct rw_err *err);

/* ---- sqlite_runs.c: see struct rw_backend -------------------------------- */

bool
rw_sqlite_note_run(void *handle, const struct rw_ledger_run *run,
	struct rw_err *err);

bool
rw_sqlite_each_run(void *handle, const char *run_id, const char *period,
	rw_ledger_visit_run *visit, void *context, struct rw_err *err);

#endif
