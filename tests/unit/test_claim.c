/* The state machine of the ledger. */
#include "tap.h"

#include <stdlib.h>

#include "ledger/claim.h"

#define BOOT "11111111-2222-3333-4444-555555555555"

enum { NOW = 1751328600, HOUR = 3600 };

static char run_of_ours[] = "ours", host[] = "here", state_dir[] = "/state";

static const struct rw_self self = {.nonce = "0123456789abcdef",
	.run_id = run_of_ours, .host = host, .place = state_dir,
	.run_locked = true, .lock_id = "fe01:2a", .boot_id = BOOT};

/* A run is known by its name only. */
static enum rw_life
ask(void *context, const struct rw_entry *entry)
{
	const char *run_id = rw_entry_text(entry, RW_F_RUN_ID);

	(void)context;
	return strcmp(run_id, "live") == 0 ? RW_LIFE_ALIVE :
		strcmp(run_id, "dead") == 0 ? RW_LIFE_DEAD : RW_LIFE_UNKNOWN;
}

static const struct rw_claim_times times = {.now = {NOW, 5000},
	.lease_s = HOUR, .mail_date = NOW};

static void
make_entry(struct rw_entry *entry, const char *state, const char *claim)
{
	rw_entry_reset(entry);
	rw_entry_set_text(entry, RW_F_FOLLOWER_ID, "f-1");
	rw_entry_set_text(entry, RW_F_REPORT_PERIOD, "2025-06");
	if (state != NULL)
		rw_entry_set_text(entry, RW_F_STATE, state);
	if (claim != NULL)
		rw_entry_set_text(entry, RW_F_CLAIM, claim);
}

/* ---- the state of an entry --------------------------------------------- */

static void
test_standing(void)
{
	static const struct {
		const char *name, *state, *claim, *run, *host, *dir;
		int64_t lease;
		bool locked, sent;
		enum rw_standing expected;
	} cases[] = {
		{"failed", "failed", "x:failed", "r", "here", "/state", -1,
			true, false, RW_IS_FREE},
		{"sent", "sent", "x:sent", "r", "here", "/state", -1, true,
			true, RW_IS_SENT},
		{"in doubt", "in_doubt", "x:in_doubt", "r", "here", "/state",
			-1, true, false, RW_IS_IN_DOUBT},
		{"of the Python system, sent", NULL, NULL, NULL, NULL, NULL,
			0, false, true, RW_IS_SENT},
		{"of the Python system, failed", NULL, NULL, NULL, NULL, NULL,
			0, false, false, RW_IS_FREE},
		{"an unknown state counts by email_sent", "strange", NULL,
			NULL, NULL, NULL, 0, false, true, RW_IS_SENT},
		{"a live run", "claimed", "x", "live", "here", "/state", HOUR,
			true, false, RW_IS_CLAIMED},
		{"a live run after its lease", "claimed", "x", "live", "here",
			"/state", -1, true, false, RW_IS_CLAIMED},
		{"a dead run", "claimed", "x", "dead", "here", "/state", HOUR,
			true, false, RW_IS_ORPHANED},
		{"a dead run that was sent before", "claimed", "x", "dead",
			"here", "/state", HOUR, true, true, RW_IS_ORPHANED},
		{"by hand", "claimed", "x", "dead", "here", "/state", 1,
			false, false, RW_IS_CLAIMED},
		{"by hand, lease over", "claimed", "x", "dead", "here",
			"/state", 0, false, false, RW_IS_ORPHANED},
		{"a run whose lock is missing", "claimed", "x", "unknown",
			"here", "/state", 1, true, false, RW_IS_CLAIMED},
		{"a run whose lock is missing, lease over", "claimed", "x",
			"unknown", "here", "/state", 0, true, false,
			RW_IS_ORPHANED},
		{"another host", "claimed", "x", "dead", "there", "/state", 1,
			true, false, RW_IS_CLAIMED},
		{"another host, lease over", "claimed", "x", "live", "there",
			"/state", 0, true, false, RW_IS_IN_DOUBT},
		{"another state directory", "claimed", "x", "dead", "here",
			"/other", 1, true, false, RW_IS_CLAIMED},
		{"ours", "claimed", "0123456789abcdef0000000000000000", "r",
			"here", "/state", HOUR, true, false, RW_IS_OURS},
		{"ours, and settled", "failed",
			"0123456789abcdef0000000000000000:failed", "r", "here",
			"/state", HOUR, true, false, RW_IS_OURS},
	};
	const struct rw_judge judge = {.self = &self, .moment = {NOW, 0},
		.ask = ask};
	struct rw_entry entry = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		make_entry(&entry, cases[i].state, cases[i].claim);
		rw_entry_set_text(&entry, RW_F_RUN_ID, cases[i].run);
		rw_entry_set_text(&entry, RW_F_HOST, cases[i].host);
		rw_entry_set_text(&entry, RW_F_STATE_DIR, cases[i].dir);
		rw_entry_set_number(&entry, RW_F_RUN_LOCKED, cases[i].locked);
		rw_entry_set_number(&entry, RW_F_EMAIL_SENT, cases[i].sent);
		rw_entry_set_number(&entry, RW_F_LEASE_UNTIL,
			NOW + cases[i].lease);
		is_int(rw_claim_standing(&entry, &judge), cases[i].expected,
			"%s", cases[i].name);
	}
	rw_entry_reset(&entry);
	is_int(rw_claim_standing(&entry, &judge), RW_IS_FREE, "no entry");
	rw_entry_free(&entry);
}

