/* The table of members against everything that reads it: the names, the ledger's
 * fields, what a journal has, what claims and outcomes keep. */
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "journal/journal.h"
#include "ledger/claim.h"
#include "record/members.h"

#define TOKEN "0123456789abcdef0123456789abcdef"

static char state[] = "/tmp/rw-test-members.XXXXXX";
static char run_of_ours[] = "ours", host[] = "here", state_dir[] = "/state";

/* ---- the table ----------------------------------------------------------- */

/* What was released: the order of columns, and the schema that has each. */
static const struct {
	const char *name;
	int since;
} released[] = {
	{"follower_id", 1}, {"report_period", 1}, {"email_sent", 1},
	{"sent_timestamp", 1}, {"pdf_url", 1}, {"excel_url", 1},
	{"minio_upload", 1}, {"state", 1}, {"revision", 1}, {"sequence", 1},
	{"run_id", 1}, {"claim", 1}, {"lease_until", 1}, {"host", 1},
	{"state_dir", 1}, {"run_locked", 1}, {"run_lock", 3}, {"boot_id", 3},
	{"lease_boot_ms", 3}, {"mail_date", 1}, {"attempts", 1},
	{"last_error", 1}, {"delivery", 1}, {"message_id", 1}, {"pdf_key", 1},
	{"excel_key", 1}, {"pdf_version_id", 1}, {"excel_version_id", 1},
	{"pdf_sha256", 1}, {"excel_sha256", 1}, {"object_expires_at", 1},
	{"url_expires_at", 1}, {"url_scheme", 1}, {"currency", 1},
	{"total_pnl", 1}, {"commission_pct", 1}, {"commission_amount", 1},
	{"high_water_mark_after", 1}, {"created_at", 1}, {"updated_at", 1},
};

/* A new field may come between them; they keep their order and version. */
static void
test_released(void)
{
	size_t i;
	int at = 0;

	for (i = 0; i < sizeof released / sizeof *released; i++) {
		while (at < RW_F_COUNT && strcmp(rw_fields[at].name,
		    released[i].name) != 0)
			ok(rw_fields[at++].since > 3, "a field that is new");
		if (ok(at < RW_F_COUNT, "%s is kept", released[i].name))
			is_int(rw_fields[at++].since, released[i].since,
				"%s: since", released[i].name);
	}
}

static enum rw_field_type
stored_as(enum rw_type type)
{
	switch (type) {
	case RW_TYPE_BOOL:
		return RW_FIELD_BOOL;
	case RW_TYPE_INT:
		return RW_FIELD_INT;
	case RW_TYPE_TIME:
		return RW_FIELD_TIME;
	case RW_TYPE_OBJECT:
		return RW_FIELD_OBJECT;
	case RW_TYPE_TEXT:
	case RW_TYPE_MONEY:
	case RW_TYPE_DECIMAL:
	case RW_TYPE_LIST:
		break;
	}
	return RW_FIELD_TEXT;
}

static const struct rw_member *
find_member(const char *name)
{
	size_t i = 0;

	while (i < rw_record_member_count &&
	    strcmp(rw_record_members[i].name, name) != 0)
		i++;
	return i < rw_record_member_count ? &rw_record_members[i] : NULL;
}

/* The ledger has the members that are kept, in the same order, and no other. */
static void
test_fields(void)
{
	const struct rw_member *m, *brought;
	char name[64];
	size_t i;
	int at = 0;

	for (i = 0; i < rw_record_member_count; i++) {
		m = &rw_record_members[i];
		is_int(m->since > 0, m->kept != RW_KEPT_NOT, "%s: since",
			m->name);
		ok(m->group != RW_G_LEDGER || m->kept == RW_KEPT_APART,
			"%s: no claim takes from a line what no line has",
			m->name);
		if (m->kept == RW_KEPT_NOT || !ok(at < RW_F_COUNT, "%s",
		    m->name))
			continue;
		is(rw_fields[at].name, m->name, "%s: the field", m->name);
		is_int(rw_fields[at].kept, m->kept, "%s: kept", m->name);
		is_int(rw_fields[at].since, m->since, "%s: since", m->name);
		is_int(rw_fields[at].type, stored_as(m->type), "%s: type",
			m->name);
		at++;
		if (m->kept != RW_KEPT_UPLOADED)
			continue;
		snprintf(name, sizeof name, "stored_%s", m->name);
		brought = find_member(name);
		ok(brought != NULL && brought->group == RW_G_LOOKUP &&
			brought->type == m->type, "%s", name);
	}
	is_int(at, RW_F_COUNT, "no other field");
}

/* ---- the use of a member
 * -------------------------------------------------- */

