/* What goes before the mail: looking reports up, and claiming them. */
#include "work/ledger_steps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"

/* ---- what is known of runs --------------------------------------------- */

void
rw_known_clear(struct rw_known *known)
{
	size_t i;

	for (i = 0; i < known->n; i++)
		free(known->runs[i].run_id);
	for (i = 0; i < known->busy_count; i++)
		free(known->busy[i]);
	free(known->busy);
	known->busy = NULL;
	known->n = known->busy_count = 0;
	known->frozen = false;
}

static void
learn(struct rw_known *known, const char *run_id, bool alive)
{
	struct rw_known_run *runs = known->runs;

	if (known->n == known->room) {
		runs = realloc(runs, (known->room + 16) * sizeof *runs);
		if (runs == NULL)
			return;
		known->runs = runs;
		known->room += 16;
	}
	runs[known->n].run_id = strdup(run_id);
	runs[known->n].alive = alive;
	if (runs[known->n].run_id != NULL)
		known->n++;
}

bool
rw_ledger_is_alive(void *context, const char *run_id)
{
	struct rw_ledger *ledger = context;
	struct rw_known *known = &ledger->known;
	bool alive;
	size_t i;

	for (i = 0; i < known->n; i++)
		if (strcmp(known->runs[i].run_id, run_id) == 0)
			return known->runs[i].alive;
	if (known->frozen)
		return true;
	alive = rw_run_is_alive(ledger->self, run_id);
	learn(known, run_id, alive);
	return alive;
}

bool
rw_ledger_is_mailing(const struct rw_ledger *ledger,
	const struct rw_entry *entry)
{
	const char *claim = rw_entry_text(entry, RW_F_CLAIM);
	size_t i;

	for (i = 0; claim != NULL && i < ledger->known.busy_count; i++)
		if (strcmp(ledger->known.busy[i], claim) == 0)
			return true;
	return false;
}

bool
rw_ledger_not_done(struct rw_ledger_item *item)
{
	item->fate = RW_FATE_NOT_DONE;
	return false;
}

void
rw_ledger_start(struct rw_ledger *ledger, struct rw_ledger_item *items, size_t n)
{
	size_t i;

	rw_known_clear(&ledger->known);
	for (i = 0; i < n; i++) {
		items[i].done = items[i].known = false;
		items[i].fate = RW_FATE_NOT_DONE;
		items[i].must_be_there = false;
		rw_entry_reset(&items[i].old);
	}
}

/* ---- lookup ------------------------------------------------------------ */

static bool
everybody_lives(void *context, const char *run_id)
{
	(void)context;
	(void)run_id;
	return true;
}

static bool
decide_lookup(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *item, size_t round, struct rw_change *change)
{
	enum rw_standing standing = rw_claim_standing(&item->old, ledger->self,
		ledger->now, everybody_lives, NULL);

	(void)round;
	(void)change;
	/* Whoever is at it now may have failed by the time of the claim. */
	item->fate = standing == RW_IS_CLAIMED ? RW_FATE_LOOKED_UP :
		rw_claim_verdict(standing, step->terms);
	return false;
}

/* What lies in the store under the keys of this revision. */
static void
bring_back_keys(struct rw_ledger_item *item)
{
	static const enum rw_field fields[] = {RW_F_PDF_KEY, RW_F_EXCEL_KEY,
		RW_F_PDF_VERSION_ID, RW_F_EXCEL_VERSION_ID,
		RW_F_OBJECT_EXPIRES_AT};
	struct rw_line *line = &item->record->line;
	const char *pdf = rw_entry_text(&item->old, RW_F_PDF_SHA256);
	const char *excel = rw_entry_text(&item->old, RW_F_EXCEL_SHA256);
	size_t i;

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
		rw_entry_to_line(&item->old, fields[i], line);
	if (pdf != NULL)
		rw_line_set_string(line, RW_M_STORED_PDF_SHA256, pdf);
	if (excel != NULL)
		rw_line_set_string(line, RW_M_STORED_EXCEL_SHA256, excel);
}

