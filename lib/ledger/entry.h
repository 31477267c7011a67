/*
 * An entry of the ledger: the state of one follower's report for one month.
 *
 * The fields are the members that the table in record/member_table.h keeps; the
 * back ends, rw-status and the state machine all work from it. In SQLite they
 * are columns of report_sent, in MongoDB members of the documents of
 * report_sent. An entry without a state was written by the Python system.
 *
 * The same struct describes a change: RW_ABSENT keeps a member, RW_NULL empties
 * it, RW_SET gives it a value.
 *
 * When memory runs out, the entry is marked as failed, like a struct rw_buf;
 * the back ends check before they write.
 */
#ifndef RW_LEDGER_ENTRY_H
#define RW_LEDGER_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "record/members.h"
#include "record/record.h"

/* RW_F_MEMBER: the field's place in an entry and in all lists of columns. */
#define RW_FIELD_PLACE(member, name, type, group, kept, since) \
	RW_WHEN_KEPT(kept, RW_F_##member,)

enum rw_field { RW_MEMBERS(RW_FIELD_PLACE) RW_F_COUNT };

#undef RW_FIELD_PLACE

/* How the ledger stores members of each RW_TYPE. */
enum rw_field_type {
	RW_FIELD_TEXT,
	RW_FIELD_BOOL,
	RW_FIELD_INT,
	RW_FIELD_TIME,		/* seconds since 1970 */
	RW_FIELD_OBJECT,	/* text: JSON, as written */
	RW_FIELD_MONEY = RW_FIELD_TEXT,		/* as written */
	RW_FIELD_DECIMAL = RW_FIELD_TEXT,
};

struct rw_field_info {
	const char *name;
	enum rw_field_type type;
	enum rw_kept kept;
	int since;
};

extern const struct rw_field_info rw_fields[RW_F_COUNT];

struct rw_value {
	enum { RW_ABSENT, RW_NULL, RW_SET } is;
	int64_t number;		/* of a bool, an int, a time */
	const char *text;	/* of a text, an object; in the entry's
				 * arena */
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

/* True for a field whose value is the text, and not the number. */
bool
rw_field_is_text(enum rw_field field);

/* {0} is an empty entry. */
void
rw_entry_free(struct rw_entry *entry);

/* Empties the entry, but keeps some memory. */
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

/* NULL when the entry has no such text. */
const char *
rw_entry_text(const struct rw_entry *entry, enum rw_field field);

int64_t
rw_entry_number(const struct rw_entry *entry, enum rw_field field,
	int64_t otherwise);

/* The state of the entry; for an entry of the Python system, from its
 * email_sent. */
enum rw_state
rw_entry_state(const struct rw_entry *entry);

/* "claimed", ...; "none" when there is no entry. */
const char *
rw_state_name(enum rw_state state);

/* Copies a member from the entry to the line, under the same name. */
void
rw_entry_to_line(const struct rw_entry *entry, enum rw_field field,
	struct rw_line *line);

/* The reverse; a member that is missing or null is left RW_ABSENT. False when
 * it is malformed. */
bool
rw_entry_from_record(struct rw_entry *entry, enum rw_field field,
	struct rw_record *record, struct rw_err *err);

#endif