/* The operator has declared the holder of this claim dead. */
static bool
is_taken_over(void *context, const struct rw_entry *entry)
{
	(void)context;
	return strcmp(rw_entry_text(entry, RW_F_CLAIM), "held") == 0;
}

static void
test_take_over(void)
{
	static const struct {
		const char *name, *run, *host, *claim;
		bool locked;
		enum rw_standing expected;
	} cases[] = {
		{"another host", "live", "there", "held", true,
			RW_IS_IN_DOUBT},
		{"another host, claimed since", "live", "there", "new", true,
			RW_IS_CLAIMED},
		{"here, by hand", "x", "here", "held", false, RW_IS_ORPHANED},
		{"here, by hand since", "x", "here", "new", false,
			RW_IS_CLAIMED},
		{"here, nothing is known", "unknown", "here", "held", true,
			RW_IS_ORPHANED},
		{"here, a lock proves life", "live", "here", "held", true,
			RW_IS_CLAIMED},
	};
	const struct rw_judge judge = {.self = &self, .moment = {NOW, 0},
		.is_taken_over = is_taken_over, .ask = ask};
	struct rw_entry entry = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		make_entry(&entry, "claimed", cases[i].claim);
		rw_entry_set_text(&entry, RW_F_RUN_ID, cases[i].run);
		rw_entry_set_text(&entry, RW_F_HOST, cases[i].host);
		rw_entry_set_text(&entry, RW_F_STATE_DIR, "/state");
		rw_entry_set_number(&entry, RW_F_RUN_LOCKED, cases[i].locked);
		rw_entry_set_number(&entry, RW_F_LEASE_UNTIL, NOW + HOUR);
		is_int(rw_claim_standing(&entry, &judge), cases[i].expected,
			"taken over: %s", cases[i].name);
	}
	rw_entry_free(&entry);
}

