/* Looks up reports: drops the sent ones, and adds members from the ledger to
 * the others. */
#include "ledger/steps_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "record/members.h"

static bool
decide_lookup(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	struct rw_judge judge = rw_batch_judge(batch);
	enum rw_standing standing;

	(void)round;
	(void)change;
	judge.ask = NULL;
	standing = rw_claim_standing(&item->old, &judge);
	/* The run that has claimed the report may fail before our claim. */
	item->fate = standing == RW_IS_CLAIMED ? RW_FATE_LOOKED_UP :
		rw_claim_verdict(standing, batch->step->terms);
	return false;
}

static void
bring_back_checksum(struct rw_line *line, const struct rw_entry *entry,
	enum rw_field field)
{
	const char *checksum = rw_entry_text(entry, field);
	char name[64];

	snprintf(name, sizeof name, "stored_%s", rw_fields[field].name);
	if (checksum != NULL)
		rw_line_set_string(line, name, checksum);
}

static void
bring_back_kept(struct rw_ledger_item *item, enum rw_kept kept)
{
	struct rw_line *line = &item->record->line;
	int i;

	for (i = 0; i < RW_F_COUNT; i++) {
		if (rw_fields[i].kept != kept)
			continue;
		if (kept == RW_KEPT_UPLOADED)
			bring_back_checksum(line, &item->old, (enum rw_field)i);
		else
			rw_entry_to_line(&item->old, (enum rw_field)i, line);
	}
}

/* Adds the objects in the store under the keys of this revision. */
static void
bring_back_keys(struct rw_ledger_item *item)
{
	bring_back_kept(item, RW_KEPT_STORED);
	bring_back_kept(item, RW_KEPT_UPLOADED);
}

static void
set_known(struct rw_ledger_item *item, const char *member, const char *value)
{
	if (value[0] != '\0')
		rw_line_set_string(&item->record->line, member, value);
}

static void
bring_back_figures(struct rw_ledger_item *item, const char *member)
{
	const char *total = rw_entry_text(&item->old, RW_F_TOTAL_PNL);
	const char *amount = rw_entry_text(&item->old,
		RW_F_COMMISSION_AMOUNT);
	const char *currency = rw_entry_text(&item->old, RW_F_CURRENCY);
	struct rw_buf text = {0};

	rw_record_add_figures(&text, total, amount, currency != NULL ?
		currency : RW_MONEY_DEFAULT_CURRENCY);
	rw_line_set_string(&item->record->line, member, rw_buf_text(&text));
	rw_buf_free(&text);
}

/* A report that is made again has the date that it had. */
static void
bring_back_issue_date(struct rw_ledger_item *item)
{
	if (!rw_record_has(item->record, RW_M_ISSUE_DATE))
		rw_entry_to_line(&item->old, RW_F_ISSUE_DATE,
			&item->record->line);
}

/* The follower may have received the report of the last claim. If the claim is
 * of this host and its outcome is not recorded yet, it is in the journals. */
static bool
may_be_seen(const struct rw_ledger *ledger, const struct rw_entry *entry)
{
	switch (rw_entry_state(entry)) {
	case RW_STATE_IN_DOUBT:
		return true;
	case RW_STATE_CLAIMED:
		return !rw_claim_is_of_this_host(entry, ledger->self) ||
			rw_journal_used_has(&ledger->used,
			rw_entry_text(entry, RW_F_CLAIM));
	case RW_STATE_NONE:
	case RW_STATE_SENT:
	case RW_STATE_FAILED:
		break;
	}
	return false;
}

/* The objects that were sent: rw-put finds them, and replaces them by no others,
 * to which older mails would lead. */
static void
bring_back_stored(struct rw_ledger_item *item)
{
	const char *pdf = rw_entry_text(&item->old, RW_F_PDF_VERSION_ID);
	const char *excel = rw_entry_text(&item->old, RW_F_EXCEL_VERSION_ID);

	if (!rw_entry_has(&item->old, RW_F_PDF_KEY) ||
	    !rw_entry_has(&item->old, RW_F_EXCEL_KEY))
		return;
	rw_line_set_bool(&item->record->line, RW_M_STORED_AS_SENT, true);
	set_known(item, RW_M_STORED_PDF_VERSION_ID, pdf != NULL ? pdf : "");
	set_known(item, RW_M_STORED_EXCEL_VERSION_ID, excel != NULL ? excel :
		"");
}

/* The report that the follower has, or may have, in this revision: rw-gen makes
 * no other. What was sent is sent again with the same content; what is in doubt
 * must be the same document. */
static void
bring_back_sent(const struct rw_ledger *ledger, struct rw_ledger_item *item,
	const struct rw_turn *turn)
{
	bool is_sent = turn->sequence > 0;
	bool is_doubt = !turn->is_new && may_be_seen(ledger, &item->old);
	struct rw_claimed claimed;

	if (!is_sent && !is_doubt)
		return;
	rw_claim_claimed(&item->old, &claimed);
	if (claimed.has_figures && (is_sent || claimed.content[0] == '\0'))
		bring_back_figures(item, RW_M_SENT_FIGURES);
	set_known(item, RW_M_SENT_CONTENT_SHA256, claimed.content);
	if (is_doubt)
		set_known(item, RW_M_SENT_DRAWN_SHA256, claimed.drawn);
	if (is_sent)
		bring_back_stored(item);
}

