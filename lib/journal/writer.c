#include "journal/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "journal/writer_file_priv.h"
#include "record/mail_edition.h"
#include "record/members.h"

/* What rw-mail may add to a record: its own members and an error. */
#define OUTCOME_EXTRA 8192
#define RESERVE_STEP ((size_t)256 * 1024)

static const enum rw_journal_kind outcome_kinds[] = {
	[RW_SENT] = RW_JOURNAL_SENT,
	[RW_FAILED] = RW_JOURNAL_FAILED,
	[RW_DOUBTFUL] = RW_JOURNAL_IN_DOUBT,
};

bool
rw_journal_open(struct rw_journal *journal, const char *run_id,
	struct rw_err *err)
{
	if (run_id != NULL && !rw_record_is_id(run_id))
		return rw_fail(err, RW_CONFIG,
			"RW_RUN_ID is not a run's name");
	*journal = (struct rw_journal){
		.run = strdup(run_id != NULL ? run_id : "hand"), .fd = -1};
	if (journal->run == NULL)
		return rw_fail_memory(err, "the journal");
	return true;
}

static bool
broken(struct rw_journal *journal, struct rw_err *err)
{
	journal->broken = true;
	return rw_fail(err, RW_IO, "the journal %s cannot be written",
		journal->path != NULL ? journal->path : "");
}

/* File systems that cannot reserve space are accepted. */
static bool
reserve(struct rw_journal *journal, size_t need, struct rw_err *err)
{
	size_t end = journal->size + journal->pending.len + journal->owed +
		need;

	if (end <= journal->reserved)
		return true;
	end += RESERVE_STEP;
	if (fallocate(journal->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)end) != 0 &&
	    errno != EOPNOTSUPP && errno != ENOSYS)
		return rw_fail_errno(err, RW_IO, "no room for %s",
			journal->path);
	journal->reserved = end;
	return true;
}

static size_t
outcome_size(const struct rw_record *record)
{
	return record->line.text.len + OUTCOME_EXTRA;
}

static void
add_int(struct rw_buf *out, struct rw_record *record, const char *member,
	int64_t otherwise)
{
	int64_t value = otherwise;

	if (rw_record_optional_int(record, member, otherwise, &value, NULL))
		rw_buf_addf(out, ",\"%s\":%lld", member, (long long)value);
}

/* If the outcome remains unknown, these are the figures that the mail may have
 * contained. */
static void
add_figures(struct rw_buf *out, const struct rw_record *record)
{
	const struct rw_member *m = rw_record_members, *end;
	struct rw_json value;

	for (end = m + rw_record_member_count; m < end; m++) {
		if (m->kept != RW_KEPT_FIGURES)
			continue;
		value = rw_line_get(&record->line, m->name);
		if (rw_json_type(value) == RW_JSON_STRING ||
		    rw_json_type(value) == RW_JSON_NUMBER ||
		    rw_json_type(value) == RW_JSON_OBJECT)
			rw_buf_addf(out, ",\"%s\":%.*s", m->name,
				(int)value.len, value.text);
	}
}

static void
add_begin(struct rw_buf *out, struct rw_record *record,
	const char *message_id)
{
	char period[RW_PERIOD_SIZE], time[RW_RFC3339_SIZE];
	const char *claim = "";

	rw_record_optional_string(record, RW_M_CLAIM, "", &claim, NULL);
	rw_period_text(period, record->period);
	rw_rfc3339(time, rw_clock_now_ms() / 1000);
	rw_buf_addf(out, "\"%s\":\"%s\",\"%s\":\"%s\",\"%s\":",
		RW_M_FOLLOWER_ID, record->follower_id, RW_M_REPORT_PERIOD,
		period, RW_M_CLAIM);
	rw_text_add_json(out, claim);
	add_int(out, record, RW_M_REVISION, 1);
	add_int(out, record, RW_M_SEQUENCE, 0);
	add_int(out, record, RW_M_MAIL_EDITION, RW_MAIL_FIRST);
	rw_buf_addf(out, ",\"%s\":", RW_M_MESSAGE_ID);
	rw_text_add_json(out, message_id);
	add_figures(out, record);
	rw_buf_addf(out, ",\"time\":\"%s\"}", time);
}