static void
test_verdict(void)
{
	const struct rw_terms plain = {0}, again = {.again = true},
		revise = {.revise = true}, hold = {.hold = true};
	const struct {
		enum rw_standing standing;
		const struct rw_terms *terms;
		enum rw_fate expected;
	} cases[] = {
		{RW_IS_FREE, &plain, RW_FATE_LOOKED_UP},
		{RW_IS_FREE, &hold, RW_FATE_LOOKED_UP},
		{RW_IS_ORPHANED, &hold, RW_FATE_LOOKED_UP},
		{RW_IS_SENT, &plain, RW_FATE_ALREADY_SENT},
		{RW_IS_SENT, &again, RW_FATE_LOOKED_UP},
		{RW_IS_SENT, &revise, RW_FATE_LOOKED_UP},
		{RW_IS_IN_DOUBT, &plain, RW_FATE_LOOKED_UP},
		{RW_IS_IN_DOUBT, &hold, RW_FATE_HELD},
		{RW_IS_CLAIMED, &again, RW_FATE_CLAIMED_ELSEWHERE},
		{RW_IS_CLAIMED, &revise, RW_FATE_CLAIMED_ELSEWHERE},
		{RW_IS_OURS, &again, RW_FATE_DUPLICATE},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_int(rw_claim_verdict(cases[i].standing, cases[i].terms),
			cases[i].expected, "verdict %zu", i);
}

static void
test_turn(void)
{
	static const struct {
		const char *name, *state;
		int64_t revision, sequence;
		bool again, revise;
		struct {
			int64_t revision, sequence;
			bool is_new;
		} expected;
	} cases[] = {
		{"first", NULL, 0, 0, false, false, {1, 0, true}},
		{"first, revised: nothing to revise", NULL, 0, 0, false, true,
			{1, 0, true}},
		{"failed", "failed", 1, 0, false, false, {1, 0, false}},
		{"failed, again", "failed", 1, 0, true, false, {1, 0, false}},
		{"failed, revised: nobody has seen it", "failed", 1, 0, false,
			true, {1, 0, false}},
		{"sent, again", "sent", 1, 0, true, false, {1, 1, true}},
		{"sent again, again", "sent", 1, 1, true, false, {1, 2, true}},
		{"sent, revised", "sent", 1, 2, false, true, {2, 0, true}},
		{"again failed: the same turn", "failed", 1, 1, false, false,
			{1, 1, false}},
		{"again failed, revised: it was seen", "failed", 1, 1, false,
			true, {2, 0, true}},
		{"in doubt: the same message", "in_doubt", 2, 0, false, false,
			{2, 0, false}},
		{"in doubt, revised: it may have been seen", "in_doubt", 2, 0,
			false, true, {3, 0, true}},
		{"orphaned", "claimed", 2, 1, false, false, {2, 1, false}},
	};
	struct rw_entry entry = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct rw_terms terms = {.again = cases[i].again,
			.revise = cases[i].revise};
		struct rw_turn turn;

		rw_entry_reset(&entry);
		if (cases[i].state != NULL) {
			make_entry(&entry, cases[i].state, NULL);
			rw_entry_set_number(&entry, RW_F_REVISION,
				cases[i].revision);
			rw_entry_set_number(&entry, RW_F_SEQUENCE,
				cases[i].sequence);
			rw_entry_set_number(&entry, RW_F_MAIL_DATE, NOW);
		}
		turn = rw_claim_turn(&entry, &terms);
		ok(turn.revision == cases[i].expected.revision &&
			turn.sequence == cases[i].expected.sequence &&
			turn.is_new == cases[i].expected.is_new, "turn: %s",
			cases[i].name);
	}
	rw_entry_free(&entry);
}

/* The entry after a claim was released. */
static void
test_before(void)
{
	static const char token[] = "0123456789abcdeffedcba9876543210";
	static const struct {
		const char *state, *before;	/* of its claim; "" none */
		struct rw_before expected;
	} cases[] = {
		{NULL, "", {RW_STATE_NONE, 1, 0}},
		{"failed", ":failed", {RW_STATE_FAILED, 2, 1}},
		{"sent", "+failed.1.0:sent", {RW_STATE_SENT, 2, 1}},
		{"in_doubt", ":in_doubt", {RW_STATE_IN_DOUBT, 2, 1}},
		/* Never used: what was before the first of them. */
		{"claimed", "+sent.2.0", {RW_STATE_SENT, 2, 0}},
		{"claimed", "", {RW_STATE_NONE, 0, 0}},
	};
	const struct rw_terms plain = {0};
	struct rw_entry entry = {0};
	char claim[100];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rw_before before;

		rw_entry_reset(&entry);
		if (cases[i].state != NULL) {
			snprintf(claim, sizeof claim, "%s%s", token,
				cases[i].before);
			make_entry(&entry, cases[i].state, claim);
			rw_entry_set_number(&entry, RW_F_REVISION, 2);
			rw_entry_set_number(&entry, RW_F_SEQUENCE, 1);
		}
		before = rw_claim_turn(&entry, &plain).before;
		ok(before.state == cases[i].expected.state &&
			before.revision == cases[i].expected.revision &&
			before.sequence == cases[i].expected.sequence,
			"before: %s%s", cases[i].state != NULL ?
			cases[i].state : "none", cases[i].before);
	}
	rw_entry_free(&entry);
}