/* What the follower has under this revision: rw-gen makes no other. */
static void
bring_back_figures(struct rw_ledger_item *item, const struct rw_turn *turn)
{
	const char *total = rw_entry_text(&item->old, RW_F_TOTAL_PNL);
	const char *amount = rw_entry_text(&item->old,
		RW_F_COMMISSION_AMOUNT);
	const char *currency = rw_entry_text(&item->old, RW_F_CURRENCY);
	struct rw_buf text = {0};

	rw_line_remove(&item->record->line, RW_M_SENT_FIGURES);
	if (turn->sequence == 0 || total == NULL || amount == NULL)
		return;
	rw_record_add_figures(&text, total, amount, currency != NULL ?
		currency : "EUR");
	rw_line_set_string(&item->record->line, RW_M_SENT_FIGURES,
		rw_buf_text(&text));
	rw_buf_free(&text);
}

static void
enrich(struct rw_ledger_item *item, const struct rw_terms *terms)
{
	struct rw_turn turn = rw_claim_turn(&item->old, terms);

	bring_back_figures(item, &turn);
	if (turn.revision != 1 ||
	    rw_record_has(item->record, RW_M_REVISION))
		rw_line_set_int(&item->record->line, RW_M_REVISION,
			turn.revision);
	if (turn.revision == rw_entry_number(&item->old, RW_F_REVISION, 1))
		bring_back_keys(item);
}

/* The months of an input follow each other, and what one of them will add to
 * the mark is not known yet: only the first one's can come from the ledger. */
static bool
wants_mark(struct rw_ledger *ledger, struct rw_ledger_item *item)
{
	if (ledger->first_period[0] == '\0')
		memcpy(ledger->first_period, item->period,
			sizeof item->period);
	return item->fate == RW_FATE_LOOKED_UP &&
		strcmp(item->period, ledger->first_period) == 0 &&
		!rw_record_has(item->record, RW_M_HIGH_WATER_MARK);
}

/* A last month that was not sent (yet) is missing in the mark before it. */
static bool
bring_back_marks(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	const char *mark;
	size_t i, asked = 0;

	for (i = 0; i < n; i++) {
		if (!wants_mark(ledger, &items[i]))
			continue;
		ledger->slots[asked++] = (struct rw_slot){
			{items[i].record->follower_id, items[i].period},
			&items[i].change};
	}
	if (asked > 0 && !ledger->backend->marks(ledger->handle,
	    ledger->slots, asked, err))
		return false;
	for (i = 0; i < n; i++) {
		mark = rw_entry_text(&items[i].change,
			RW_F_HIGH_WATER_MARK_AFTER);
		if (mark != NULL && rw_entry_number(&items[i].change,
		    RW_F_EMAIL_SENT, 0) != 0)
			rw_line_set_string(&items[i].record->line,
				RW_M_HIGH_WATER_MARK, mark);
	}
	return true;
}

bool
rw_ledger_lookup(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	const struct rw_step step = {.thorough = true, .terms = terms,
		.decide = decide_lookup, .end = bring_back_marks};
	size_t i;

	rw_ledger_start(ledger, items, n);
	if (!rw_ledger_pass(ledger, &step, items, n, err))
		return false;
	for (i = 0; i < n; i++)
		if (items[i].fate == RW_FATE_LOOKED_UP)
			enrich(&items[i], terms);
	return true;
}

/* ---- claim ------------------------------------------------------------- */

/* Of something that was sent before. */
static bool
is_revision(struct rw_record *record)
{
	int64_t revision = 1;
	struct rw_err ignored;

	return rw_record_optional_int(record, RW_M_REVISION, 1, &revision,
		&ignored) && revision > 1;
}

/* Most reports are claimed for the first time: an entry is written without a
 * look, and whoever has one is looked at when that fails. */
static bool
is_fresh(const struct rw_ledger_item *item)
{
	return !item->must_be_there &&
		rw_entry_state(&item->old) == RW_STATE_NONE;
}

/* The files were made for one revision; it must be the one that is due. */
static bool
is_for(struct rw_ledger_item *item, const struct rw_turn *turn)
{
	int64_t revision;

	if (!rw_record_optional_int(item->record, RW_M_REVISION, 1, &revision,
	    &item->err))
		return false;
	return revision == turn->revision || rw_fail(&item->err, RW_DATA,
		"the line is for revision %" PRId64 ", and revision %" PRId64
		" is due: look the report up again (rw-record --lookup) "
		"before making it", revision, turn->revision);
}

