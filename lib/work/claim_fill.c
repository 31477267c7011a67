/* What claims and outcomes write into an entry. */
#include "work/claim.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "work/claim_text.h"

/* What lies in the store, whatever becomes of the mail. */
static const enum rw_field stored[] = {
	RW_F_PDF_KEY, RW_F_EXCEL_KEY, RW_F_PDF_VERSION_ID,
	RW_F_EXCEL_VERSION_ID, RW_F_OBJECT_EXPIRES_AT,
};

/* The checksums are those of what lies in the store only after an upload. */
static const enum rw_field uploaded[] = {
	RW_F_PDF_SHA256, RW_F_EXCEL_SHA256,
};

/* What the follower got, or may have got. */
static const enum rw_field delivered[] = {
	RW_F_PDF_URL, RW_F_EXCEL_URL, RW_F_URL_EXPIRES_AT, RW_F_URL_SCHEME,
	RW_F_DELIVERY, RW_F_MESSAGE_ID,
};

static const enum rw_field figures[] = {
	RW_F_CURRENCY, RW_F_TOTAL_PNL, RW_F_COMMISSION_PCT,
	RW_F_COMMISSION_AMOUNT, RW_F_HIGH_WATER_MARK_AFTER,
};

#define COUNT(a) (sizeof (a) / sizeof (a)[0])

/* The Python system's readers find all their members from the start. */
static void
fill_new(struct rw_entry *change, int64_t now)
{
	rw_entry_set_number(change, RW_F_EMAIL_SENT, 0);
	rw_entry_set_null(change, RW_F_PDF_URL);
	rw_entry_set_null(change, RW_F_EXCEL_URL);
	rw_entry_set_number(change, RW_F_MINIO_UPLOAD, 0);
	rw_entry_set_number(change, RW_F_CREATED_AT, now);
}

/* A member of another form is left out: that the mail is out must be recorded
 * whatever else the line holds. */
static void
take(struct rw_entry *change, const enum rw_field *fields, size_t n,
	struct rw_record *record)
{
	struct rw_err ignored;
	size_t i;

	for (i = 0; i < n; i++)
		(void)rw_entry_from_record(change, fields[i], record,
			&ignored);
}

static bool
is_stored(struct rw_record *record)
{
	struct rw_err ignored;
	bool stored_it = false;

	return rw_record_optional_bool(record, RW_M_MINIO_UPLOAD, &stored_it,
		&ignored) && stored_it;
}

static void
take_stored(struct rw_entry *change, struct rw_record *record)
{
	take(change, stored, COUNT(stored), record);
	if (is_stored(record))
		take(change, uploaded, COUNT(uploaded), record);
}

/* rw-mail has coped with what befell the store. With any other error it sends
 * nothing, and what the line says of a mail is of another day. */
static bool
is_of_the_store(const char *tool)
{
	return tool == NULL || strcmp(tool, "rw-put") == 0 ||
		strcmp(tool, "rw-presign") == 0 ||
		strcmp(tool, "rw-verify") == 0;
}

/* It forgets an error of its own and tries again. */
bool
rw_claim_is_failed(struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);

	return !is_of_the_store(tool) && strcmp(tool, "rw-mail") != 0;
}

/* ---- what a claim keeps ------------------------------------------------ */

static uint32_t
mix(uint32_t hash, struct rw_json value)
{
	size_t i;

	for (i = 0; i < value.len; i++)
		hash = (hash ^ (unsigned char)value.text[i]) * 16777619u;
	return (hash ^ 0xff) * 16777619u;
}

/* FNV-1a over what take_stored and figures take of the record. */
static uint32_t
fingerprint(struct rw_record *record)
{
	const struct rw_line *line = &record->line;
	uint32_t hash = mix(2166136261u, rw_line_get(line,
		RW_M_MINIO_UPLOAD));
	size_t i;

	for (i = 0; i < COUNT(stored); i++)
		hash = mix(hash, rw_line_get(line, rw_fields[stored[i]].name));
	for (i = 0; i < COUNT(uploaded); i++)
		hash = mix(hash, rw_line_get(line,
			rw_fields[uploaded[i]].name));
	for (i = 0; i < COUNT(figures); i++)
		hash = mix(hash, rw_line_get(line,
			rw_fields[figures[i]].name));
	return hash;
}

/* The claim of a first sending keeps what lies in the store and the figures in
 * the entry, so that the outcome need not write them again, which halves what
 * it costs; the fingerprint in the claim says of which. Later sendings must
 * not touch those of a success before they succeed. */
