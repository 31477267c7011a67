#include "ledger/claim_members_priv.h"

#define MEMBERS(name, ...) \
	static const enum rw_field name[] = {__VA_ARGS__}; \
	const struct rw_members rw_members_##name = \
		{name, sizeof name / sizeof name[0]}

MEMBERS(stored, RW_F_PDF_KEY, RW_F_EXCEL_KEY, RW_F_PDF_VERSION_ID,
	RW_F_EXCEL_VERSION_ID, RW_F_OBJECT_EXPIRES_AT);
MEMBERS(uploaded, RW_F_PDF_SHA256, RW_F_EXCEL_SHA256);
MEMBERS(delivered, RW_F_PDF_URL, RW_F_EXCEL_URL, RW_F_URL_EXPIRES_AT,
	RW_F_URL_SCHEME, RW_F_DELIVERY, RW_F_MESSAGE_ID);
MEMBERS(figures, RW_F_CURRENCY, RW_F_TOTAL_PNL, RW_F_COMMISSION_PCT,
	RW_F_COMMISSION_AMOUNT, RW_F_HIGH_WATER_MARK_AFTER);

void
rw_members_take(struct rw_entry *change, const struct rw_members *members,
	struct rw_record *record)
{
	struct rw_err ignored;
	size_t i;

	for (i = 0; i < members->count; i++)
		(void)rw_entry_from_record(change, members->fields[i], record,
			&ignored);
}

void
rw_members_take_stored(struct rw_entry *change, struct rw_record *record)
{
	rw_members_take(change, &rw_members_stored, record);
	if (rw_members_are_stored(record))
		rw_members_take(change, &rw_members_uploaded, record);
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
rw_members_clear(struct rw_entry *change, const struct rw_members *members,
	const struct rw_entry *entry)
{
	size_t i;

	for (i = 0; i < members->count; i++)
		if (entry == NULL || rw_entry_has(entry, members->fields[i]))
			rw_entry_set_null(change, members->fields[i]);
}
