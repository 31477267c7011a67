/*
 * An entry of the ledger: what became of one follower's report of one month.
 *
 * The fields, their names and their types are in one table; the back ends,
 * rw-status and the state machine all work from it. In SQLite they are
 * columns of report_sent, in MongoDB members of the documents of report_sent.
 * The first seven are those of the Python system, with its types, and its
 * readers rely on them. An entry without a state was written by that system.
 *
 * To add a field: a row of RW_FIELDS, whose since is the next version of
 * SQLite's schema: one more than the highest there and in
 * lib/ledger/sqlite_schema.c. An older SQLite ledger gets the column when it is
 * next opened for writing, and documents of MongoDB get the member when they
 * are next written; in older entries the field is RW_ABSENT. Never change the
 * since of a row that was released. "Add a member" in HACKING.md has the rest.
 *
 * The same struct says what to change: RW_ABSENT leaves a member alone,
 * RW_NULL empties it, RW_SET gives it a value.
 *
 * Running out of memory marks the entry failed, as a struct rw_buf; the back
 * ends ask before they write.
 */
#ifndef RW_LEDGER_ENTRY_H
#define RW_LEDGER_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "record/record.h"

/*
 * The table of fields: X(FIELD, name, type, since, kept). RW_F_FIELD is the
 * field's place in an entry and in all lists of columns; type is an
 * RW_FIELD_type; since is SQLite's schema version, from 1, that has the column;
 * kept is the RW_KEPT_kept by which claims and outcomes write it.
 */
#define RW_FIELDS(X) \
	X(FOLLOWER_ID, RW_M_FOLLOWER_ID, TEXT, 1, APART) \
	X(REPORT_PERIOD, RW_M_REPORT_PERIOD, TEXT, 1, APART) \
	/* some sending of this month was completed */ \
	X(EMAIL_SENT, RW_M_EMAIL_SENT, BOOL, 1, APART) \
	/* the last completed one */ \
	X(SENT_TIMESTAMP, RW_M_SENT_TIMESTAMP, TIME, 1, APART) \
	X(PDF_URL, RW_M_PDF_URL, TEXT, 1, DELIVERED) \
	X(EXCEL_URL, RW_M_EXCEL_URL, TEXT, 1, DELIVERED) \
	X(MINIO_UPLOAD, RW_M_MINIO_UPLOAD, BOOL, 1, APART) \
	X(STATE, RW_M_STATE, TEXT, 1, APART) \
	X(REVISION, RW_M_REVISION, INT, 1, APART) \
	X(SEQUENCE, RW_M_SEQUENCE, INT, 1, APART) \
	/* of the run that touched it last */ \
	X(RUN_ID, RW_M_RUN_ID, TEXT, 1, APART) \
	/* "TOKEN"; "TOKEN:STATE" once settled */ \
	X(CLAIM, RW_M_CLAIM, TEXT, 1, APART) \
	/* of the last claim */ \
	X(LEASE_UNTIL, RW_M_LEASE_UNTIL, TIME, 1, APART) \
	/* of the claim: RW_HOST or the host's name */ \
	X(HOST, "host", TEXT, 1, APART) \
	/* of the claim: where its run and journal are */ \
	X(STATE_DIR, "state_dir", TEXT, 1, APART) \
	/* the run of the claim has a lock file */ \
	X(RUN_LOCKED, "run_locked", BOOL, 1, APART) \
	/* which one: see struct rw_lock */ \
	X(RUN_LOCK, "run_lock", TEXT, 3, APART) \
	/* of the kernel that made the claim */ \
	X(BOOT_ID, RW_M_BOOT_ID, TEXT, 3, APART) \
	/* when its lease ends by the clock of that kernel, see base/boot.h */ \
	X(LEASE_BOOT_MS, RW_M_LEASE_BOOT_MS, INT, 3, APART) \
	X(MAIL_DATE, RW_M_MAIL_DATE, TIME, 1, APART) \
	X(ATTEMPTS, "attempts", INT, 1, APART) \
	X(LAST_ERROR, "last_error", TEXT, 1, APART) \
	X(DELIVERY, RW_M_DELIVERY, TEXT, 1, DELIVERED) \
	X(MESSAGE_ID, RW_M_MESSAGE_ID, TEXT, 1, DELIVERED) \
	X(PDF_KEY, RW_M_PDF_KEY, TEXT, 1, STORED) \
	X(EXCEL_KEY, RW_M_EXCEL_KEY, TEXT, 1, STORED) \
	X(PDF_VERSION_ID, RW_M_PDF_VERSION_ID, TEXT, 1, STORED) \
	X(EXCEL_VERSION_ID, RW_M_EXCEL_VERSION_ID, TEXT, 1, STORED) \
	X(PDF_SHA256, RW_M_PDF_SHA256, TEXT, 1, UPLOADED) \
	X(EXCEL_SHA256, RW_M_EXCEL_SHA256, TEXT, 1, UPLOADED) \
	X(OBJECT_EXPIRES_AT, RW_M_OBJECT_EXPIRES_AT, TIME, 1, STORED) \
	X(URL_EXPIRES_AT, RW_M_URL_EXPIRES_AT, TIME, 1, DELIVERED) \
	X(URL_SCHEME, RW_M_URL_SCHEME, TEXT, 1, DELIVERED) \
	X(CURRENCY, RW_M_CURRENCY, TEXT, 1, FIGURES) \
	X(TOTAL_PNL, RW_M_TOTAL_PNL, TEXT, 1, FIGURES) \
	X(COMMISSION_PCT, RW_M_COMMISSION_PCT, TEXT, 1, FIGURES) \
	X(COMMISSION_AMOUNT, RW_M_COMMISSION_AMOUNT, TEXT, 1, FIGURES) \
	X(HIGH_WATER_MARK_AFTER, RW_M_HIGH_WATER_MARK_AFTER, TEXT, 1, FIGURES) \
	X(CREATED_AT, "created_at", TIME, 1, APART) \
	X(UPDATED_AT, "updated_at", TIME, 1, APART)

