#include "ledger/claim.h"

#include <string.h>

static const char *const fate_names[RW_FATE_COUNT] = {
	[RW_FATE_LOOKED_UP] = "due",
	[RW_FATE_CLAIMED] = "claimed",
	[RW_FATE_RESENT] = "resent",
	[RW_FATE_ALREADY_SENT] = "already_sent",
	[RW_FATE_CLAIMED_ELSEWHERE] = "claimed_elsewhere",
	[RW_FATE_CLAIMED_BY_HAND] = "claimed_elsewhere",
	[RW_FATE_HELD] = "held",
	[RW_FATE_HELD_CHANGED] = "held",
	[RW_FATE_DUPLICATE] = "duplicate",
	[RW_FATE_LEFT_FAILED] = "left_failed",
	[RW_FATE_LEFT_IN_DOUBT] = "left_in_doubt",
	[RW_FATE_UNFINISHED] = "unfinished",
	[RW_FATE_UNCLAIMED] = "unclaimed",
	[RW_FATE_UNCHANGED] = "unchanged",
	[RW_FATE_NOT_AGAIN] = "not_again",
	[RW_FATE_SENT] = "sent",
	[RW_FATE_FAILED] = "failed",
	[RW_FATE_IN_DOUBT] = "in_doubt",
	[RW_FATE_REHEARSED] = "rehearsed",
	[RW_FATE_RESOLVED] = "resolved",
	[RW_FATE_FAILED_AGAIN] = "failed",
	[RW_FATE_SUPERSEDED] = "duplicate",
	[RW_FATE_NOT_DONE] = "not_done",
	[RW_FATE_POSTPONED] = "postponed",
};

const char *
rw_fate_name(enum rw_fate fate)
{
	return fate_names[fate];
}

bool
rw_fate_drops(enum rw_fate fate)
{
	return fate >= RW_FATE_ALREADY_SENT && fate <= RW_FATE_NOT_AGAIN;
}

static bool
is_same_place(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool
rw_claim_is_of_this_host(const struct rw_entry *entry,
	const struct rw_self *self)
{
	return is_same_place(rw_entry_text(entry, RW_F_HOST), self->host) &&
		is_same_place(rw_entry_text(entry, RW_F_STATE_DIR),
		self->place);
}

bool
rw_claim_is_by_hand(const struct rw_entry *entry, const struct rw_self *self)
{
	return rw_entry_state(entry) == RW_STATE_CLAIMED &&
		rw_claim_is_of_this_host(entry, self) &&
		rw_entry_number(entry, RW_F_RUN_LOCKED, 0) == 0;
}

bool
rw_claim_gives_way(const struct rw_entry *entry, struct rw_record *record)
{
	struct rw_claim_text text;

	return rw_claim_text_parse(&text, rw_entry_text(entry, RW_F_CLAIM)) &&
		text.is_failed && !rw_claim_is_failed(record);
}

static enum rw_life
life_of(const struct rw_entry *entry, const struct rw_judge *judge)
{
	if (judge->ask == NULL ||
	    rw_entry_number(entry, RW_F_RUN_LOCKED, 0) == 0 ||
	    rw_entry_text(entry, RW_F_RUN_ID) == NULL)
		return RW_LIFE_UNKNOWN;
	return judge->ask(judge->context, entry);
}

static bool
has_ended(const struct rw_entry *entry, const struct rw_judge *judge)
{
	return (judge->is_taken_over != NULL &&
		judge->is_taken_over(judge->context, entry)) ||
		rw_liveness_lease_ended(entry, judge->self, &judge->moment);
}

static enum rw_standing
claimed_standing(const struct rw_entry *entry, const struct rw_judge *judge)
{
	bool is_here = rw_claim_is_of_this_host(entry, judge->self);
	enum rw_life life = is_here ? life_of(entry, judge) : RW_LIFE_UNKNOWN;

	if (life == RW_LIFE_ALIVE ||
	    (life == RW_LIFE_UNKNOWN && !has_ended(entry, judge)))
		return RW_IS_CLAIMED;
	return is_here ? RW_IS_ORPHANED : RW_IS_IN_DOUBT;
}

enum rw_standing
rw_claim_standing(const struct rw_entry *entry, const struct rw_judge *judge)
{
	const char *claim = rw_entry_text(entry, RW_F_CLAIM);

	if (claim != NULL && rw_self_made(judge->self, claim))
		return RW_IS_OURS;
	switch (rw_entry_state(entry)) {
	case RW_STATE_SENT:
		return RW_IS_SENT;
	case RW_STATE_IN_DOUBT:
		return RW_IS_IN_DOUBT;
	case RW_STATE_CLAIMED:
		return claimed_standing(entry, judge);
	case RW_STATE_NONE:
	case RW_STATE_FAILED:
		break;
	}
	return RW_IS_FREE;
}

/* A revision that may have been delivered is never changed. */
static bool
may_have_been_seen(const struct rw_entry *entry)
{
	enum rw_state state = rw_entry_state(entry);

	return state == RW_STATE_SENT || state == RW_STATE_IN_DOUBT ||
		state == RW_STATE_CLAIMED ||
		rw_entry_number(entry, RW_F_SEQUENCE, 0) > 0;
}

struct rw_before
rw_claim_as_it_is(const struct rw_entry *entry)
{
	return (struct rw_before){rw_entry_state(entry),
		rw_entry_number(entry, RW_F_REVISION, 1),
		rw_entry_number(entry, RW_F_SEQUENCE, 0)};
}

struct rw_before
rw_claim_before(const struct rw_entry *entry)
{
	struct rw_before before = rw_claim_as_it_is(entry);
	struct rw_claim_text text;

	if (rw_claim_text_parse(&text, rw_entry_text(entry, RW_F_CLAIM)))
		return text.before;
	before.state = RW_STATE_FAILED;
	return before;
}

struct rw_turn
rw_claim_turn(const struct rw_entry *entry, const struct rw_terms *terms)
{
	struct rw_turn turn = {
		.revision = rw_entry_number(entry, RW_F_REVISION, 1),
		.sequence = rw_entry_number(entry, RW_F_SEQUENCE, 0),
		.is_new = !rw_entry_has(entry, RW_F_MAIL_DATE),
		.before = rw_entry_state(entry) == RW_STATE_CLAIMED ?
			rw_claim_before(entry) : rw_claim_as_it_is(entry),
	};

	if (terms->revise && may_have_been_seen(entry)) {
		turn.revision++;
		turn.sequence = 0;
		turn.is_new = true;
	} else if (rw_entry_state(entry) == RW_STATE_SENT) {
		turn.sequence++;
		turn.is_new = true;
	}
	return turn;
}

enum rw_fate
rw_claim_verdict(enum rw_standing standing, const struct rw_terms *terms)
{
	switch (standing) {
	case RW_IS_SENT:
		return terms->again || terms->revise ? RW_FATE_LOOKED_UP :
			RW_FATE_ALREADY_SENT;
	case RW_IS_IN_DOUBT:
		return terms->hold ? RW_FATE_HELD : RW_FATE_LOOKED_UP;
	case RW_IS_CLAIMED:
		return RW_FATE_CLAIMED_ELSEWHERE;
	case RW_IS_OURS:
		return RW_FATE_DUPLICATE;
	case RW_IS_FREE:
	case RW_IS_ORPHANED:
		break;
	}
	return RW_FATE_LOOKED_UP;
}