/* ---- outcomes ---------------------------------------------------------- */

static void
test_fate(void)
{
	static const struct {
		const char *members;
		enum rw_fate expected;
	} cases[] = {
		{"\"email_sent\":true", RW_FATE_SENT},
		{"\"email_sent\":false", RW_FATE_FAILED},
		{"\"email_sent\":false,\"state\":\"rehearsed\"",
			RW_FATE_REHEARSED},
		{"\"x\":1", RW_FATE_FAILED},
		{"\"email_sent\":\"true\"", RW_FATE_FAILED},
		{"\"email_sent\":true,\"error\":{\"tool\":\"rw-put\"}",
			RW_FATE_SENT},
		{"\"email_sent\":true,\"error\":{\"tool\":\"rw-mail\"}",
			RW_FATE_FAILED},
		{"\"email_sent\":true,\"error\":{\"tool\":\"rw-gen\"}",
			RW_FATE_FAILED},
		{"\"email_sent\":false,\"state\":\"in_doubt\"",
			RW_FATE_IN_DOUBT},
		{"\"email_sent\":true,\"state\":\"claimed\"", RW_FATE_SENT},
	};
	struct rw_record record = {0};
	char line[256];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(line, sizeof line, "{\"follower_id\":\"f\","
			"\"report_period\":\"2025-06\",%s}", cases[i].members);
		ok(rw_record_parse(&record, line, strlen(line), NULL, NULL),
			"read %s", line);
		is_int(rw_claim_fate(&record), cases[i].expected, "fate of %s",
			cases[i].members);
	}
	rw_record_free(&record);
}

static bool
settle(struct rw_entry *change, const char *members, enum rw_fate fate)
{
	struct rw_record record = {0};
	char line[512];
	bool good;

	rw_entry_reset(change);
	snprintf(line, sizeof line, "{\"follower_id\":\"f\","
		"\"report_period\":\"2025-06\",%s}", members);
	good = rw_record_parse(&record, line, strlen(line), NULL, NULL);
	rw_claim_settle(change, &record, fate,
		"0123456789abcdef0123456789abcdef", NOW);
	rw_record_free(&record);
	return good;
}

static void
test_settle(void)
{
	static const char all[] = "\"revision\":2,\"sequence\":0,"
		"\"pdf_url\":\"u\",\"pdf_key\":\"k\",\"pdf_sha256\":\"s\","
		"\"minio_upload\":true,\"high_water_mark_after\":12.50,"
		"\"sent_timestamp\":\"2025-07-01T00:10:00Z\"";
	struct rw_entry change = {0};

	ok(settle(&change, all, RW_FATE_SENT), "sent");
	is(rw_entry_text(&change, RW_F_CLAIM),
		"0123456789abcdef0123456789abcdef:sent", "the token is used");
	is_int(rw_entry_number(&change, RW_F_EMAIL_SENT, 0), 1, "email_sent");
	is_int(rw_entry_number(&change, RW_F_SENT_TIMESTAMP, 0), 1751328600,
		"sent_timestamp");
	is(rw_entry_text(&change, RW_F_HIGH_WATER_MARK_AFTER), "12.50",
		"a figure as it was written");
	ok(change.values[RW_F_EXCEL_URL].is == RW_NULL, "an old link goes");


	ok(settle(&change, all, RW_FATE_FAILED), "failed");
	ok(change.values[RW_F_EMAIL_SENT].is == RW_ABSENT,
		"a failure does not touch email_sent");
	ok(change.values[RW_F_PDF_URL].is == RW_ABSENT,
		"nor the links that the follower has");
	is(rw_entry_text(&change, RW_F_PDF_KEY), "k",
		"stored files are kept");
	is(rw_entry_text(&change, RW_F_PDF_SHA256), "s", "and its checksum");
	ok(settle(&change, "\"pdf_sha256\":\"s\"", RW_FATE_FAILED) &&
		change.values[RW_F_PDF_SHA256].is == RW_ABSENT,
		"a checksum of what was not stored is not");

	ok(settle(&change, all, RW_FATE_IN_DOUBT), "in doubt");
	ok(change.values[RW_F_EMAIL_SENT].is == RW_ABSENT,
		"a mail in doubt is not a success");
	is(rw_entry_text(&change, RW_F_PDF_URL), "u",
		"the links that may be out are kept");
	ok(settle(&change, "\"state\":\"in_doubt\"", RW_FATE_IN_DOUBT) &&
		change.values[RW_F_MINIO_UPLOAD].is == RW_ABSENT,
		"a begin without an outcome says nothing of the store");

	ok(settle(&change, "\"object_expires_at\":\"soon\",\"pdf_url\":7,"
		"\"sent_timestamp\":[]", RW_FATE_SENT) &&
		rw_entry_number(&change, RW_F_EMAIL_SENT, 0) == 1 &&
		rw_entry_number(&change, RW_F_SENT_TIMESTAMP, 0) == NOW,
		"that it was sent is recorded whatever else the line holds");
	rw_entry_free(&change);
}

