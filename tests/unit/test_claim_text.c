/* The text of a claim. */
#include "tap.h"

#include "ledger/claim_text.h"

#define TOKEN "0123456789abcdeffedcba9876543210"

static void
test_both_ways(void)
{
	static const struct {
		const char *claim;
		struct rw_claim_text text;
	} cases[] = {
		{TOKEN, {.token = TOKEN}},
		{TOKEN "-0000beef", {.token = TOKEN, .has_kept = true,
			.kept = 0xbeef}},
		{TOKEN "!", {.token = TOKEN, .is_failed = true}},
		{TOKEN ".0123456789abcdef", {.token = TOKEN,
			.documents = "0123456789abcdef"}},
		{TOKEN "-00000000.0123456789abcdef!", {.token = TOKEN,
			.has_kept = true, .documents = "0123456789abcdef",
			.is_failed = true}},
		{TOKEN "+sent.1.0", {.token = TOKEN, .before = {RW_STATE_SENT,
			1, 0}}},
		{TOKEN "-00000001.0123456789abcdef+in_doubt.2.13!",
			{.token = TOKEN, .has_kept = true, .kept = 1,
			.documents = "0123456789abcdef",
			.before = {RW_STATE_IN_DOUBT, 2, 13},
			.is_failed = true}},
		{TOKEN ".0123456789abcdef,fedcba9876543210+sent.1.0@",
			{.token = TOKEN, .documents = "0123456789abcdef",
			.digests = "fedcba9876543210", .has_run = true,
			.before = {RW_STATE_SENT, 1, 0}}},
		{TOKEN ",fedcba9876543210", {.token = TOKEN,
			.digests = "fedcba9876543210"}},
		{TOKEN "+failed.999999999999999999.1", {.token = TOKEN,
			.before = {RW_STATE_FAILED, 999999999999999999, 1}}},
		{TOKEN "-ffffffff!", {.token = TOKEN, .has_kept = true,
			.kept = 0xffffffff, .is_failed = true}},
	};
	struct rw_claim_text text;
	struct rw_buf again = {0};
	char settled[200];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rw_buf_reset(&again);
		rw_claim_text_add(&again, &cases[i].text);
		is(rw_buf_text(&again), cases[i].claim, "written");
		snprintf(settled, sizeof settled, "%s:failed", cases[i].claim);
		ok(rw_claim_text_parse(&text, cases[i].claim) &&
			rw_claim_text_parse(&text, settled), "read, settled "
			"or not");
		rw_buf_reset(&again);
		rw_claim_text_add(&again, &text);
		is(rw_buf_text(&again), cases[i].claim, "and written again");
	}
	rw_buf_free(&again);
}

static void
test_others(void)
{
	/* Behind a whole token, or in its place. */
	static const char *const behind[] = {"0", "-", "-12", "-123456789",
		"-12345678x", "!!", "?", ".", ".0123", "-.0123456789abcdef",
		"+", "+none.1.0", "+sent", "+sent.1", "+sent.1.", "+sent.x.1",
		"+sent.-1.0", "+sent.1.0.0", "+sent.9999999999999999999.0",
		",", ",0123", ",0123456789abcdef.0123456789abcdef",
		"!+sent.1.0", ".0123456789abcdef0", "!.0123456789abcdef"};
	static const char *const others[] = {"", "c1", "0123", " 0123",
		"0123456789ABCDEFFEDCBA9876543210"};
	char claim[100];
	struct rw_claim_text text;
	size_t i;

	ok(!rw_claim_text_parse(&text, NULL), "no claim");
	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		ok(!rw_claim_text_parse(&text, others[i]) &&
			text.token[0] == '\0' && !text.is_failed,
			"none of ours: \"%s\"", others[i]);
	for (i = 0; i < sizeof behind / sizeof behind[0]; i++) {
		snprintf(claim, sizeof claim, "%s%s", TOKEN, behind[i]);
		ok(!rw_claim_text_parse(&text, claim) &&
			text.token[0] == '\0' && !text.has_kept,
			"none of ours: \"%s\"", claim);
	}
}

static void
test_inputs(void)
{
	ok(rw_claim_text_is_of_one_input(TOKEN,
		"0123456789abcdef0000000000000000-00000000:sent"),
		"of one input");
	ok(!rw_claim_text_is_of_one_input(TOKEN,
		"0123456789abcdee0000000000000000"), "of two");
	ok(!rw_claim_text_is_of_one_input("c1", "c1"), "of no input");
}

int
main(void)
{
	test_both_ways();
	test_others();
	test_inputs();
	return done();
}
