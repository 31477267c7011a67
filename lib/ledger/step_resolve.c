/* Settles reports whose outcome only the operator can find out. */
#include "ledger/steps_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
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

/* Marks the entry as sent before. */
static void
claim_anew(struct rw_ledger_item *item, bool sent)
{
	struct rw_claim_text text = {0}, then;
	struct rw_buf claim = {0};

	memcpy(text.token, item->token, sizeof text.token);
	rw_claim_text_parse(&then, rw_entry_text(&item->old, RW_F_CLAIM));
	if (sent) {
		memcpy(text.documents, then.documents, sizeof text.documents);
		memcpy(text.digests, then.digests, sizeof text.digests);
	}
	rw_claim_text_add(&claim, &text);
	rw_entry_set_text(&item->change, RW_F_CLAIM, rw_buf_text(&claim));
	rw_buf_free(&claim);
}

/* For a claim of another host whose outcome was never recorded here, or a
 * failed revision: the figures and the mark for the next month still belong to
 * the previous revision. */
static bool
has_earlier_figures(const struct rw_entry *entry)
{
	return (rw_entry_state(entry) == RW_STATE_CLAIMED ||
		rw_entry_state(entry) == RW_STATE_FAILED) &&
		rw_entry_number(entry, RW_F_REVISION, 1) > 1 &&
		rw_entry_number(entry, RW_F_SEQUENCE, 0) == 0;
}

/* Names the holder of the claim, for a message. */
static void
name_holder(struct rw_ledger_item *item)
{
	const char *run_id = rw_entry_text(&item->old, RW_F_RUN_ID);
	const char *host = rw_entry_text(&item->old, RW_F_HOST);
	char until[RW_RFC3339_SIZE];

	rw_rfc3339(until, rw_entry_number(&item->old, RW_F_LEASE_UNTIL, 0));
	rw_fail(&item->err, RW_REFUSED, "it is claimed by run %.140s on %.80s "
		"until %s, not in doubt", run_id != NULL ? run_id : "(unknown)",
		host != NULL ? host : "(unknown)", until);
}

static bool
refuse_state(struct rw_ledger_item *item, bool sent)
{
	switch (rw_entry_state(&item->old)) {
	case RW_STATE_NONE:
		rw_fail(&item->err, RW_REFUSED, "it has no entry in the "
			"ledger, and is not in doubt");
		break;
	case RW_STATE_CLAIMED:
		name_holder(item);
		break;
	case RW_STATE_SENT:
		rw_fail(&item->err, RW_REFUSED, "it is sent, not in doubt%s",
			sent ? "" : ": --again sends it once more");
		break;
	case RW_STATE_FAILED:
		rw_fail(&item->err, RW_REFUSED, "it is failed, not in doubt: "
			"%s", sent ? "--force with --follower records it as "
			"sent" : "the next run tries it again");
		break;
	case RW_STATE_IN_DOUBT:
		rw_fail(&item->err, RW_REFUSED, "it was sent before, and is in "
			"doubt since it was sent once more: settle it as sent, "
			"and --again sends it once more");
		break;
	}
	return rw_batch_not_done(item);
}

/* True when the entry's revision was sent before the last attempt. */
static bool
was_sent(const struct rw_entry *entry)
{
	return rw_entry_state(entry) == RW_STATE_SENT ||
		rw_entry_number(entry, RW_F_SEQUENCE, 0) > 0;
}

static bool
fill_settled(struct rw_batch *batch, struct rw_ledger_item *item, bool sent,
	bool is_free)
{
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

static bool
decide_resolve(struct rw_batch *batch, struct rw_ledger_item *item,
	size_t round, struct rw_change *change)
{
	enum rw_standing standing = rw_batch_standing(batch, &item->old);
	const struct rw_resolution *how = batch->step->resolution;
	bool is_free = may_be_freed(batch, &item->old, standing);
	bool is_failed = rw_entry_state(&item->old) == RW_STATE_FAILED;

	(void)round;
	if (is_free && !batch->known.frozen) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (how->sent ? standing != RW_IS_IN_DOUBT &&
	    !(is_failed && how->force) : !is_free &&
	    (standing != RW_IS_IN_DOUBT || was_sent(&item->old)))
		return refuse_state(item, how->sent);
	item->fate = RW_FATE_RESOLVED;
	if (is_free && !how->sent && was_sent(&item->old))
		return rw_batch_keep_sent(batch, item, change, "rw-record: was "
			"claimed to be sent once more, and is sent as before "
			"(--resolve retry)");
	return fill_settled(batch, item, how->sent, is_free);
}

static void
mark_settled(struct rw_ledger_item *item)
{
	struct rw_line *line = &item->record->line;
	const char *state = rw_entry_text(&item->change, RW_F_STATE);

	rw_line_set_string(line, RW_M_STATE, state);
	if (strcmp(state, rw_state_name(RW_STATE_SENT)) != 0)
		return;
	rw_entry_to_line(&item->change, RW_F_EMAIL_SENT, line);
	rw_entry_to_line(&item->change, RW_F_SENT_TIMESTAMP, line);
}

bool
rw_ledger_resolve(struct rw_ledger *ledger,
	const struct rw_resolution *how, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.resolution = how, .decide = decide_resolve};
	size_t i;

	rw_batch_start(items, n);
	if (!rw_batch_twice(ledger, &step, items, n, err))
		return false;
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate == RW_FATE_RESOLVED)
			mark_settled(&items[i]);
	return true;
}

/* ---- a host that is dead --------------------------------------------------- */

/* For a claim of this host, only a lock proves that its run is alive. */
static bool
has_word(void *context, const struct rw_entry *entry)
{
	(void)context;
	(void)entry;
	return true;
}

static bool
decide_doubt(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	const struct rw_entry *old = &item->old;
	const char *host = rw_entry_text(old, RW_F_HOST);
	const char *run_id = rw_entry_text(old, RW_F_RUN_ID);
	struct rw_judge judge = rw_batch_judge(batch);
	enum rw_standing standing;
	char note[256];

	(void)round;
	(void)change;
	judge.is_taken_over = has_word;
	standing = rw_batch_standing_by(batch, old, &judge);
	if (rw_entry_state(old) != RW_STATE_CLAIMED || host == NULL ||
	    strcmp(host, batch->step->resolution->host) != 0) {
		/* The claim has ended in the meantime. */
		item->fate = RW_FATE_UNCLAIMED;
		return false;
	}
	if (rw_batch_must_replay(batch, old, standing)) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (standing == RW_IS_CLAIMED) {
		rw_fail(&item->err, RW_REFUSED, "run %.140s on this host has "
			"claimed it and is alive", run_id != NULL ? run_id :
			"(unknown)");
		return rw_batch_not_done(item);
	}
	item->fate = RW_FATE_RESOLVED;
	snprintf(note, sizeof note, "rw-record: the lease of run %.100s on "
		"%.80s was ended (--resolve retry --force --host)",
		run_id != NULL ? run_id : "(unknown)", host);
	/* The claim is kept, so that an outcome which that host records later
	 * is accepted. */
	rw_claim_settled(&item->change, rw_entry_text(old, RW_F_CLAIM),
		RW_STATE_IN_DOUBT);
	rw_entry_set_text(&item->change, RW_F_LAST_ERROR, note);
	rw_entry_set_number(&item->change, RW_F_UPDATED_AT, batch->now);
	return true;
}

bool
rw_ledger_end_leases(struct rw_ledger *ledger,
	const struct rw_resolution *how, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.resolution = how, .decide = decide_doubt};

	rw_batch_start(items, n);
	return rw_batch_twice(ledger, &step, items, n, err);
}
