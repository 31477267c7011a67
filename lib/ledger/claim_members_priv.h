/*
 * The members of a record that claims and outcomes write to an entry, in the
 * sets of enum rw_kept. For claim_fill.c and claim_settle.c only.
 */
#ifndef RW_LEDGER_CLAIM_MEMBERS_PRIV_H
#define RW_LEDGER_CLAIM_MEMBERS_PRIV_H

#include <stdbool.h>

#include "ledger/entry.h"
#include "record/record.h"

/* Copies the fields of that kind from the record. Omits malformed members: a
 * mail that was sent must be recorded, whatever else the line contains. */
void
rw_members_take(struct rw_entry *change, enum rw_kept kept,
	struct rw_record *record);

/* RW_KEPT_STORED and, after an upload, RW_KEPT_UPLOADED. */
void
rw_members_take_stored(struct rw_entry *change, struct rw_record *record);

bool
rw_members_are_stored(struct rw_record *record);

/* Empties the fields of that kind that the entry has, or all of them when entry
 * is NULL. */
void
rw_members_clear(struct rw_entry *change, enum rw_kept kept,
	const struct rw_entry *entry);

/* True when the claim has already written the figures of the record, and all
 * its members about the store. */
bool
rw_claim_has_kept(struct rw_record *record, const char *claim);

#endif
