/*
 * An entry of the ledger: what became of one follower's report of one month.
 *
 * The members, their names and their types stand in one table; the back ends,
 * rw-status and the state machine all work from it. In SQLite they are
 * columns of report_sent, in MongoDB members of the documents of report_sent.
 * The first seven are those of the Python system, with its types, and its
 * readers rely on them. An entry without a state was written by that system.
 *
 * To add a member: a row of enum rw_field, and a row of the table in entry.c
 * whose third column is the next version of SQLite's schema (one more than the
 * highest there and in lib/ledger/sqlite_schema.c). That is all: an older
 * SQLite ledger gets the column when it is next opened for writing, and
 * documents of MongoDB get the member when they are next written. In entries
 * that are older than the member it is RW_ABSENT. Never change the version of
 * a row that was released.
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

enum rw_field {
	RW_F_FOLLOWER_ID,
	RW_F_REPORT_PERIOD,
	RW_F_EMAIL_SENT,	/* some sending of this month was completed */
	RW_F_SENT_TIMESTAMP,	/* the last completed one */
	RW_F_PDF_URL,
	RW_F_EXCEL_URL,
	RW_F_MINIO_UPLOAD,
	RW_F_STATE,
	RW_F_REVISION,
	RW_F_SEQUENCE,
	RW_F_RUN_ID,		/* of the run that touched it last */
	RW_F_CLAIM,		/* "TOKEN"; "TOKEN:STATE" once settled */
	RW_F_LEASE_UNTIL,	/* of the last claim */
	RW_F_HOST,		/* of the claim: RW_HOST or the host's name */
	RW_F_STATE_DIR,		/* of the claim: where its run and journal are */
	RW_F_RUN_LOCKED,	/* the run of the claim has a lock file */
	RW_F_RUN_LOCK,		/* which one: see struct rw_lock */
	RW_F_BOOT_ID,		/* of the kernel that made the claim */
	RW_F_LEASE_BOOT_MS,	/* when its lease ends by the clock of that
				 * kernel, see base/boot.h */
	RW_F_MAIL_DATE,
	RW_F_ATTEMPTS,
	RW_F_LAST_ERROR,
	RW_F_DELIVERY,
	RW_F_MESSAGE_ID,
	RW_F_PDF_KEY,
	RW_F_EXCEL_KEY,
	RW_F_PDF_VERSION_ID,
	RW_F_EXCEL_VERSION_ID,
	RW_F_PDF_SHA256,
	RW_F_EXCEL_SHA256,
	RW_F_OBJECT_EXPIRES_AT,
	RW_F_URL_EXPIRES_AT,
	RW_F_URL_SCHEME,
	RW_F_CURRENCY,
	RW_F_TOTAL_PNL,
	RW_F_COMMISSION_PCT,
	RW_F_COMMISSION_AMOUNT,
	RW_F_HIGH_WATER_MARK_AFTER,
	RW_F_CREATED_AT,
	RW_F_UPDATED_AT,
	RW_F_COUNT
};

enum rw_field_type {
	RW_FIELD_TEXT,
	RW_FIELD_BOOL,
	RW_FIELD_INT,
	RW_FIELD_TIME,		/* seconds since 1970 */
};

struct rw_field_info {
	const char *name;
	enum rw_field_type type;
	int since;		/* SQLite's schema version, from 1 */
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