static bool
fill_claim(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *item, struct rw_change *change)
{
	struct rw_turn turn = rw_claim_turn(&item->old, step->terms);
	int64_t mail_date;

	if (!is_for(item, &turn) ||
	    !rw_self_token(ledger->self, item->token, &item->err) ||
	    !rw_clock_document(&mail_date, &item->err))
		return rw_ledger_not_done(item);
	rw_claim_fill(&item->change, &item->old, item->record, &turn,
		ledger->self, item->token, ledger->now, step->terms->lease_s, mail_date);
	change->is_new = rw_entry_state(&item->old) == RW_STATE_NONE;
	if (!change->is_new && turn.is_new &&
	    rw_entry_state(&item->old) != RW_STATE_FAILED)
		change->history = &item->old;
	return true;
}

static bool
decide_claim(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *item, size_t round, struct rw_change *change)
{
	enum rw_standing standing = rw_claim_standing(&item->old, ledger->self,
		ledger->now, rw_ledger_is_alive, ledger);

	(void)round;
	if (standing == RW_IS_ORPHANED && !ledger->known.frozen) {
		item->fate = RW_FATE_POSTPONED;
		return false;
	}
	if (standing == RW_IS_ORPHANED &&
	    rw_ledger_is_mailing(ledger, &item->old))
		standing = RW_IS_CLAIMED;
	item->fate = rw_claim_verdict(standing, step->terms);
	if (item->fate == RW_FATE_CLAIMED_ELSEWHERE &&
	    rw_claim_is_by_hand(&item->old, ledger->self))
		item->fate = RW_FATE_CLAIMED_BY_HAND;
	if (item->fate != RW_FATE_LOOKED_UP)
		return false;
	item->fate = standing == RW_IS_IN_DOUBT ? RW_FATE_RESENT : RW_FATE_CLAIMED;
	return fill_claim(ledger, step, item, change);
}

/* An outcome that came with the line is none of this sending. The ledger keeps
 * the lease by its own clock; the line is for rw-mail, which has this host's,
 * and the two may differ by more than a lease. */
static void
mark_claimed(struct rw_ledger_item *item, int64_t lease_until)
{
	static const enum rw_field fields[] = {RW_F_RUN_ID, RW_F_CLAIM,
		RW_F_REVISION, RW_F_SEQUENCE, RW_F_STATE, RW_F_MAIL_DATE};
	struct rw_line *line = &item->record->line;
	size_t i;

	rw_line_remove(line, RW_M_EMAIL_SENT);
	rw_line_remove(line, RW_M_SENT_TIMESTAMP);
	rw_line_remove(line, RW_M_MESSAGE_ID);
	rw_line_remove(line, RW_M_DELIVERY);
	for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
		rw_entry_to_line(&item->change, fields[i], line);
	rw_record_set_time(item->record, RW_M_LEASE_UNTIL, lease_until);
}

static bool
has_postponed(const struct rw_ledger_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (items[i].fate == RW_FATE_POSTPONED)
			return true;
	return false;
}

bool
rw_ledger_pass_twice(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	if (!rw_ledger_pass(ledger, step, items, n, err))
		return false;
	if (!has_postponed(items, n))
		return true;
	if (!rw_ledger_fold(ledger, NULL, err))
		return false;
	ledger->known.frozen = true;
	return rw_ledger_pass(ledger, step, items, n, err);
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

	rw_ledger_start(ledger, items, n);
	for (i = 0; i < n; i++)
		items[i].must_be_there = is_revision(items[i].record);
	if (!rw_ledger_pass_twice(ledger, &step, items, n, err))
		return false;
	rw_fault("claim-committed");
	for (i = 0; i < n && !ledger->dry_run; i++)
		if (items[i].fate == RW_FATE_CLAIMED ||
		    items[i].fate == RW_FATE_RESENT)
			mark_claimed(&items[i], lease_until);
	return true;
}
