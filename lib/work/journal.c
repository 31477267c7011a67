#include "work/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

/* What rw-mail may add to a record: its own members and an error. */
#define OUTCOME_EXTRA 8192
#define RESERVE_STEP ((size_t)256 * 1024)

static const char *const outcome_names[] = {
	[RW_SENT] = "sent",
	[RW_FAILED] = "failed",
	[RW_DOUBTFUL] = "in_doubt",
};

bool
rw_journal_dir(struct rw_buf *out, struct rw_err *err)
{
	if (!rw_file_state_dir(out, err))
		return false;
	rw_buf_adds(out, "/journal");
	return rw_buf_ok(out, "the journal's name", err);
}

bool
rw_journal_open(struct rw_journal *journal, const char *run_id,
	struct rw_err *err)
{
	if (run_id != NULL && !rw_record_is_id(run_id))
		return rw_fail(err, RW_CONFIG,
			"RW_RUN_ID is no name for a run");
	*journal = (struct rw_journal){
		.run = strdup(run_id != NULL ? run_id : "hand"), .fd = -1};
	if (journal->run == NULL)
		return rw_fail(err, RW_IO, "no memory for the journal");
	return true;
}

static bool
broken(struct rw_journal *journal, struct rw_err *err)
{
	journal->broken = true;
	return rw_fail(err, RW_IO, "the journal %s cannot be written",
		journal->path != NULL ? journal->path : "");
}

/* A reader may find the new file before it is locked, take it for a dead
 * one's and remove it: then another is made. */
static bool
make_file(struct rw_journal *journal, struct rw_err *err)
{
	struct stat st = {.st_nlink = 0};

	while (st.st_nlink == 0) {
		if (journal->fd >= 0)
			close(journal->fd);
		journal->fd = open(journal->path, O_WRONLY | O_CREAT |
			O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (journal->fd < 0)
			return rw_fail_errno(err, RW_IO, "cannot create %s",
				journal->path);
		while (flock(journal->fd, LOCK_EX) != 0)
			if (errno != EINTR)
				return rw_fail_errno(err, RW_IO,
					"cannot lock %s", journal->path);
		if (fstat(journal->fd, &st) != 0)
			return rw_fail_errno(err, RW_IO, "cannot read %s",
				journal->path);
	}
	return rw_file_sync_dir(journal->path, err);
}

static bool
need_file(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf path = {0};
	bool ok;

	if (journal->fd >= 0)
		return true;
	ok = rw_journal_dir(&path, err) &&
		rw_file_mkdirs(rw_buf_text(&path), err);
	if (ok) {
		rw_buf_addf(&path, "/%s.%ld.%lld.jsonl", journal->run,
			(long)getpid(), (long long)rw_clock_now_ms());
		journal->path = rw_buf_take(&path);
		ok = journal->path != NULL && make_file(journal, err);
	}
	rw_buf_free(&path);
	if (!ok)
		journal->broken = true;
	return ok;
}

/* File systems that cannot promise room are taken as they are. */
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

/* When nobody ever hears what came of it, these are what it may have told. */
static void
add_figures(struct rw_buf *out, const struct rw_record *record)
{
	static const char *const figures[] = {RW_M_CURRENCY, RW_M_TOTAL_PNL,
		RW_M_COMMISSION_PCT, RW_M_COMMISSION_AMOUNT,
		RW_M_HIGH_WATER_MARK_AFTER};
	struct rw_json value;
	size_t i;

	for (i = 0; i < sizeof figures / sizeof *figures; i++) {
		value = rw_line_get(&record->line, figures[i]);
		if (rw_json_type(value) == RW_JSON_STRING ||
		    rw_json_type(value) == RW_JSON_NUMBER)
			rw_buf_addf(out, ",\"%s\":%.*s", figures[i],
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
	rw_buf_addf(out, "{\"journal\":\"begin\",\"%s\":\"%s\",\"%s\":\"%s\","
		"\"%s\":", RW_M_FOLLOWER_ID, record->follower_id,
		RW_M_REPORT_PERIOD, period, RW_M_CLAIM);
	rw_text_add_json(out, claim);
	add_int(out, record, RW_M_REVISION, 1);
	add_int(out, record, RW_M_SEQUENCE, 0);
	rw_buf_addf(out, ",\"%s\":", RW_M_MESSAGE_ID);
	rw_text_add_json(out, message_id);
	add_figures(out, record);
	rw_buf_addf(out, ",\"time\":\"%s\"}\n", time);
}

bool
rw_journal_begin(struct rw_journal *journal, struct rw_record *record,
	const char *message_id, struct rw_err *err)
{
	struct rw_buf line = {0};
	bool ok;

	if (journal->broken)
		return broken(journal, err);
	add_begin(&line, record, message_id);
	ok = rw_buf_ok(&line, "a line of the journal", err) &&
		need_file(journal, err) &&
		reserve(journal, line.len + outcome_size(record), err);
	if (ok) {
		rw_buf_add(&journal->pending, line.data, line.len);
		journal->owed += outcome_size(record);
	}
	rw_buf_free(&line);
	return ok;
}

/* The record's own text follows as it is: what is read back is byte for byte
 * what rw-mail wrote. */
void
rw_journal_outcome(struct rw_journal *journal, const struct rw_record *record,
	enum rw_outcome outcome)
{
	struct rw_buf line = {0};
	const char *brace;

	rw_line_add_to(&record->line, &line);
	brace = line.data != NULL ? strchr(line.data, '{') : NULL;
	if (brace == NULL)
		journal->pending.failed = true;
	else
		rw_buf_addf(&journal->pending, "{\"journal\":\"%s\",%s",
			outcome_names[outcome], brace + 1);
	if (journal->owed >= outcome_size(record))
		journal->owed -= outcome_size(record);
	rw_buf_free(&line);
}

bool
rw_journal_sync(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf *pending = &journal->pending;

	if (journal->broken || !rw_buf_ok(pending, "the journal", NULL))
		return broken(journal, err);
	if (pending->len == 0)
		return true;
	if (!need_file(journal, err))
		return false;
	if (!rw_file_write_all(journal->fd, pending->data, pending->len,
	    journal->path, err)) {
		journal->broken = true;
		return false;
	}
	journal->syncs++;
	if (fdatasync(journal->fd) != 0) {
		journal->broken = true;
		return rw_fail_errno(err, RW_IO, "cannot sync %s",
			journal->path);
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
	free(journal->path);
	free(journal->run);
	*journal = (struct rw_journal){.fd = -1};
}
