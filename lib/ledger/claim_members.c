#include "ledger/claim_members_priv.h"

#include <stdio.h>

void
rw_members_take(struct rw_entry *change, enum rw_kept kept,
	struct rw_record *record)
{
	struct rw_err ignored;
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (rw_fields[i].kept == kept)
			(void)rw_entry_from_record(change, (enum rw_field)i,
				record, &ignored);
}

/* The stored objects are those that were sent, and the checksums of the line are
 * of files that were made again, perhaps with another layout. */
static bool
are_as_sent(struct rw_record *record)
{
	struct rw_err ignored;
	bool as_sent = false;

	return rw_record_optional_bool(record, RW_M_STORED_AS_SENT, &as_sent,
		&ignored) && as_sent;
}

static void
take_as_sent(struct rw_entry *change, struct rw_record *record)
{
	const char *sha256;
	struct rw_err ignored;
	char name[64];
	int i;

	for (i = 0; i < RW_F_COUNT; i++) {
		if (rw_fields[i].kept != RW_KEPT_UPLOADED)
			continue;
		snprintf(name, sizeof name, "stored_%s", rw_fields[i].name);
		if (rw_record_optional_string(record, name, NULL, &sha256,
		    &ignored) && sha256 != NULL)
			rw_entry_set_text(change, (enum rw_field)i, sha256);
	}
}

void
rw_members_take_stored(struct rw_entry *change, struct rw_record *record)
{
	rw_members_take(change, RW_KEPT_STORED, record);
	if (!rw_members_are_stored(record))
		return;
	if (are_as_sent(record))
		take_as_sent(change, record);
	else
		rw_members_take(change, RW_KEPT_UPLOADED, record);
}

bool
rw_members_are_stored(struct rw_record *record)
{
	struct rw_err ignored;
	bool stored_it = false;

	return rw_record_optional_bool(record, RW_M_MINIO_UPLOAD, &stored_it,
		&ignored) && stored_it;
}

void
rw_members_clear(struct rw_entry *change, enum rw_kept kept,
	const struct rw_entry *entry)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (rw_fields[i].kept == kept && (entry == NULL ||
		    rw_entry_has(entry, (enum rw_field)i)))
			rw_entry_set_null(change, (enum rw_field)i);
}
