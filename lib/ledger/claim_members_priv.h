/*
 * The members of a record that claims and outcomes write into an entry, by
 * what they tell of. For claim_fill.c and claim_settle.c alone.
 */
#ifndef RW_LEDGER_CLAIM_MEMBERS_PRIV_H
#define RW_LEDGER_CLAIM_MEMBERS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/entry.h"
#include "record/record.h"

struct rw_members {
	const enum rw_field *fields;
	size_t count;
};

/* What lies in the store, whatever becomes of the mail. */
extern const struct rw_members rw_members_stored;

/* The checksums are those of what lies in the store only after an upload. */
extern const struct rw_members rw_members_uploaded;

/* What the follower got, or may have got. */
extern const struct rw_members rw_members_delivered;

extern const struct rw_members rw_members_figures;

/* Those that the record has. A member of another form is left out: that the
 * mail is out must be recorded whatever else the line holds. */
void
rw_members_take(struct rw_entry *change, const struct rw_members *members,
	struct rw_record *record);

/* Stored, and uploaded when they were. */
void
rw_members_take_stored(struct rw_entry *change, struct rw_record *record);

bool
rw_members_are_stored(struct rw_record *record);

/* Empties those that the entry has; with NULL for it, all. */
void
rw_members_clear(struct rw_entry *change, const struct rw_members *members,
	const struct rw_entry *entry);

/* True when the claim has kept all that the record holds of the store, and its
 * figures. */
bool
rw_claim_has_kept(struct rw_record *record, const char *claim);

#endif
