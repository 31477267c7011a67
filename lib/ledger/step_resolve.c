/* Settling by hand what only the operator can find out. */
#include "ledger/steps_priv.h"

#include <string.h>

#include "ledger/claim_text.h"

/* What rw-mail has not begun was certainly not sent. */
static bool
may_be_freed(const struct rw_ledger *ledger, const struct rw_entry *entry,
	enum rw_standing standing)
{
	return (standing == RW_IS_ORPHANED ||
		(standing == RW_IS_CLAIMED &&
		rw_claim_is_by_hand(entry, ledger->self))) &&
		!rw_ledger_is_mailing(ledger, entry);
}

/* What was sent is remembered. */
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

/* Another host's claim whose outcome never came here: the figures, and the mark
 * that the next month would begin at, are those of the revision before. */
static bool
has_earlier_figures(const struct rw_entry *entry)
{
	return rw_entry_state(entry) == RW_STATE_CLAIMED &&
		rw_entry_number(entry, RW_F_REVISION, 1) > 1 &&
		rw_entry_number(entry, RW_F_SEQUENCE, 0) == 0;
}

static bool
decide_resolve(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *item, size_t round, struct rw_change *change)
{
	enum rw_standing standing = rw_ledger_standing(ledger, &item->old);
	bool is_free = may_be_freed(ledger, &item->old, standing);

	(void)round;
	(void)change;
	if (is_free && !ledger->known.frozen) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (standing != RW_IS_IN_DOUBT && (!is_free || step->sent)) {
		rw_fail(&item->err, RW_REFUSED, "it is %s, not in doubt",
			rw_state_name(rw_entry_state(&item->old)));
		return rw_ledger_not_done(item);
	}
	item->fate = RW_FATE_RESOLVED;
	if (!rw_self_token(ledger->self, item->token, &item->err))
		return rw_ledger_not_done(item);
	claim_anew(item, step->sent);
	rw_claim_settled(&item->change, rw_entry_text(&item->change,
		RW_F_CLAIM), step->sent ? RW_STATE_SENT : RW_STATE_FAILED);
	rw_entry_set_number(&item->change, RW_F_UPDATED_AT, ledger->now);
	rw_entry_set_text(&item->change, RW_F_LAST_ERROR, step->sent ? NULL :
		is_free ? "rw-record: was claimed, and is free again "
		"(--resolve retry)" : "rw-record: was in doubt, to be sent "
		"again (--resolve retry)");
	if (step->sent && has_earlier_figures(&item->old))
		rw_claim_forget_earlier(&item->change);
	if (step->sent) {
		rw_entry_set_number(&item->change, RW_F_EMAIL_SENT, 1);
		rw_entry_set_number(&item->change, RW_F_SENT_TIMESTAMP,
			rw_entry_number(&item->old, RW_F_UPDATED_AT,
			ledger->now));
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

	rw_ledger_start(ledger, items, n);
	if (!rw_ledger_pass_twice(ledger, &step, items, n, err))
		return false;
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate == RW_FATE_RESOLVED)
			mark_settled(&items[i], sent);
	return true;
}
