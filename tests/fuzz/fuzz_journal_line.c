/*
 * Any bytes as a line of a journal, or of the file of a run; and any members as
 * a line that is written. A line that is read is the one that would be written.
 */
#include "fuzz.h"

#include "journal/line.h"
#include "wire/json.h"

static const char name[] = "r1.12.34.j01234567.jsonl";

static void
read_line(const char *text, size_t len)
{
	struct rw_journal_line line;
	struct rw_journal_head head;
	struct rw_buf again = {0};

	if (!rw_journal_line_parse(&line, name, text, len))
		return;
	require(line.members >= text && line.members + line.len <= text + len);
	if (line.kind == RW_JOURNAL_OPEN &&
	    rw_journal_head_parse(&head, &line))
		require(memchr(head.boot_id, '\0', sizeof head.boot_id) !=
			NULL);
	if (line.n != 0) {
		rw_journal_line_add(&again, name, line.kind, line.n,
			line.members, line.len);
		require(again.len == len + 1);
		require(memcmp(again.data, text, len) == 0);
	}
	rw_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	enum rw_journal_kind kind = fuzz_byte(&input) % 6;
	struct rw_journal_line line;
	struct rw_buf out = {0}, members = {0};
	uint64_t n = fuzz_byte(&input) + 1U;

	read_line((const char *)input.data, input.size);
	rw_buf_add(&members, input.data, input.size);
	rw_buf_addc(&members, '}');
	rw_journal_line_add(&out, name, kind, n, members.data, members.len);
	require(out.len > 0 && out.data[out.len - 1] == '\n');
	if (rw_journal_line_parse(&line, name, out.data, out.len - 1)) {
		require(line.kind == kind && line.n == n);
		require(line.len == members.len && memcmp(line.members,
			members.data, members.len) == 0);
		read_line(out.data, out.len - 1);
	}
	require(!rw_journal_line_parse(&line, "r2.1.1.j01234567.jsonl",
		out.data, out.len - 1));
	rw_buf_free(&members);
	rw_buf_free(&out);
	return 0;
}
