/*
 * A journal whose lines the input gives, as it was written and with bytes
 * changed or cut off. Whole, it gives each outcome; cut, the first ones of them;
 * changed, never one that was not written.
 */
#include "fuzz.h"

#include "journal/lines_priv.h"

static const char name[] = "r1.12.34.j01234567.jsonl";

enum { LINES = 40 };

struct written {
	struct rw_buf file;
	enum rw_outcome outcomes[LINES];
	size_t count;
};

static void
add_line(struct written *written, enum rw_journal_kind kind, size_t i)
{
	struct rw_buf members = {0};

	rw_buf_addf(&members, "\"follower_id\":\"f-%zu\",\"report_period\":"
		"\"2025-06\",\"claim\":\"%016zx\"}", i, i);
	rw_journal_line_add(&written->file, name, kind, i + 2,
		rw_buf_text(&members), members.len);
	rw_buf_free(&members);
}

static void
write_journal(struct written *written, struct fuzz_input *input)
{
	struct rw_journal_head head = {.boot_id = "", .inode = 7,
		.lease_until = 1700000000, .lines = 1};
	size_t i, lines = fuzz_byte(input) % LINES;

	rw_journal_head_add(&written->file, name, "host", &head);
	for (i = 0; i < lines; i++) {
		unsigned kind = fuzz_byte(input) % 3;

		written->outcomes[written->count++] = kind == 0 ? RW_SENT :
			kind == 1 ? RW_FAILED : RW_DOUBTFUL;
		add_line(written, kind == 0 ? RW_JOURNAL_SENT : kind == 1 ?
			RW_JOURNAL_FAILED : RW_JOURNAL_IN_DOUBT, i);
	}
}

static size_t
number_of(const struct rw_record *record)
{
	uint64_t number = 0;

	require(strncmp(record->follower_id, "f-", 2) == 0);
	require(rw_text_to_u64(record->follower_id + 2, LINES, &number));
	return (size_t)number;
}

/* Returns how many outcomes were read; they are the first that were written.
 * *good: to the end. */
static size_t
read_journal(const char *bytes, size_t len, const struct written *written,
	bool *good)
{
	struct rw_journal_lines lines;
	struct rw_record record = {0};
	struct rw_err err = {0};
	enum rw_outcome outcome;
	char path[32];
	size_t count = 0;
	bool found = true;

	rw_journal_lines_open(&lines, fuzz_file(bytes, len, path), name);
	*good = rw_journal_lines_head(&lines, &err);
	while (*good && found) {
		*good = rw_journal_lines_next(&lines, &record, &outcome,
			&found, &err);
		if (!*good || !found)
			break;
		require(count < written->count && number_of(&record) == count);
		require(outcome == written->outcomes[count]);
		count++;
	}
	fuzz_outcome(*good, &err);
	rw_record_free(&record);
	rw_journal_lines_close(&lines);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct written written = {0};
	size_t at, read;
	uint8_t change;
	bool good;

	write_journal(&written, &input);
	read = read_journal(written.file.data, written.file.len, &written,
		&good);
	require(good && read == written.count);
	at = fuzz_number(&input, 2) % (written.file.len + 1);
	read_journal(written.file.data, at, &written, &good);
	change = fuzz_byte(&input);
	if (at < written.file.len && change != 0) {
		written.file.data[at] = (char)((uint8_t)written.file.data[at] ^
			change);
		read = read_journal(written.file.data, written.file.len,
			&written, &good);
		/* A last line that is damaged may be one that a crash cut,
		 * and without the line feed before it, two are one. */
		require(!good || read + 2 >= written.count);
	}
	/* What somebody else wrote. */
	rw_buf_add(&written.file, input.data, input.size);
	read_journal(written.file.data, written.file.len, &written, &good);
	rw_buf_free(&written.file);
	return 0;
}
