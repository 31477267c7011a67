/* Records outcomes, directly after the mail. */
#include "ledger/steps_priv.h"

#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "ledger/claim_text.h"

/* The line is for --again. */
static bool
is_once_more(const struct rw_ledger_item *item)
{
	struct rw_err ignored;
	int64_t sequence = 0;

	return rw_record_optional_int(item->record, RW_M_SEQUENCE, 0,
		&sequence, &ignored) && sequence > 0;
}

/* A dry run and a failed --again need the entry to give its claim back. */
static bool
is_blind(const struct rw_ledger_item *item)
{
	enum rw_fate fate = rw_claim_fate(item->record);

	return item->claim != NULL && fate != RW_FATE_REHEARSED &&
		(fate != RW_FATE_FAILED || !is_once_more(item));
}

/* The entry shows that the token was used, and the outcome. */
static bool
was_settled(const struct rw_ledger_item *item, enum rw_state *state)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);
	size_t len = strlen(item->claim);

	if (claim == NULL || strncmp(claim, item->claim, len) != 0 ||
	    claim[len] != ':')
		return false;
	*state = rw_entry_state(&item->old);
	return true;
}

static const char *
run_of(const struct rw_ledger_item *item)
{
	const char *run_id = rw_entry_text(&item->old, RW_F_RUN_ID);

	return run_id == NULL ? "unknown" : run_id;
}

/* A failed line whose claim a later line of the input has taken over. */
static bool
is_superseded(const struct rw_ledger_item *item)
{
	const char *now = rw_entry_text(&item->old, RW_F_CLAIM);
	struct rw_claim_text text;

	return now != NULL && rw_claim_text_parse(&text, item->claim) &&
		text.is_failed &&
		rw_claim_text_is_of_one_input(item->claim, now);
}

/* The failure of this --again was recorded before: the entry is as it was before
 * the claim. */
static bool
was_kept_sent(const struct rw_ledger_item *item)
{
	struct rw_before now = rw_claim_as_it_is(&item->old);
	struct rw_claim_text text;

	return item->fate == RW_FATE_FAILED &&
		now.state == RW_STATE_SENT &&
		rw_claim_text_parse(&text, item->claim) &&
		text.before.state == RW_STATE_SENT &&
		text.before.revision == now.revision &&
		text.before.sequence == now.sequence;
}

/* The entry has a different claim. */
static bool
has_gone(struct rw_ledger_item *item)
{
	if (was_kept_sent(item)) {
		item->fate = RW_FATE_FAILED_AGAIN;
		item->known = true;
		return false;
	}
	if (is_superseded(item)) {
		item->fate = RW_FATE_SUPERSEDED;
		return false;
	}
	rw_fail(&item->err, RW_REFUSED, "the claim was lost: the entry is "
		"%s now, by run %s; the outcome was not recorded",
		rw_state_name(rw_entry_state(&item->old)), run_of(item));
	return rw_batch_not_done(item);
}

static void
settle(const struct rw_batch *batch, struct rw_ledger_item *item,
	const char *token)
{
	rw_claim_settle(&item->change, item->record, item->fate, token,
		batch->now);
}

bool
rw_ledger_keep_sent(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	const char *tool = rw_record_error_tool(item->record);
	struct rw_buf note = {0};
	bool good;

	rw_buf_addf(&note, "it was not sent once more: %s: %s",
		tool != NULL ? tool : "rw-record", tool != NULL ?
		rw_record_error_message(item->record) : "the line came "
		"without an outcome of the mail");
	good = rw_batch_keep_sent(batch, item, change, rw_buf_text(&note));
	rw_buf_free(&note);
	if (good)
		item->fate = RW_FATE_FAILED_AGAIN;
	return good;
}

static bool
decide_claimed_result(struct rw_batch *batch, struct rw_ledger_item *item,
	bool is_read, struct rw_change *change)
{
	enum rw_state state = RW_STATE_NONE;

	if (is_read && was_settled(item, &state)) {
		/* A sent mail settles every state; other outcomes are already
		 * known. */
		item->known = state == RW_STATE_SENT ||
			item->fate != RW_FATE_SENT;
		if (item->known)
			return false;
		rw_entry_set_null(&item->change, RW_F_LAST_ERROR);
	} else if (is_read) {
		const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);

		if (claim == NULL || strcmp(claim, item->claim) != 0)
			return has_gone(item);
		if (item->fate == RW_FATE_FAILED &&
		    rw_entry_number(&item->old, RW_F_SEQUENCE, 0) > 0)
			return rw_ledger_keep_sent(batch, item, change);
	} else {
		change->expected = item->claim;
	}
	settle(batch, item, item->claim);
	return true;
}

