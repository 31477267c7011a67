/*
 * Gives claims back: after a mail to a test address, no mail at all, or a failed
 * --again, the entry becomes what it was before. The claim has that state. If
 * the entry was sent, the claim has saved it to the history.
 */
#include "ledger/steps_priv.h"

#include "ledger/claim_text.h"

/* Restores the whole entry from the history. */
static void
restore_all(struct rw_entry *change, const struct rw_entry *now,
	const struct rw_entry *then)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++) {
		enum rw_field field = (enum rw_field)i;

		if (field == RW_F_FOLLOWER_ID || field == RW_F_REPORT_PERIOD)
			continue;
		if (rw_entry_has(then, field) && rw_field_is_text(field))
			rw_entry_set_text(change, field,
				rw_entry_text(then, field));
		else if (rw_entry_has(then, field))
			rw_entry_set_number(change, field,
				rw_entry_number(then, field, 0));
		else if (rw_entry_has(now, field))
			rw_entry_set_null(change, field);
	}
}

/* For a repeated attempt at a sending that had not succeeded before. */
static void
restore_state(struct rw_ledger_item *item, const struct rw_before *before,
	int64_t now)
{
	struct rw_entry *change = &item->change;
	struct rw_err ignored;

	rw_claim_settled(change, item->claim, before->state);
	rw_entry_set_number(change, RW_F_REVISION, before->revision);
	rw_entry_set_number(change, RW_F_SEQUENCE, before->sequence);
	if (before->revision == rw_entry_number(&item->old, RW_F_REVISION, 1))
		rw_entry_set_number(change, RW_F_ATTEMPTS,
			rw_entry_number(&item->old, RW_F_ATTEMPTS, 1) - 1);
	rw_entry_set_number(change, RW_F_UPDATED_AT, now);
	rw_entry_set_text(change, RW_F_LAST_ERROR, before->state ==
		RW_STATE_IN_DOUBT ? "rw-record: was in doubt before a "
		"rehearsal, and still is" : "rw-record: was not sent before "
		"a rehearsal, and still is to be");
	/* Made from the entry, so it is the same as in the message in doubt. */
	if (before->state == RW_STATE_IN_DOUBT)
		(void)rw_entry_from_record(change, RW_F_MESSAGE_ID,
			item->record, &ignored);
}

static bool
is_of_history(const struct rw_entry *then, const struct rw_before *before)
{
	return rw_entry_has(then, RW_F_FOLLOWER_ID) &&
		rw_entry_state(then) == before->state;
}

bool
rw_batch_unclaim(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	const struct rw_ledger *ledger = batch->ledger;
	struct rw_entry then = {0};
	struct rw_claim_text text;

	if (!rw_claim_text_parse(&text, item->claim))
		return false;
	if (text.before.state == RW_STATE_NONE) {
		change->removes = true;
		return true;
	}
	if (!ledger->backend->recall(ledger->handle, &change->key,
	    text.before.revision, text.before.sequence, &then, &item->err)) {
		rw_entry_free(&then);
		return rw_batch_not_done(item);
	}
	if (is_of_history(&then, &text.before))
		restore_all(&item->change, &item->old, &then);
	else
		restore_state(item, &text.before, batch->now);
	rw_entry_free(&then);
	return true;
}

bool
rw_batch_keep_sent(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change, const char *note)
{
	const struct rw_ledger *ledger = batch->ledger;
	const struct rw_entry *old = &item->old;
	const char *claim = rw_entry_text(old, RW_F_CLAIM);
	struct rw_before sent = rw_claim_as_it_is(old);
	struct rw_entry then = {0};

	sent.state = RW_STATE_SENT;
	sent.sequence--;
	if (!ledger->backend->recall(ledger->handle, &change->key,
	    sent.revision, sent.sequence, &then, &item->err)) {
		rw_entry_free(&then);
		return rw_batch_not_done(item);
	}
	if (is_of_history(&then, &sent)) {
		restore_all(&item->change, old, &then);
	} else {
		if (rw_entry_state(old) == RW_STATE_CLAIMED && claim != NULL)
			rw_claim_settled(&item->change, claim, RW_STATE_SENT);
		rw_entry_set_text(&item->change, RW_F_STATE,
			rw_state_name(RW_STATE_SENT));
		rw_entry_set_number(&item->change, RW_F_SEQUENCE,
			sent.sequence);
	}
	rw_entry_set_text(&item->change, RW_F_LAST_ERROR, note);
	rw_entry_set_number(&item->change, RW_F_UPDATED_AT, batch->now);
	rw_entry_free(&then);
	return true;
}
