/*
 * Any text as a claim, and any line as an entry of the ledger. What is read is
 * written as a text that is read as the same, and an entry put back into a line
 * is read as itself.
 */
#include "fuzz.h"

#include "ledger/claim_text.h"

static void
require_same(const struct rw_claim_text *a, const struct rw_claim_text *b)
{
	require(strcmp(a->token, b->token) == 0);
	require(a->has_kept == b->has_kept && a->kept == b->kept);
	require(strcmp(a->documents, b->documents) == 0);
	require(a->before.state == b->before.state);
	require(a->before.revision == b->before.revision);
	require(a->before.sequence == b->before.sequence);
	require(a->is_failed == b->is_failed && a->has_run == b->has_run);
}

static void
read_claim(const char *text)
{
	struct rw_claim_text claim, again;
	struct rw_buf out = {0};

	if (!rw_claim_text_parse(&claim, text))
		return;
	require(*claim.token != '\0');
	rw_claim_text_add(&out, &claim);
	require(rw_claim_text_parse(&again, rw_buf_text(&out)));
	require_same(&claim, &again);
	require(rw_claim_text_is_of_one_input(text, text));
	require(rw_claim_text_is_of_one_input(text, rw_buf_text(&out)));
	rw_buf_free(&out);
}

static void
read_field(struct rw_record *record, enum rw_field field)
{
	struct rw_entry entry = {0}, again = {0};
	struct rw_record copy = {0};
	struct rw_err err = {0};
	bool good = rw_entry_from_record(&entry, field, record, &err);

	fuzz_outcome(good, &err);
	rw_line_clear(&copy.line);
	if (good && rw_entry_has(&entry, field)) {
		rw_entry_to_line(&entry, field, &copy.line);
		require(rw_entry_from_record(&again, field, &copy, &err));
		require(rw_entry_has(&again, field));
		require(rw_entry_number(&entry, field, 0) ==
			rw_entry_number(&again, field, 0));
		require(rw_entry_text(&entry, field) == NULL ||
			strcmp(rw_entry_text(&entry, field),
			rw_entry_text(&again, field)) == 0);
	}
	(void)rw_state_name(rw_entry_state(&entry));
	rw_record_free(&copy);
	rw_entry_free(&entry);
	rw_entry_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct rw_record record = {0};
	struct rw_err err;
	enum rw_field field;
	char *text;

	if (rw_record_parse(&record, (const char *)data, size, NULL, &err) ||
	    err.kind == RW_DATA)
		for (field = 0; field < RW_F_COUNT; field++)
			read_field(&record, field);
	rw_record_free(&record);
	text = fuzz_rest(&input);
	read_claim(text);
	free(text);
	return 0;
}