static void
add_line(struct rw_journal *journal, enum rw_journal_kind kind,
	const char *members, size_t len)
{
	rw_journal_line_add(&journal->pending, rw_journal_own_name(journal),
		kind, ++journal->lines, members, len);
}

/* Other kernels use it to judge this writer. A claim without a lease ends
 * now. */
static void
extend_lease(struct rw_journal *journal, struct rw_record *record)
{
	int64_t end = rw_clock_now_ms() / 1000;
	struct rw_err ignored;
	bool found = false;

	if (!rw_record_optional_time(record, RW_M_LEDGER_LEASE_UNTIL, &found,
	    &end, &ignored) || !found)
		(void)rw_record_optional_time(record, RW_M_LEASE_UNTIL,
			&found, &end, &ignored);
	if (end > journal->head.lease_until)
		journal->head.lease_until = end;
}

bool
rw_journal_begin(struct rw_journal *journal, struct rw_record *record,
	const char *message_id, struct rw_err *err)
{
	struct rw_buf members = {0};
	bool ok;

	if (journal->broken)
		return broken(journal, err);
	add_begin(&members, record, message_id);
	ok = rw_buf_ok(&members, "a line of the journal", err) &&
		rw_journal_need_file(journal, err) &&
		rw_journal_need_name(journal, record, err) &&
		reserve(journal, members.len + outcome_size(record), err);
	if (ok) {
		extend_lease(journal, record);
		add_line(journal, RW_JOURNAL_BEGIN, members.data, members.len);
		journal->owed += outcome_size(record);
	}
	rw_buf_free(&members);
	return ok;
}

/* The text of the record follows unchanged: a reader gets exactly the bytes
 * that rw-mail wrote. */
void
rw_journal_outcome(struct rw_journal *journal, const struct rw_record *record,
	enum rw_outcome outcome)
{
	struct rw_buf line = {0};
	const char *brace;

	rw_line_add_to(&record->line, &line);
	brace = line.data != NULL && journal->fd >= 0 ?
		strchr(line.data, '{') : NULL;
	if (brace == NULL || line.failed)
		journal->pending.failed = true;
	else
		add_line(journal, outcome_kinds[outcome], brace + 1,
			line.len - (size_t)(brace + 1 - line.data) - 1);
	if (journal->owed >= outcome_size(record))
		journal->owed -= outcome_size(record);
	rw_buf_free(&line);
}

/* The first line must cover the leases of all later lines, and must not count
 * lines that are not on disk. */
static bool
write_pending(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf *pending = &journal->pending;
	struct stat st;

	if (!rw_journal_write_head(journal, err) ||
	    !rw_file_write_all(journal->fd, pending->data, pending->len,
	    journal->path, err))
		return false;
	journal->syncs++;
	if (fdatasync(journal->fd) != 0)
		return rw_fail_errno(err, RW_IO, "cannot sync %s",
			journal->path);
	if (fstat(journal->fd, &st) != 0 || st.st_nlink == 0)
		return rw_fail(err, RW_IO, "the journal %s was removed while "
			"it was in use", journal->path);
	journal->head.lines = journal->lines;
	return rw_journal_write_head(journal, err);
}

bool
rw_journal_sync(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf *pending = &journal->pending;

	if (journal->broken || !rw_buf_ok(pending, "the journal", NULL))
		return broken(journal, err);
	if (pending->len == 0)
		return true;
	if (!write_pending(journal, err)) {
		journal->broken = true;
		return false;
	}
	journal->size += pending->len;
	rw_buf_reset(pending);
	return true;
}

void
rw_journal_close(struct rw_journal *journal)
{
	if (journal->fd >= 0)
		close(journal->fd);
	rw_buf_free(&journal->pending);
	rw_buf_free(&journal->host);
	while (journal->run_count > 0)
		free(journal->runs[--journal->run_count]);
	free(journal->runs);
	free(journal->path);
	free(journal->run);
	*journal = (struct rw_journal){.fd = -1};
}
