/* Settles reports whose outcome only the operator can find out. */
#include "ledger/steps_priv.h"

#include <string.h>

#include "ledger/claim_text.h"

/* A mail that rw-mail has not begun was certainly not sent. */
static bool
may_be_freed(const struct rw_batch *batch, const struct rw_entry *entry,
	enum rw_standing standing)
{
	return (standing == RW_IS_ORPHANED ||
		(standing == RW_IS_CLAIMED &&
		rw_claim_is_by_hand(entry, batch->ledger->self))) &&
		!rw_batch_is_mailing(batch, entry);
}

/* Marks it as sent before. */
static void
claim_anew(struct rw_ledger_item *item, bool sent)
{
	struct rw_claim_text text = {0};
	struct rw_buf claim = {0};

	memcpy(text.token, item->token, sizeof text.token);
	if (sent)
		rw_claim_claimed_documents(&item->old, text.documents);
	rw_claim_text_add(&claim, &text);
	rw_entry_set_text(&item->change, RW_F_CLAIM, rw_buf_text(&claim));
	rw_buf_free(&claim);
}

/* The claim of another host whose outcome was never recorded here: the figures,
 * and the mark for the next month, are still those of the revision before. */
static bool
has_earlier_figures(const struct rw_entry *entry)
{
	return rw_entry_state(entry) == RW_STATE_CLAIMED &&
		rw_entry_number(entry, RW_F_REVISION, 1) > 1 &&
		rw_entry_number(entry, RW_F_SEQUENCE, 0) == 0;
}

static bool
decide_resolve(struct rw_batch *batch, struct rw_ledger_item *item,
	size_t round, struct rw_change *change)
{
	enum rw_standing standing = rw_batch_standing(batch, &item->old);
	bool sent = batch->step->sent;
	bool is_free = may_be_freed(batch, &item->old, standing);

	(void)round;
	(void)change;
	if (is_free && !batch->known.frozen) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (standing != RW_IS_IN_DOUBT && (!is_free || sent)) {
		rw_fail(&item->err, RW_REFUSED, "it is %s, not in doubt",
			rw_state_name(rw_entry_state(&item->old)));
		return rw_batch_not_done(item);
	}
	item->fate = RW_FATE_RESOLVED;
	if (!rw_self_token(batch->ledger->self, item->token, &item->err))
		return rw_batch_not_done(item);
	claim_anew(item, sent);
	rw_claim_settled(&item->change, rw_entry_text(&item->change,
		RW_F_CLAIM), sent ? RW_STATE_SENT : RW_STATE_FAILED);
	rw_entry_set_number(&item->change, RW_F_UPDATED_AT, batch->now);
	rw_entry_set_text(&item->change, RW_F_LAST_ERROR, sent ? NULL :
		is_free ? "rw-record: was claimed, and is free again "
		"(--resolve retry)" : "rw-record: was in doubt, to be sent "
		"again (--resolve retry)");
	if (sent && has_earlier_figures(&item->old))
		rw_claim_forget_earlier(&item->change);
	if (sent) {
		rw_entry_set_number(&item->change, RW_F_EMAIL_SENT, 1);
		rw_entry_set_number(&item->change, RW_F_SENT_TIMESTAMP,
			rw_entry_number(&item->old, RW_F_UPDATED_AT,
			batch->now));
	}
	return true;
}

static void
mark_settled(struct rw_ledger_item *item, bool sent)
{
	struct rw_line *line = &item->record->line;

	rw_line_set_string(line, RW_M_STATE, rw_state_name(sent ?
		RW_STATE_SENT : RW_STATE_FAILED));
	if (!sent)
		return;
	rw_entry_to_line(&item->change, RW_F_EMAIL_SENT, line);
	rw_entry_to_line(&item->change, RW_F_SENT_TIMESTAMP, line);
}

bool
rw_ledger_resolve(struct rw_ledger *ledger, bool sent,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.sent = sent, .decide = decide_resolve};
	size_t i;

	rw_batch_start(items, n);
	if (!rw_batch_twice(ledger, &step, items, n, err))
		return false;
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate == RW_FATE_RESOLVED)
			mark_settled(&items[i], sent);
	return true;
}
