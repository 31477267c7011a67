/*
 * The members of a record that claims and outcomes write into an entry, in the
 * sets of enum rw_kept. For claim_fill.c and claim_settle.c alone.
 */
#ifndef RW_LEDGER_CLAIM_MEMBERS_PRIV_H
#define RW_LEDGER_CLAIM_MEMBERS_PRIV_H

#include <stdbool.h>

#include "ledger/entry.h"
#include "record/record.h"

/* Takes the fields of that kind that the record has. A member of another form is
 * left out: a mail that was sent must be recorded whatever else the line
 * holds. */
void
rw_members_take(struct rw_entry *change, enum rw_kept kept,
	struct rw_record *record);

/* RW_KEPT_STORED and, after an upload, RW_KEPT_UPLOADED. */
void
rw_members_take_stored(struct rw_entry *change, struct rw_record *record);

bool
rw_members_are_stored(struct rw_record *record);

/* Empties the fields of that kind that the entry has; all, when it is NULL. */
void
rw_members_clear(struct rw_entry *change, enum rw_kept kept,
	const struct rw_entry *entry);

/* True when the claim has kept all that the record holds of the store, and its
 * figures. */
bool
rw_claim_has_kept(struct rw_record *record, const char *claim);

#endif
