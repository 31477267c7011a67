/* Notes on sent reports that a mail server gave them back. */
#include "ledger/steps_priv.h"

bool
rw_ledger_is_bounce_news(const struct rw_entry *entry, const char *code)
{
	const char *noted = rw_entry_text(entry, RW_F_BOUNCE_CODE);

	return noted == NULL || (code[0] == '5' && noted[0] != '5');
}

/* The entry may have been claimed for another sending since the caller has
 * listed it. */
static bool
is_of_sending(struct rw_ledger_item *item)
{
	struct rw_err ignored;
	int64_t revision = 1, sequence = 0;

	return rw_record_optional_int(item->record, RW_M_REVISION, 1,
		&revision, &ignored) && rw_record_optional_int(item->record,
		RW_M_SEQUENCE, 0, &sequence, &ignored) &&
		revision == rw_entry_number(&item->old, RW_F_REVISION, 1) &&
		sequence == rw_entry_number(&item->old, RW_F_SEQUENCE, 0);
}

/* The claim stays, so that the outcome of a mail on its way is recorded, and
 * is written again, so that a lost race is seen. The run that touched the entry
 * last, and when, stay as well. */
static bool
decide_bounce(struct rw_batch *batch, struct rw_ledger_item *item,
	size_t round, struct rw_change *change)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM), *code;

	(void)batch;
	(void)round;
	(void)change;
	if (!rw_record_string(item->record, RW_M_BOUNCE_CODE, &code,
	    &item->err) || !rw_entry_from_record(&item->change,
	    RW_F_BOUNCED_AT, item->record, &item->err))
		return rw_batch_not_done(item);
	item->fate = RW_FATE_UNCLAIMED;
	if (claim == NULL || !is_of_sending(item))
		return false;
	item->fate = RW_FATE_RESOLVED;
	item->known = !rw_ledger_is_bounce_news(&item->old, code);
	if (item->known)
		return false;
	rw_entry_set_text(&item->change, RW_F_CLAIM, claim);
	rw_entry_set_text(&item->change, RW_F_BOUNCE_CODE, code);
	return true;
}

bool
rw_ledger_note_bounces(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.uncounted = true, .decide = decide_bounce};

	rw_batch_start(items, n);
	return rw_batch_once(ledger, &step, items, n, err);
}
