/*
 * Records outcomes again in a ledger that has lost them: an older copy, or a
 * new ledger.
 *
 * An entry and a line are compared by revision, by how often that revision was
 * sent, and by state. Sent takes precedence over everything else with the same
 * number, and in doubt over failed. So the order of the lines does not matter,
 * and replaying them again changes nothing.
 */
#include "ledger/steps_priv.h"

#include <string.h>

#include "base/fault.h"
#include "ledger/claim_text.h"
#include "record/mail_edition.h"

/* The position of an entry or a line in the order of outcomes. */
struct point {
	int64_t revision, sequence;
	int rank;		/* of its state */
};

static int
rank_of(enum rw_state state)
{
	static const int ranks[] = {
		[RW_STATE_NONE] = 0,
		[RW_STATE_CLAIMED] = 2,
		[RW_STATE_FAILED] = 1,
		[RW_STATE_IN_DOUBT] = 3,
		[RW_STATE_SENT] = 4,
	};

	return ranks[state];
}

static struct point
point_of_entry(const struct rw_entry *entry)
{
	return (struct point){rw_entry_number(entry, RW_F_REVISION, 1),
		rw_entry_number(entry, RW_F_SEQUENCE, 0),
		rank_of(rw_entry_state(entry))};
}

static bool
point_of_line(struct rw_ledger_item *item, struct point *point)
{
	point->rank = item->fate == RW_FATE_SENT ? rank_of(RW_STATE_SENT) :
		item->fate == RW_FATE_IN_DOUBT ? rank_of(RW_STATE_IN_DOUBT) :
		rank_of(RW_STATE_FAILED);
	return rw_record_optional_int(item->record, RW_M_REVISION, 1,
		&point->revision, &item->err) &&
		rw_record_optional_int(item->record, RW_M_SEQUENCE, 0,
		&point->sequence, &item->err);
}

/* Less than 0: a is before b. Ignores states. */
static int
compare_sendings(const struct point *a, const struct point *b)
{
	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* ---- one line ---------------------------------------------------------- */

/* The mail was accepted after its claim had been lost. */
static bool
was_sent_all_the_same(struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);
	struct rw_err ignored;
	bool sent = false;

	return rw_record_optional_bool(record, RW_M_EMAIL_SENT, &sent,
		&ignored) && sent && tool != NULL &&
		strcmp(tool, "rw-record") == 0;
}

bool
rw_ledger_replay_fate(struct rw_record *record, enum rw_fate *fate,
	struct rw_err *err)
{
	const char *state = NULL;
	enum rw_fate known;

	*fate = RW_FATE_NOT_DONE;
	if (!rw_record_string(record, RW_M_STATE, &state, err))
		return false;
	for (known = RW_FATE_SENT; known <= RW_FATE_IN_DOUBT; known++)
		if (strcmp(state, rw_fate_name(known)) == 0)
			*fate = known;
	if (was_sent_all_the_same(record))
		*fate = RW_FATE_SENT;
	return true;
}

/* ---- deciding ---------------------------------------------------------- */

static bool
has_its_claim(const struct rw_ledger_item *item)
{
	const char *claim = rw_entry_text(&item->old, RW_F_CLAIM);

	return claim != NULL && item->claim != NULL &&
		strcmp(claim, item->claim) == 0;
}

/* Claims of other runs say nothing about a line that failed or is in doubt, but
 * a sent line settles them. */
static bool
is_past(const struct rw_ledger_item *item, const struct point *line)
{
	struct point entry = point_of_entry(&item->old);
	int order = compare_sendings(&entry, line);

	if (order != 0)
		return order > 0;
	if (rw_entry_state(&item->old) == RW_STATE_CLAIMED)
		return !has_its_claim(item) &&
			line->rank < rank_of(RW_STATE_SENT);
	return entry.rank >= line->rank;
}