static const char *
sample(enum rw_type type)
{
	switch (type) {
	case RW_TYPE_BOOL:
		return "true";
	case RW_TYPE_INT:
		return "17";
	case RW_TYPE_TIME:
		return "\"2025-07-01T00:10:00Z\"";
	case RW_TYPE_MONEY:
	case RW_TYPE_DECIMAL:
		return "\"12.50\"";
	case RW_TYPE_OBJECT:
		return "{\"2025-06-02\":\"12.50\"}";
	case RW_TYPE_TEXT:
	case RW_TYPE_LIST:
		break;
	}
	return "\"some text\"";
}

/* A report that was uploaded, and this member. */
static void
make_record(struct rw_record *record, const struct rw_member *m)
{
	struct rw_buf text = {0};
	struct rw_err err;

	rw_buf_addf(&text, "{\"follower_id\":\"f\",\"report_period\":\"2025-06\","
		"\"minio_upload\":true,\"claim\":\"%s\","
		"\"%s\":%s}", TOKEN, m->name, sample(m->type));
	ok(rw_record_parse(record, rw_buf_text(&text), text.len, NULL, &err),
		"%s", m->name);
	rw_buf_free(&text);
}

/* The value of the field as a line has it; "" when it has none. */
static const char *
value_in(const struct rw_entry *entry, const struct rw_member *m,
	struct rw_line *room)
{
	static char out[128];
	struct rw_json value;
	int i;

	rw_line_clear(room);
	for (i = 0; i < RW_F_COUNT; i++)
		if (strcmp(rw_fields[i].name, m->name) == 0)
			rw_entry_to_line(entry, (enum rw_field)i, room);
	value = rw_line_get(room, m->name);
	snprintf(out, sizeof out, "%.*s", (int)value.len,
		value.text != NULL ? value.text : "");
	return out;
}

/* A claim keeps the store and the figures; the outcome what was delivered, and
 * all of it when the claim has kept something else. */
static void
test_kept(const struct rw_member *m, struct rw_record *record)
{
	static const struct rw_self self = {.run_id = run_of_ours,
		.host = host, .place = state_dir};
	const struct rw_claim_times times = {.now = {.now_s = 1751328600},
		.lease_s = 60};
	const struct rw_turn first = {.revision = 1, .is_new = true};
	struct rw_entry none = {0}, change = {0};
	struct rw_line room = {0};

	rw_claim_fill(&change, &none, record, &first, &self, TOKEN, &times);
	is(value_in(&change, m, &room), m->kept == RW_KEPT_DELIVERED ? "" :
		sample(m->type), "%s after the claim", m->name);
	rw_entry_reset(&change);
	rw_claim_settle(&change, record, RW_FATE_SENT, TOKEN, 1751328600);
	is(value_in(&change, m, &room), sample(m->type),
		"%s after the outcome", m->name);
	rw_entry_free(&change);
	rw_line_free(&room);
}

static const char *
journal_of(struct rw_record *record, struct rw_buf *text)
{
	struct rw_journal journal;
	struct rw_err err;
	bool good;

	rw_buf_reset(text);
	good = rw_journal_open(&journal, run_of_ours, &err) &&
		rw_journal_begin(&journal, record, "<1@example.com>", &err) &&
		rw_journal_sync(&journal, &err) &&
		rw_file_read(journal.path, text, &err);
	ok(good, "a journal%s%s", good ? "" : ": ", good ? "" : err.message);
	rw_journal_close(&journal);
	return rw_buf_text(text);
}

/* Before the mail is sent, the journal has the figures. */
static void
test_journaled(const struct rw_member *m, struct rw_record *record)
{
	struct rw_buf text = {0}, member = {0};

	rw_buf_addf(&member, ",\"%s\":%s", m->name, sample(m->type));
	is_int(strstr(journal_of(record, &text), rw_buf_text(&member)) != NULL,
		m->kept == RW_KEPT_FIGURES, "%s in a journal", m->name);
	rw_buf_free(&text);
	rw_buf_free(&member);
}

int
main(void)
{
	const struct rw_member *m = rw_record_members, *end;
	struct rw_record record = {0};
	char command[64];

	if (mkdtemp(state) == NULL || setenv("RW_STATE_DIR", state, 1) != 0)
		return 1;
	test_released();
	test_fields();
	for (end = m + rw_record_member_count; m < end; m++) {
		if (m->kept <= RW_KEPT_APART)
			continue;
		make_record(&record, m);
		test_kept(m, &record);
		test_journaled(m, &record);
	}
	rw_record_free(&record);
	snprintf(command, sizeof command, "rm -rf %s", state);
	return system(command) == 0 ? done() : 1;
}
