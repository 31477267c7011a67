/* What a claim writes to an entry. */
#include "ledger/claim.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "ledger/claim_members_priv.h"
#include "ledger/claim_text.h"
#include "record/mail_edition.h"

/* All members that the Python system reads exist from the start. */
static void
fill_new(struct rw_entry *change, int64_t now)
{
	rw_entry_set_number(change, RW_F_EMAIL_SENT, 0);
	rw_entry_set_null(change, RW_F_PDF_URL);
	rw_entry_set_null(change, RW_F_EXCEL_URL);
	rw_entry_set_number(change, RW_F_MINIO_UPLOAD, 0);
	rw_entry_set_number(change, RW_F_CREATED_AT, now);
}

/* rw-mail removes its own error and tries again. */
bool
rw_claim_is_failed(struct rw_record *record)
{
	return !rw_record_may_be_mailed(record) &&
		strcmp(rw_record_error_tool(record), "rw-mail") != 0;
}

/* ---- what a claim keeps ------------------------------------------------ */

static uint32_t
mix(uint32_t hash, struct rw_json value)
{
	return rw_hash32(rw_hash32(hash, value.text, value.len), "\xff", 1);
}

static uint32_t
mix_members(uint32_t hash, enum rw_kept kept, const struct rw_line *line)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		if (rw_fields[i].kept == kept)
			hash = mix(hash, rw_line_get(line, rw_fields[i].name));
	return hash;
}

/* FNV-1a over the members that a claim keeps. */
static uint32_t
fingerprint(struct rw_record *record)
{
	const struct rw_line *line = &record->line;
	uint32_t hash = mix(RW_HASH32_START, rw_line_get(line,
		RW_M_MINIO_UPLOAD));

	hash = mix_members(hash, RW_KEPT_STORED, line);
	hash = mix_members(hash, RW_KEPT_UPLOADED, line);
	return mix_members(hash, RW_KEPT_FIGURES, line);
}

/* The claim of a first sending writes the figures, and what is in the store, to
 * the entry. The outcome need not write them again, which halves its cost; a
 * fingerprint of them is part of the claim. A later sending must not change the
 * figures of an earlier success before it succeeds. */
static void
keep_first(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record)
{
	rw_members_take_stored(change, record);
	rw_members_clear(change, RW_KEPT_FIGURES, entry);
	rw_members_take(change, RW_KEPT_FIGURES, record);
}

static bool
take_beginning(struct rw_record *record, const char *member, char *out)
{
	const char *sha256 = NULL;
	struct rw_err ignored;

	if (!rw_record_optional_string(record, member, NULL, &sha256,
	    &ignored) || sha256 == NULL || strspn(sha256, "0123456789abcdef") !=
	    64)
		return false;
	memcpy(out, sha256, RW_DOCUMENTS_SIZE / 2);
	return true;
}

static void
take_both(struct rw_record *record, const char *first, const char *second,
	char out[RW_DOCUMENTS_SIZE])
{
	bool both = take_beginning(record, first, out) &&
		take_beginning(record, second, out + RW_DOCUMENTS_SIZE / 2);

	out[both ? RW_DOCUMENTS_SIZE - 1 : 0] = '\0';
}

void
rw_claim_documents(struct rw_record *record, char out[RW_DOCUMENTS_SIZE])
{
	take_both(record, RW_M_PDF_SHA256, RW_M_EXCEL_SHA256, out);
}

void
rw_claim_digests(struct rw_record *record, char out[RW_DOCUMENTS_SIZE])
{
	take_both(record, RW_M_CONTENT_SHA256, RW_M_DRAWN_SHA256, out);
}

static void
set_claim(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const char *token, bool has_run)
{
	struct rw_claim_text text = {
		.has_run = has_run,
		.has_kept = turn->revision == 1 && turn->sequence == 0,
		.before = turn->before,
		.is_failed = rw_claim_is_failed(record)};
	struct rw_buf claim = {0};

	snprintf(text.token, sizeof text.token, "%s", token);
	rw_claim_documents(record, text.documents);
	rw_claim_digests(record, text.digests);
	if (text.has_kept) {
		keep_first(change, entry, record);
		text.kept = fingerprint(record);
	}
	rw_claim_text_add(&claim, &text);
	rw_entry_set_text(change, RW_F_CLAIM, rw_buf_text(&claim));
	rw_buf_free(&claim);
}

