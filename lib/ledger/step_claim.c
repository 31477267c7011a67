/* Claims reports, directly before the mail. */
#include "ledger/steps_priv.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"

/* Claims a report that was sent before. */
static bool
is_revision(struct rw_record *record)
{
	int64_t revision = 1;
	struct rw_err ignored;

	return rw_record_optional_int(record, RW_M_REVISION, 1, &revision,
		&ignored) && revision > 1;
}

/* Most reports are claimed for the first time: the entry is written without
 * reading, and if that fails, the existing entry is read. */
static bool
is_fresh(const struct rw_ledger_item *item)
{
	return !item->must_be_there &&
		rw_entry_state(&item->old) == RW_STATE_NONE;
}

/* The files were made for a revision, which must be the due one. */
static bool
is_for(struct rw_ledger_item *item, const struct rw_turn *turn)
{
	int64_t revision;

	if (!rw_record_optional_int(item->record, RW_M_REVISION, 1, &revision,
	    &item->err))
		return false;
	if (revision != turn->revision)
		return rw_fail(&item->err, RW_DATA, "the line is for revision "
			"%" PRId64 ", and revision %" PRId64 " is due: look "
			"the report up again (rw-record --lookup) before "
			"making it", revision, turn->revision);
	return turn->sequence == 0 ||
		!rw_claim_is_of_another(&item->old, item->record, true) ||
		rw_fail(&item->err, RW_DATA, "it was sent as a different "
		"document: --revise sends this one as a correction");
}

static bool
fill_claim(const struct rw_batch *batch, const struct rw_turn *turn,
	struct rw_ledger_item *item, struct rw_change *change)
{
	struct rw_claim_times times = {.now = {batch->now, batch->boot_ms},
		.lease_s = batch->step->terms->lease_s};

	if (!is_for(item, turn) ||
	    !rw_self_token(batch->ledger->self, item->token, &item->err) ||
	    !rw_clock_document(&times.mail_date, &item->err))
		return rw_batch_not_done(item);
	rw_claim_fill(&item->change, &item->old, item->record, turn,
		batch->ledger->self, item->token, &times);
	change->is_new = rw_entry_state(&item->old) == RW_STATE_NONE;
	if (!change->is_new && turn->is_new &&
	    rw_entry_state(&item->old) != RW_STATE_FAILED)
		change->history = &item->old;
	return true;
}

/* True when the entry is in doubt, and the line would send a different report
 * under the same Message-ID, or none, after which the doubt would be lost. A
 * new revision has a different number and Message-ID. */
static bool
is_changed(struct rw_ledger_item *item, const struct rw_turn *turn)
{
	return !turn->is_new &&
		(rw_claim_is_failed(item->record) ||
		rw_claim_is_of_another(&item->old, item->record, false));
}

/* An earlier line of this input that has failed must not prevent the mail. Our
 * line takes over its claim. */
static bool
take_place(const struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change)
{
	const struct rw_terms plain = {0};
	struct rw_turn turn = rw_claim_turn(&item->old, &plain);

	turn.before = rw_claim_before(&item->old);
	item->replaces = rw_entry_state(&item->old) != RW_STATE_CLAIMED;
	item->fate = RW_FATE_CLAIMED;
	return fill_claim(batch, &turn, item, change);
}

/* A line that was looked up with --take-over has the claim that was held at
 * that time. */
static enum rw_standing
standing_of(struct rw_batch *batch, const struct rw_ledger_item *item)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);
	struct rw_judge judge = rw_batch_judge(batch);
	const char *meant = NULL;
	struct rw_err ignored;

	if (!rw_record_optional_string(item->record, RW_M_TAKEN_OVER, NULL,
	    &meant, &ignored) || (meant != NULL && (claim == NULL ||
	    strcmp(meant, claim) != 0)))
		judge.is_taken_over = NULL;
	return rw_batch_standing_by(batch, &item->old, &judge);
}

static bool
decide_claim(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	enum rw_standing standing = standing_of(batch, item);
	struct rw_turn turn = rw_claim_turn(&item->old, batch->step->terms);

	(void)round;
	if (rw_batch_must_replay(batch, &item->old, standing)) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (standing == RW_IS_OURS &&
	    rw_claim_gives_way(&item->old, item->record))
		return take_place(batch, item, change);
	item->fate = rw_claim_verdict(standing, batch->step->terms);
	if (item->fate == RW_FATE_CLAIMED_ELSEWHERE &&
	    rw_claim_is_by_hand(&item->old, batch->ledger->self))
		item->fate = RW_FATE_CLAIMED_BY_HAND;
	if (item->fate != RW_FATE_LOOKED_UP)
		return false;
	if (standing != RW_IS_IN_DOUBT) {
		item->fate = RW_FATE_CLAIMED;
	} else if (is_changed(item, &turn)) {
		item->fate = RW_FATE_HELD_CHANGED;
		return false;
	} else {
		item->fate = RW_FATE_RESENT;
		turn.before = rw_claim_as_it_is(&item->old);
		turn.before.state = RW_STATE_IN_DOUBT;
	}
	return fill_claim(batch, &turn, item, change);
}

/* Removes an outcome from the line, because it is of an earlier sending. The
 * ledger stores the end of the lease on its own clock. The line is for rw-mail,
 * which has the clock of this kernel or, if that is unknown, of this host; the
 * clocks may differ by more than a lease. */
static void
mark_claimed(struct rw_ledger_item *item, int64_t lease_until)
{
	static const enum rw_field fields[] = {RW_F_RUN_ID, RW_F_CLAIM,
		RW_F_REVISION, RW_F_SEQUENCE, RW_F_STATE, RW_F_MAIL_DATE,
		RW_F_MAIL_EDITION, RW_F_BOOT_ID, RW_F_LEASE_BOOT_MS};
	struct rw_line *line = &item->record->line;
	size_t i;

	rw_record_forget_mail(item->record);
	rw_line_remove(line, RW_M_TAKEN_OVER);
	rw_line_remove(line, RW_M_MAIL_EDITION);
	rw_line_remove(line, RW_M_BOOT_ID);
	rw_line_remove(line, RW_M_LEASE_BOOT_MS);
	for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
		rw_entry_to_line(&item->change, fields[i], line);
	rw_record_set_time(item->record, RW_M_LEASE_UNTIL, lease_until);
	rw_record_set_time(item->record, RW_M_LEDGER_LEASE_UNTIL,
		rw_entry_number(&item->change, RW_F_LEASE_UNTIL, 0));
}

bool
rw_ledger_claim(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .terms = terms,
		.is_blind = terms->again || terms->revise ? NULL : is_fresh,
		.decide = decide_claim};
	int64_t lease_until = rw_clock_now_ms() / 1000 + terms->lease_s;
	size_t i;

	rw_batch_start(items, n);
	for (i = 0; i < n; i++)
		items[i].must_be_there = is_revision(items[i].record);
	if (!rw_batch_twice(ledger, &step, items, n, err))
		return false;
	rw_fault("claim-committed");
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate == RW_FATE_CLAIMED ||
		    items[i].fate == RW_FATE_RESENT)
			mark_claimed(&items[i], lease_until);
	return true;
}