static void
keep(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record)
{
	size_t i;

	take_stored(change, record);
	for (i = 0; i < COUNT(figures); i++)
		if (rw_entry_has(entry, figures[i]))
			rw_entry_set_null(change, figures[i]);
	take(change, figures, COUNT(figures), record);
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

void
rw_claim_documents(struct rw_record *record, char out[RW_DOCUMENTS_SIZE])
{
	bool both = take_beginning(record, RW_M_PDF_SHA256, out) &&
		take_beginning(record, RW_M_EXCEL_SHA256,
		out + RW_DOCUMENTS_SIZE / 2);

	out[both ? RW_DOCUMENTS_SIZE - 1 : 0] = '\0';
}

static void
set_claim(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const char *token)
{
	struct rw_claim_text text = {
		.has_kept = turn->revision == 1 && turn->sequence == 0,
		.before = turn->before,
		.is_failed = rw_claim_is_failed(record)};
	struct rw_buf claim = {0};

	snprintf(text.token, sizeof text.token, "%s", token);
	rw_claim_documents(record, text.documents);
	if (text.has_kept) {
		keep(change, entry, record);
		text.kept = fingerprint(record);
	}
	rw_claim_text_add(&claim, &text);
	rw_entry_set_text(change, RW_F_CLAIM, rw_buf_text(&claim));
	rw_buf_free(&claim);
}

/* True when the claim has kept all that the line holds. */
static bool
has_kept(struct rw_record *record, const char *claim)
{
	struct rw_claim_text text;

	return rw_claim_text_parse(&text, claim) && text.has_kept &&
		text.kept == fingerprint(record);
}

/* What lies under the keys of one revision says nothing about the next. */
static void
forget_stored(struct rw_entry *change)
{
	size_t i;

	for (i = 0; i < COUNT(stored); i++)
		rw_entry_set_null(change, stored[i]);
	for (i = 0; i < COUNT(uploaded); i++)
		rw_entry_set_null(change, uploaded[i]);
}

/* What an attempt in doubt may have delivered goes, but for the links of a
 * success before it, which the follower still has. */
static void
forget_attempt(struct rw_entry *change, const struct rw_entry *entry)
{
	size_t i;

	if (rw_entry_has(entry, RW_F_LAST_ERROR))
		rw_entry_set_null(change, RW_F_LAST_ERROR);
	for (i = 0; i < COUNT(delivered); i++)
		if (rw_entry_number(entry, RW_F_EMAIL_SENT, 0) == 0 &&
		    rw_entry_has(entry, delivered[i]))
			rw_entry_set_null(change, delivered[i]);
}

void
rw_claim_fill(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const struct rw_self *self, const char *token, int64_t now,
	int64_t lease_s, int64_t mail_date)
{
	if (rw_entry_state(entry) == RW_STATE_NONE)
		fill_new(change, now);
	set_claim(change, entry, record, turn, token);
	if (turn->revision != rw_entry_number(entry, RW_F_REVISION, 1))
		forget_stored(change);
	forget_attempt(change, entry);
	rw_entry_set_text(change, RW_F_STATE, rw_state_name(RW_STATE_CLAIMED));
	rw_entry_set_number(change, RW_F_REVISION, turn->revision);
	rw_entry_set_number(change, RW_F_SEQUENCE, turn->sequence);
	rw_entry_set_text(change, RW_F_RUN_ID, self->run_id);
	rw_entry_set_number(change, RW_F_LEASE_UNTIL, now + lease_s);
	rw_entry_set_text(change, RW_F_HOST, self->host);
	rw_entry_set_text(change, RW_F_STATE_DIR, self->place);
	if (self->run_locked || rw_entry_has(entry, RW_F_RUN_LOCKED))
		rw_entry_set_number(change, RW_F_RUN_LOCKED,
			self->run_locked);
	rw_entry_set_number(change, RW_F_MAIL_DATE, turn->is_new ? mail_date :
		rw_entry_number(entry, RW_F_MAIL_DATE, mail_date));
	rw_entry_set_number(change, RW_F_ATTEMPTS, 1 + (turn->is_new ? 0 :
		rw_entry_number(entry, RW_F_ATTEMPTS, 0)));
	rw_entry_set_number(change, RW_F_UPDATED_AT, now);
}

/* ---- outcomes ---------------------------------------------------------- */

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
	    || !sent || !is_of_the_store(rw_record_error_tool(record)))
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
	static const enum rw_field when = RW_F_SENT_TIMESTAMP;

	rw_entry_set_number(change, RW_F_EMAIL_SENT, 1);
	rw_entry_set_number(change, RW_F_SENT_TIMESTAMP, now);
	take(change, &when, 1, record);
}

/* Takes the place of what an earlier sending has left. */
static void
replace_earlier(struct rw_entry *change, struct rw_record *record,
	enum rw_fate fate)
{
	size_t i;

	take_stored(change, record);
	if (fate == RW_FATE_FAILED)
		return;
	for (i = 0; fate == RW_FATE_SENT && i < COUNT(delivered); i++)
		rw_entry_set_null(change, delivered[i]);
	for (i = 0; fate == RW_FATE_SENT && i < COUNT(figures); i++)
		rw_entry_set_null(change, figures[i]);
	take(change, figures, COUNT(figures), record);
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
	if (!has_kept(record, token))
		replace_earlier(change, record, fate);
	if (fate != RW_FATE_FAILED)
		take(change, delivered, COUNT(delivered), record);
	/* What a journal says of a mail that was begun has no members. */
	if (fate == RW_FATE_SENT || (fate == RW_FATE_IN_DOUBT &&
	    rw_record_has(record, RW_M_MINIO_UPLOAD)))
		rw_entry_set_number(change, RW_F_MINIO_UPLOAD,
			is_stored(record));
	if (fate == RW_FATE_SENT)
		fill_sent(change, record, now);
	else
		fill_error(change, record);
}