bool
rw_claim_has_kept(struct rw_record *record, const char *claim)
{
	struct rw_claim_text text;

	return rw_claim_text_parse(&text, claim) && text.has_kept &&
		text.kept == fingerprint(record);
}

/* Removes what is noted about the last attempt, and what an attempt in doubt
 * may have delivered, except the links of an
 * earlier success, which the follower still has. */
static void
forget_attempt(struct rw_entry *change, const struct rw_entry *entry)
{
	static const enum rw_field notes[] = {RW_F_LAST_ERROR,
		RW_F_BOUNCED_AT, RW_F_BOUNCE_CODE};
	size_t i;

	for (i = 0; i < sizeof notes / sizeof notes[0]; i++)
		if (rw_entry_has(entry, notes[i]))
			rw_entry_set_null(change, notes[i]);
	if (rw_entry_number(entry, RW_F_EMAIL_SENT, 0) == 0)
		rw_members_clear(change, RW_KEPT_DELIVERED, entry);
}

static void
set_known(struct rw_entry *change, const struct rw_entry *entry,
	enum rw_field field, const char *text)
{
	if (text[0] != '\0')
		rw_entry_set_text(change, field, text);
	else if (rw_entry_has(entry, field))
		rw_entry_set_null(change, field);
}

/* Writes who made the claim, and the facts by which others find out whether
 * that process is alive. */
static void
fill_claimant(struct rw_entry *change, const struct rw_entry *entry,
	const struct rw_self *self, const struct rw_claim_times *times)
{
	rw_entry_set_text(change, RW_F_RUN_ID, self->run_id);
	rw_entry_set_text(change, RW_F_HOST, self->host);
	rw_entry_set_text(change, RW_F_STATE_DIR, self->place);
	if (self->run_locked || rw_entry_has(entry, RW_F_RUN_LOCKED))
		rw_entry_set_number(change, RW_F_RUN_LOCKED,
			self->run_locked);
	set_known(change, entry, RW_F_RUN_LOCK, self->lock_id);
	set_known(change, entry, RW_F_BOOT_ID, self->boot_id);
	rw_entry_set_number(change, RW_F_LEASE_UNTIL, times->now.now_s +
		times->lease_s);
	if (self->boot_id[0] != '\0')
		rw_entry_set_number(change, RW_F_LEASE_BOOT_MS,
			times->now.boot_ms + times->lease_s * 1000);
	else if (rw_entry_has(entry, RW_F_LEASE_BOOT_MS))
		rw_entry_set_null(change, RW_F_LEASE_BOOT_MS);
}

/* A message that may have arrived is sent again as it was. */
static int64_t
edition_of(const struct rw_entry *entry, const struct rw_turn *turn)
{
	return turn->is_new || rw_entry_state(entry) == RW_STATE_FAILED ?
		RW_MAIL_EDITION :
		rw_entry_number(entry, RW_F_MAIL_EDITION, RW_MAIL_FIRST);
}

void
rw_claim_fill(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const struct rw_self *self, const char *token,
	const struct rw_claim_times *times)
{
	int64_t now = times->now.now_s, mail_date = times->mail_date;

	if (rw_entry_state(entry) == RW_STATE_NONE)
		fill_new(change, now);
	set_claim(change, entry, record, turn, token, self->has_file);
	/* Objects under the keys of one revision say nothing about the next
	 * revision. */
	if (turn->revision != rw_entry_number(entry, RW_F_REVISION, 1)) {
		rw_members_clear(change, RW_KEPT_STORED, NULL);
		rw_members_clear(change, RW_KEPT_UPLOADED, NULL);
	}
	forget_attempt(change, entry);
	rw_entry_set_text(change, RW_F_STATE, rw_state_name(RW_STATE_CLAIMED));
	rw_entry_set_number(change, RW_F_REVISION, turn->revision);
	rw_entry_set_number(change, RW_F_SEQUENCE, turn->sequence);
	fill_claimant(change, entry, self, times);
	rw_entry_set_number(change, RW_F_MAIL_DATE, turn->is_new ? mail_date :
		rw_entry_number(entry, RW_F_MAIL_DATE, mail_date));
	rw_entry_set_number(change, RW_F_MAIL_EDITION, edition_of(entry,
		turn));
	rw_entry_set_number(change, RW_F_ATTEMPTS, 1 + (turn->is_new ? 0 :
		rw_entry_number(entry, RW_F_ATTEMPTS, 0)));
	rw_entry_set_number(change, RW_F_UPDATED_AT, now);
}