/* The sender, the time and the edition are those of the original sending. */
static void
keep_origin(struct rw_ledger_item *item)
{
	static const enum rw_field fields[] = {RW_F_RUN_ID, RW_F_MAIL_DATE,
		RW_F_MAIL_EDITION};
	struct rw_err ignored;
	size_t i;

	rw_entry_set_number(&item->change, RW_F_MAIL_EDITION, RW_MAIL_FIRST);

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++)
		(void)rw_entry_from_record(&item->change, fields[i],
			item->record, &ignored);
}

static bool
fill_outcome(const struct rw_batch *batch, struct rw_ledger_item *item,
	const struct point *line, struct rw_change *change)
{
	struct rw_claim_times times = {.now = {batch->now, batch->boot_ms},
		.mail_date = batch->now};
	struct point entry = point_of_entry(&item->old);
	bool is_new = rw_entry_state(&item->old) == RW_STATE_NONE;
	struct rw_turn turn = {.revision = line->revision,
		.sequence = line->sequence,
		.is_new = is_new || compare_sendings(&entry, line) != 0};

	if (!rw_self_token(batch->ledger->self, item->token, &item->err))
		return rw_batch_not_done(item);
	rw_claim_fill(&item->change, &item->old, item->record, &turn,
		batch->ledger->self, item->token, &times);
	keep_origin(item);
	change->is_new = is_new;
	if (!is_new && turn.is_new &&
	    rw_entry_state(&item->old) != RW_STATE_FAILED)
		change->history = &item->old;
	return true;
}

static bool
decide_replay(struct rw_batch *batch, struct rw_ledger_item *item, size_t round,
	struct rw_change *change)
{
	bool is_there = rw_entry_state(&item->old) != RW_STATE_NONE;
	const char *run_id = rw_entry_text(&item->old, RW_F_RUN_ID);
	struct point line;

	(void)round;
	if (!rw_ledger_replay_fate(item->record, &item->fate, &item->err))
		return rw_batch_not_done(item);
	if (item->claim != NULL && rw_ledger_is_still_in_doubt(item))
		item->fate = RW_FATE_IN_DOUBT;
	if (!point_of_line(item, &line))
		return rw_batch_not_done(item);
	/* A failure to send once more leaves no trace but a note. */
	item->known = (is_there && is_past(item, &line)) ||
		(item->fate == RW_FATE_FAILED && line.sequence > 0 &&
		!has_its_claim(item));
	if (item->known)
		return false;
	if (rw_batch_standing(batch, &item->old) == RW_IS_CLAIMED &&
	    !has_its_claim(item)) {
		rw_fail(&item->err, RW_LOCKED, "run %s has claimed it and may "
			"still be running: replay again when that run has ended",
			run_id != NULL ? run_id : "unknown");
		return rw_batch_not_done(item);
	}
	if (item->fate == RW_FATE_FAILED && line.sequence > 0)
		return rw_ledger_keep_sent(batch, item, change);
	if ((!is_there || !has_its_claim(item)) &&
	    !fill_outcome(batch, item, &line, change))
		return false;
	rw_claim_settle(&item->change, item->record, item->fate,
		item->claim != NULL ? item->claim : item->token, batch->now);
	return true;
}

bool
rw_ledger_replay_lines(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	const struct rw_step step = {.writes = true, .thorough = true,
		.uncounted = true, .decide = decide_replay};
	struct rw_claim_text text;
	size_t i;

	rw_batch_start(items, n);
	for (i = 0; i < n; i++) {
		items[i].claim = NULL;
		if (!rw_record_optional_string(items[i].record, RW_M_CLAIM,
		    NULL, &items[i].claim, &items[i].err))
			items[i].done = true;
		else if (items[i].claim != NULL &&
		    !rw_claim_text_parse(&text, items[i].claim))
			items[i].claim = NULL;
	}
	if (!rw_batch_once(ledger, &step, items, n, err))
		return false;
	rw_fault("replay-committed");
	return true;
}