/* A lost claim cannot be given back. */
static bool
decide_rehearsed(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);

	return claim != NULL && item->claim != NULL &&
		strcmp(claim, item->claim) == 0 &&
		rw_batch_unclaim(batch, item, change);
}

/* A line that was mailed without a claim makes a new entry. */
static bool
fill_by_hand(const struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	struct rw_terms terms = {.again = true};
	struct rw_turn turn = rw_claim_turn(&item->old, &terms);
	struct rw_claim_times times = {.now = {batch->now, batch->boot_ms}};
	struct rw_err ignored;

	if (!rw_self_token(batch->ledger->self, item->token, &item->err) ||
	    !rw_clock_document(&times.mail_date, &item->err))
		return rw_batch_not_done(item);
	(void)rw_record_optional_int(item->record, RW_M_REVISION,
		turn.revision, &turn.revision, &ignored);
	rw_claim_fill(&item->change, &item->old, item->record, &turn,
		batch->ledger->self, item->token, &times);
	change->is_new = rw_entry_state(&item->old) == RW_STATE_NONE;
	if (rw_entry_state(&item->old) == RW_STATE_SENT)
		change->history = &item->old;
	settle(batch, item, item->token);
	return true;
}

static bool
decide_by_hand(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	enum rw_standing standing = rw_batch_standing(batch, &item->old);

	if (standing == RW_IS_CLAIMED) {
		rw_fail(&item->err, RW_REFUSED, "run %s has claimed it; the "
			"outcome was not recorded", run_of(item));
		return rw_batch_not_done(item);
	}
	if (rw_entry_state(&item->old) == RW_STATE_SENT &&
	    item->fate != RW_FATE_SENT) {
		rw_fail(&item->err, RW_REFUSED, "it was sent before, and "
			"a failure does not overwrite that");
		return rw_batch_not_done(item);
	}
	return fill_by_hand(batch, item, change);
}

bool
rw_ledger_is_still_in_doubt(struct rw_ledger_item *item)
{
	int64_t revision = 1, sequence = 0;
	struct rw_claim_text text;
	struct rw_err ignored;

	return item->fate == RW_FATE_FAILED &&
		rw_claim_text_parse(&text, item->claim) &&
		text.before.state == RW_STATE_IN_DOUBT &&
		rw_record_optional_int(item->record, RW_M_REVISION, 1,
		&revision, &ignored) && text.before.revision == revision &&
		rw_record_optional_int(item->record, RW_M_SEQUENCE, 0,
		&sequence, &ignored) && text.before.sequence == sequence;
}

static bool
decide_result(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	bool is_read = round > 0 || batch->step->is_blind == NULL ||
		!batch->step->is_blind(item);

	item->fate = rw_claim_fate(item->record);
	if (rw_ledger_is_still_in_doubt(item))
		item->fate = RW_FATE_IN_DOUBT;
	if (item->fate == RW_FATE_REHEARSED)
		return decide_rehearsed(batch, item, change);
	return item->claim != NULL ?
		decide_claimed_result(batch, item, is_read, change) :
		decide_by_hand(batch, item, change);
}

bool
rw_ledger_settle(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, bool is_late, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.uncounted = is_late, .is_blind = is_late ? NULL : is_blind,
		.decide = decide_result};
	size_t i;

	rw_batch_start(items, n);
	for (i = 0; i < n; i++)
		if (!rw_record_optional_string(items[i].record, RW_M_CLAIM,
		    NULL, &items[i].claim, &items[i].err))
			items[i].done = true;
	if (!rw_batch_once(ledger, &step, items, n, err))
		return false;
	rw_fault("result-committed");
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate != RW_FATE_NOT_DONE)
			rw_line_set_string(&items[i].record->line, RW_M_STATE,
				rw_fate_name(items[i].fate ==
				RW_FATE_SUPERSEDED ? RW_FATE_FAILED :
				items[i].fate));
	return true;
}

bool
rw_ledger_result(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	return rw_ledger_settle(ledger, items, n, false, err);
}