#define RW_FIELD_PLACE(field, name, type, since, kept) RW_F_##field,

enum rw_field { RW_FIELDS(RW_FIELD_PLACE) RW_F_COUNT };

#undef RW_FIELD_PLACE

enum rw_field_type {
	RW_FIELD_TEXT,
	RW_FIELD_BOOL,
	RW_FIELD_INT,
	RW_FIELD_TIME,		/* seconds since 1970 */
};

/* A set of fields that claims and outcomes write together. */
enum rw_kept {
	RW_KEPT_APART,		/* by code that names the field */
	RW_KEPT_STORED,		/* what is in the store, whether or not the mail
				 * was sent */
	RW_KEPT_UPLOADED,	/* checksums of the stored files: known only
				 * after an upload */
	RW_KEPT_DELIVERED,	/* what the follower got, or may have got */
	RW_KEPT_FIGURES,
};

struct rw_field_info {
	const char *name;
	enum rw_field_type type;
	int since;
	enum rw_kept kept;
};

extern const struct rw_field_info rw_fields[RW_F_COUNT];

struct rw_value {
	enum { RW_ABSENT, RW_NULL, RW_SET } is;
	int64_t number;		/* of a bool, an int, a time */
	const char *text;	/* of a text; in the entry's arena */
};

struct rw_entry {
	struct rw_value values[RW_F_COUNT];
	bool failed;		/* a set found no memory */
	struct rw_arena arena;
};

enum rw_state {
	RW_STATE_NONE,		/* there is no entry */
	RW_STATE_CLAIMED,
	RW_STATE_SENT,
	RW_STATE_FAILED,
	RW_STATE_IN_DOUBT,
};

/* {0} is an empty entry. */
void
rw_entry_free(struct rw_entry *entry);

/* Empties it and keeps some memory. */
void
rw_entry_reset(struct rw_entry *entry);

/* Copies the text; NULL empties the member. */
void
rw_entry_set_text(struct rw_entry *entry, enum rw_field field,
	const char *text);

void
rw_entry_set_number(struct rw_entry *entry, enum rw_field field,
	int64_t number);

void
rw_entry_set_null(struct rw_entry *entry, enum rw_field field);

bool
rw_entry_has(const struct rw_entry *entry, enum rw_field field);

/* NULL when it has none. */
const char *
rw_entry_text(const struct rw_entry *entry, enum rw_field field);

int64_t
rw_entry_number(const struct rw_entry *entry, enum rw_field field,
	int64_t otherwise);

/* What the entry says, and of an entry that the Python system wrote, what its
 * email_sent says. */
enum rw_state
rw_entry_state(const struct rw_entry *entry);

/* "claimed", ...; "none" when there is no entry. */
const char *
rw_state_name(enum rw_state state);

/* Sets on the line, under the same name, what the entry has. */
void
rw_entry_to_line(const struct rw_entry *entry, enum rw_field field,
	struct rw_line *line);

/* The reverse; a member that is missing or null is left RW_ABSENT. False when
 * it is malformed. */
bool
rw_entry_from_record(struct rw_entry *entry, enum rw_field field,
	struct rw_record *record, struct rw_err *err);

#endif
