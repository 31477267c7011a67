/*
 * Any bytes as a record, whose members are read, forgotten and set. The line
 * that goes on is a record again.
 */
#include "fuzz.h"

#include "record/record.h"

static const char *const names[] = {
#define NAME(member, name, type, group, kept, since) name,
	RW_MEMBERS(NAME)
};

static void
read_members(struct rw_record *record)
{
	const char *text;
	int64_t number;
	bool found;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		err = (struct rw_err){0};
		fuzz_outcome(rw_record_string(record, names[i], &text, &err),
			&err);
		err = (struct rw_err){0};
		fuzz_outcome(rw_record_optional_money(record, names[i],
			&found, &number, &err), &err);
		err = (struct rw_err){0};
		fuzz_outcome(rw_record_optional_int(record, names[i], 1,
			&number, &err), &err);
		err = (struct rw_err){0};
		fuzz_outcome(rw_record_optional_time(record, names[i], &found,
			&number, &err), &err);
	}
	err = (struct rw_err){0};
	fuzz_outcome(rw_record_follower_name(record, &text, &err), &err);
	require(*rw_record_label(record) != '\0');
}

static void
pass_on(struct rw_record *record)
{
	const struct rw_err failure = {.kind = RW_REFUSED, .message = "no\n"};
	const struct rw_period june = {2025, 6};
	struct rw_record again = {0};
	struct rw_buf out = {0};
	struct rw_err err;
	bool good;

	rw_record_forget_report(record);
	rw_record_forget_mail(record);
	rw_record_set_error(record, "rw-put", &failure);
	rw_line_add_to(&record->line, &out);
	good = rw_record_parse(&again, out.data, out.len - 1, &june, &err);
	require(good || err.kind == RW_DATA);
	require(strcmp(rw_record_error_tool(&again), "rw-put") == 0);
	require(strcmp(rw_record_error_message(&again), "no\n") == 0);
	require(rw_record_may_be_mailed(&again));
	rw_buf_free(&out);
	rw_record_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rw_period june = {2025, 6};
	struct rw_record record = {0};
	struct rw_err err = {0};
	bool good = rw_record_parse(&record, (const char *)data, size, &june,
		&err);

	fuzz_outcome(good, &err);
	require(good || err.kind == RW_DATA || err.kind == RW_UNREADABLE);
	require(!good || rw_record_is_id(record.follower_id));
	if (good || err.kind == RW_DATA) {
		read_members(&record);
		pass_on(&record);
	}
	rw_record_free(&record);
	return 0;
}