static void
test_fill(void)
{
	static const char line[] = "{\"follower_id\":\"f\",\"report_period\":"
		"\"2025-06\",\"pdf_key\":\"k\",\"pdf_sha256\":\"s\","
		"\"minio_upload\":true,\"total_pnl\":\"1.00\"}";
	const struct rw_turn first = {.revision = 1, .is_new = true},
		second = {.revision = 2, .is_new = true};
	struct rw_record record = {0};
	struct rw_entry none = {0}, sent = {0}, change = {0};
	static const char token[] = "0123456789abcdef0123456789abcdef";
	char claim[64];

	rw_record_parse(&record, line, sizeof line - 1, NULL, NULL);
	rw_claim_fill(&change, &none, &record, &first, &self, token, &times);
	snprintf(claim, sizeof claim, "%s", rw_entry_text(&change,
		RW_F_CLAIM));
	is(rw_entry_text(&change, RW_F_PDF_SHA256), "s",
		"a first claim keeps stored files");
	is(rw_entry_text(&change, RW_F_TOTAL_PNL), "1.00", "and the figures");
	is_int(rw_entry_number(&change, RW_F_LEASE_UNTIL, 0), NOW + HOUR,
		"the lease");
	is_int(rw_entry_number(&change, RW_F_LEASE_BOOT_MS, 0),
		5000 + HOUR * 1000, "the same by this kernel's clock");
	is(rw_entry_text(&change, RW_F_BOOT_ID), BOOT, "which kernel that is");
	is(rw_entry_text(&change, RW_F_RUN_LOCK), "fe01:2a",
		"and the lock that tells whether the run lives");
	ok(change.values[RW_F_PDF_URL].is == RW_NULL &&
		rw_entry_number(&change, RW_F_EMAIL_SENT, 1) == 0,
		"the Python system's members are there");

	rw_entry_reset(&change);
	rw_claim_settle(&change, &record, RW_FATE_SENT, claim, NOW);
	ok(change.values[RW_F_PDF_KEY].is == RW_ABSENT &&
		change.values[RW_F_EXCEL_URL].is == RW_ABSENT,
		"the outcome need not write them again");
	rw_entry_reset(&change);
	rw_line_set_string(&record.line, RW_M_TOTAL_PNL, "2.00");
	rw_claim_settle(&change, &record, RW_FATE_SENT, claim, NOW);
	is(rw_entry_text(&change, RW_F_TOTAL_PNL), "2.00",
		"but for a line that was changed since");

	rw_entry_reset(&change);
	make_entry(&sent, "sent", "x:sent");
	rw_entry_set_number(&sent, RW_F_EMAIL_SENT, 1);
	rw_entry_set_text(&sent, RW_F_PDF_URL, "u");
	rw_claim_fill(&change, &sent, &record, &second, &self, "token", &times);
	ok(change.values[RW_F_TOTAL_PNL].is == RW_ABSENT &&
		change.values[RW_F_EMAIL_SENT].is == RW_ABSENT &&
		change.values[RW_F_PDF_URL].is == RW_ABSENT,
		"a revision does not touch the success before it");
	ok(change.values[RW_F_PDF_KEY].is == RW_NULL,
		"but its keys are others");
	rw_record_free(&record);
	rw_entry_free(&sent);
	rw_entry_free(&change);
}

int
main(void)
{
	test_standing();
	test_take_over();
	test_verdict();
	test_turn();
	test_before();
	test_fate();
	test_settle();
	test_fill();
	return done();
}