/* The newest revision, if it was sent: rw-gen can then leave out a correction
 * that changes nothing. */
static void
bring_back_revised(struct rw_ledger_item *item, const struct rw_turn *turn)
{
	struct rw_claimed claimed;

	if (rw_entry_state(&item->old) != RW_STATE_SENT ||
	    turn->revision == rw_entry_number(&item->old, RW_F_REVISION, 1))
		return;
	rw_claim_claimed(&item->old, &claimed);
	if (claimed.has_figures)
		bring_back_figures(item, RW_M_REVISED_FIGURES);
	set_known(item, RW_M_REVISED_CONTENT_SHA256, claimed.content);
	set_known(item, RW_M_REVISED_DRAWN_SHA256, claimed.drawn);
}

/* --take-over applies to this claim, whatever --claim finds later. */
static void
name_taken_over(const struct rw_ledger *ledger, struct rw_ledger_item *item)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);

	if (ledger->takes_over == NULL)
		return;
	rw_line_set_string(&item->record->line, RW_M_TAKEN_OVER,
		claim != NULL && rw_journal_used_has(ledger->takes_over, claim)
		? claim : "");
}

static void
enrich(const struct rw_ledger *ledger, struct rw_ledger_item *item,
	const struct rw_terms *terms)
{
	struct rw_turn turn = rw_claim_turn(&item->old, terms);

	/* Only the ledger knows these members. */
	rw_record_forget(item->record, RW_GROUP(RW_G_LOOKUP));
	name_taken_over(ledger, item);
	bring_back_issue_date(item);
	bring_back_sent(ledger, item, &turn);
	bring_back_revised(item, &turn);
	if (turn.revision != 1)
		rw_line_set_int(&item->record->line, RW_M_REVISION,
			turn.revision);
	if (turn.revision == rw_entry_number(&item->old, RW_F_REVISION, 1))
		bring_back_keys(item);
}

static bool
bring_back_replaced(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *item, struct rw_err *err)
{
	struct rw_turn turn = rw_claim_turn(&item->old, terms);

	return turn.revision == 1 || rw_ledger_bring_replaced(ledger, item,
		turn.revision, err);
}

/* The months of an input are consecutive, and the mark after each of them is
 * not known yet. Only the mark before the first can come from the ledger. */
static bool
follows_ledger(struct rw_ledger *ledger, const struct rw_ledger_item *item)
{
	if (ledger->first_period[0] == '\0')
		memcpy(ledger->first_period, item->period,
			sizeof item->period);
	return item->fate == RW_FATE_LOOKED_UP &&
		strcmp(item->period, ledger->first_period) == 0;
}

/* last is the entry of the month before. If that was not sent (yet), the mark
 * does not include it. */
static void
bring_back_mark(struct rw_ledger_item *item, const struct rw_entry *last)
{
	const char *mark = rw_entry_text(last, RW_F_HIGH_WATER_MARK_AFTER);

	if (mark != NULL && rw_entry_number(last, RW_F_EMAIL_SENT, 0) != 0 &&
	    !rw_record_has(item->record, RW_M_HIGH_WATER_MARK) &&
	    rw_ledger_has_currency(last, item->record))
		rw_line_set_string(&item->record->line, RW_M_HIGH_WATER_MARK,
			mark);
}

static bool
bring_back_last(struct rw_batch *batch, struct rw_err *err)
{
	struct rw_ledger_item *items = batch->items;
	struct rw_ledger *ledger = batch->ledger;
	const char *code;
	size_t i, n = batch->n, asked = 0;

	for (i = 0; i < n; i++)
		if (follows_ledger(ledger, &items[i]))
			batch->slots[asked++] = (struct rw_slot){
				{items[i].record->follower_id,
				items[i].period}, &items[i].change};
	if (asked > 0 && !ledger->backend->marks(ledger->handle,
	    batch->slots, asked, err))
		return false;
	for (i = 0; i < n; i++) {
		bring_back_mark(&items[i], &items[i].change);
		code = rw_entry_text(&items[i].change, RW_F_BOUNCE_CODE);
		items[i].bounced = code != NULL && code[0] == '5';
	}
	return true;
}

/* Once, if a claim may have been used. */
static bool
know_journals(struct rw_ledger *ledger, const struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	size_t i = 0;

	while (i < n && rw_entry_state(&items[i].old) != RW_STATE_CLAIMED)
		i++;
	return i == n || ledger->used.loaded ||
		rw_journal_used_load(&ledger->used, err);
}

bool
rw_ledger_lookup(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	const struct rw_step step = {.thorough = true, .terms = terms,
		.decide = decide_lookup, .end = bring_back_last};
	size_t i;

	rw_batch_start(items, n);
	if (!rw_batch_once(ledger, &step, items, n, err) ||
	    !know_journals(ledger, items, n, err))
		return false;
	for (i = 0; i < n; i++) {
		if (items[i].fate != RW_FATE_LOOKED_UP)
			continue;
		enrich(ledger, &items[i], terms);
		if (!bring_back_replaced(ledger, terms, &items[i], err) ||
		    !rw_ledger_look_later(ledger, terms, &items[i], err))
			return false;
	}
	return rw_ledger_bring_earlier(ledger, items, n, err) &&
		(!terms->compares || rw_ledger_look_back(ledger, items, n,
		err));
}
