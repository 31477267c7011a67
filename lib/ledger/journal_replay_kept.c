/*
 * Outcomes that were replayed from a journal are also written to the directory
 * of their run, runs/RUN_ID/folded: the journal is removed, and rw-record
 * --replay needs them.
 */
#include "ledger/journal_replay_priv.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "journal/line.h"

/* A journal's name is RUN.PID.TIME.jXXXXXXXX.jsonl, in release 1.0.0
 * RUN.PID.TIME.jsonl; RUN may contain dots. */
static size_t
run_length(const char *journal)
{
	size_t len = strlen(journal), dots = 0;
	size_t parts = rw_journal_is_checked(journal) ? 4 : 3;

	while (len > 0 && dots < parts)
		dots += journal[--len] == '.';
	return len;
}

static void
add_lines(struct rw_buf *out, const struct rw_ledger_item *items, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!items[i].known && items[i].fate != RW_FATE_NOT_DONE)
			rw_line_add_to(&items[i].record->line, out);
}

void
rw_journal_replay_keep(const struct rw_journal_replay *replay,
	const char *journal, size_t n)
{
	struct rw_buf path = {0}, lines = {0};
	struct rw_err ignored;
	int fd = -1;

	add_lines(&lines, replay->items, n);
	rw_buf_addf(&path, "%s/runs/%.*s/folded",
		replay->ledger->self->state_dir, (int)run_length(journal),
		journal);
	if (lines.len > 0)
		fd = open(rw_buf_text(&path), O_WRONLY | O_CREAT | O_APPEND |
			O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (fd >= 0) {
		if (rw_file_write_all(fd, rw_buf_text(&lines), lines.len,
		    rw_buf_text(&path), &ignored))
			(void)fdatasync(fd);
		close(fd);
	}
	rw_buf_free(&path);
	rw_buf_free(&lines);
}
