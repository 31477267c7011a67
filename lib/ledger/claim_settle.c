/* What an outcome writes to an entry. */
#include "ledger/claim.h"

#include <string.h>

#include "base/buf.h"
#include "ledger/claim_members_priv.h"

static bool
says(struct rw_record *record, const char *word)
{
	const char *state = NULL;
	struct rw_err ignored;

	return rw_record_optional_string(record, RW_M_STATE, NULL, &state,
		&ignored) && state != NULL && strcmp(state, word) == 0;
}

enum rw_fate
rw_claim_fate(struct rw_record *record)
{
	struct rw_err ignored;
	bool sent = false;

	if (says(record, "rehearsed"))
		return RW_FATE_REHEARSED;
	if (says(record, "in_doubt"))
		return RW_FATE_IN_DOUBT;
	if (!rw_record_optional_bool(record, RW_M_EMAIL_SENT, &sent, &ignored)
	    || !sent || !rw_record_may_be_mailed(record))
		return RW_FATE_FAILED;
	return RW_FATE_SENT;
}

static void
fill_error(struct rw_entry *change, struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);
	struct rw_buf text = {0};

	if (tool == NULL) {
		rw_entry_set_text(change, RW_F_LAST_ERROR,
			"rw-record: the line came without an outcome of the "
			"mail");
		return;
	}
	rw_buf_addf(&text, "%s: %s", tool, rw_record_error_message(record));
	rw_entry_set_text(change, RW_F_LAST_ERROR, rw_buf_text(&text));
	rw_buf_free(&text);
}

static void
fill_sent(struct rw_entry *change, struct rw_record *record, int64_t now)
{
	struct rw_err ignored;

	rw_entry_set_number(change, RW_F_EMAIL_SENT, 1);
	rw_entry_set_number(change, RW_F_SENT_TIMESTAMP, now);
	(void)rw_entry_from_record(change, RW_F_SENT_TIMESTAMP, record,
		&ignored);
}

void
rw_claim_forget_earlier(struct rw_entry *change)
{
	rw_members_clear(change, RW_KEPT_DELIVERED, NULL);
	rw_members_clear(change, RW_KEPT_FIGURES, NULL);
}

/* Replaces the members of an earlier sending. */
static void
replace_earlier(struct rw_entry *change, struct rw_record *record,
	enum rw_fate fate)
{
	rw_members_take_stored(change, record);
	if (fate == RW_FATE_FAILED)
		return;
	if (fate == RW_FATE_SENT)
		rw_claim_forget_earlier(change);
	rw_members_take(change, RW_KEPT_FIGURES, record);
}

void
rw_claim_settled(struct rw_entry *change, const char *token,
	enum rw_state state)
{
	struct rw_buf claim = {0};

	rw_buf_addf(&claim, "%s:%s", token, rw_state_name(state));
	rw_entry_set_text(change, RW_F_STATE, rw_state_name(state));
	rw_entry_set_text(change, RW_F_CLAIM, rw_buf_text(&claim));
	rw_buf_free(&claim);
}

void
rw_claim_settle(struct rw_entry *change, struct rw_record *record,
	enum rw_fate fate, const char *token, int64_t now)
{
	static const enum rw_state states[RW_FATE_COUNT] = {
		[RW_FATE_SENT] = RW_STATE_SENT,
		[RW_FATE_FAILED] = RW_STATE_FAILED,
		[RW_FATE_IN_DOUBT] = RW_STATE_IN_DOUBT,
	};

	rw_claim_settled(change, token, states[fate]);
	rw_entry_set_number(change, RW_F_UPDATED_AT, now);
	if (!rw_claim_has_kept(record, token))
		replace_earlier(change, record, fate);
	if (fate != RW_FATE_FAILED)
		rw_members_take(change, RW_KEPT_DELIVERED, record);
	/* A begin in a journal has no other members. */
	if (fate == RW_FATE_SENT || (fate == RW_FATE_IN_DOUBT &&
	    rw_record_has(record, RW_M_MINIO_UPLOAD)))
		rw_entry_set_number(change, RW_F_MINIO_UPLOAD,
			rw_members_are_stored(record));
	if (fate == RW_FATE_SENT)
		fill_sent(change, record, now);
	else
		fill_error(change, record);
}
