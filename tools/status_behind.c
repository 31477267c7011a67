#include "status_behind.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "ledger/run_history.h"
#include "look_back.h"
#include "record/record.h"
#include "wire/config.h"

enum { MAX_LINE = 1 << 30 };

struct month {
	char period[RW_PERIOD_SIZE];
	uint64_t failed, in_doubt, claimed, entries;
	bool has_run, is_finished;
	/* Finished shards, "1/4", each once. */
	char (*shards)[24];
	size_t shard_count;
};

struct behind {
	struct month months[RW_LOOK_BACK_MOST];	/* the newest first */
	size_t n;
	char (*own)[RW_PERIOD_SIZE];
	size_t own_count;
	char oldest[RW_PERIOD_SIZE];	/* that the ledger knows; "": none */
};

/* ---- the months of the run -------------------------------------------------- */

static bool
is_own(const struct behind *b, const char *period)
{
	size_t i;

	for (i = 0; i < b->own_count; i++)
		if (strcmp(b->own[i], period) == 0)
			return true;
	return false;
}

/* Want of memory ends the process (base/memory.c). */
static void
add_own(struct behind *b, const char *period)
{
	if (is_own(b, period))
		return;
	b->own = reallocarray(b->own, b->own_count + 1, sizeof *b->own);
	snprintf(b->own[b->own_count++], RW_PERIOD_SIZE, "%s", period);
}

static bool
read_own(struct behind *b, const char *path, struct rw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct rw_record record = {0};
	char period[RW_PERIOD_SIZE];
	struct rw_reader reader;
	struct rw_err ignored;
	enum rw_read got;
	const char *text;
	size_t len;

	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	rw_reader_init(&reader, fd, MAX_LINE);
	while ((got = rw_reader_next(&reader, true, &text, &len)) ==
	    RW_READ_LINE || got == RW_READ_LONG) {
		if (got == RW_READ_LONG || !rw_record_parse(&record, text, len,
		    NULL, &ignored) || record.period.year == 0)
			continue;
		rw_period_text(period, record.period);
		add_own(b, period);
	}
	if (got != RW_READ_END)
		rw_fail_errno(err, RW_IO, "cannot read %s", path);
	rw_record_free(&record);
	rw_reader_free(&reader);
	close(fd);
	return got == RW_READ_END;
}

/* The newest of the run's own. */
static bool
find_newest(struct behind *b, const char *period, struct rw_period *newest,
	struct rw_err *err)
{
	const char *zone = rw_config_text("MARKET_CLOSE_TIMEZONE",
		"America/New_York");
	char text[RW_PERIOD_SIZE];
	const char *last;
	size_t i;

	if (b->own_count == 0 && period != NULL)
		add_own(b, period);
	if (b->own_count == 0) {
		if (!rw_period_last(rw_clock_now_ms() / 1000, zone, newest,
		    err))
			return false;
		rw_period_text(text, *newest);
		add_own(b, text);
	}
	for (last = b->own[0], i = 1; i < b->own_count; i++)
		if (strcmp(b->own[i], last) > 0)
			last = b->own[i];
	return rw_period_parse(last, newest, err);
}

static bool
choose_months(struct behind *b, const char *file, const char *period,
	struct rw_err *err)
{
	struct rw_period at;
	uint64_t count, i;
	char text[RW_PERIOD_SIZE];

	if (!rw_look_back_read(&count, err) ||
	    !read_own(b, file, err) || !find_newest(b, period, &at, err))
		return false;
	for (i = 0; i < count; i++) {
		at = at.month == 1 ? (struct rw_period){at.year - 1, 12} :
			(struct rw_period){at.year, at.month - 1};
		rw_period_text(text, at);
		if (!is_own(b, text))
			strcpy(b->months[b->n++].period, text);
	}
	return true;
}

/* ---- asking the ledger ------------------------------------------------------- */

static bool
count_state(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	enum rw_state state = rw_entry_state(entry);
	struct month *month = context;

	(void)err;
	month->entries++;
	month->failed += state == RW_STATE_FAILED;
	month->in_doubt += state == RW_STATE_IN_DOUBT;
	month->claimed += state == RW_STATE_CLAIMED;
	return true;
}

static void
add_shard(struct month *month, const char *shard)
{
	size_t i;

	for (i = 0; i < month->shard_count; i++)
		if (strcmp(month->shards[i], shard) == 0)
			return;
	month->shards = reallocarray(month->shards, month->shard_count + 1,
		sizeof *month->shards);
	snprintf(month->shards[month->shard_count++], sizeof *month->shards,
		"%s", shard);
}

static bool
note_run(void *context, const struct rw_ledger_run *run, struct rw_err *err)
{
	struct month *month = context;

	(void)err;
	month->has_run = true;
	if (!run->is_finished || !run->is_whole)
		return true;
	if (run->shard == NULL)
		month->is_finished = true;
	else
		add_shard(month, run->shard);
	return true;
}

/* Whether all of 1/N to N/N have. */
static bool
have_all_finished(const struct month *month)
{
	uint64_t n, same;
	size_t i, k;

	for (i = 0; i < month->shard_count; i++) {
		const char *of = strchr(month->shards[i], '/');

		if (of == NULL || !rw_text_to_u64(of + 1, UINT32_MAX, &n))
			continue;
		for (same = 0, k = 0; k < month->shard_count; k++) {
			const char *other = strchr(month->shards[k], '/');

			same += other != NULL && strcmp(other, of) == 0;
		}
		if (same >= n)
			return true;
	}
	return false;
}

static bool
note_oldest(void *context, const struct rw_ledger_run *run, struct rw_err *err)
{
	struct behind *b = context;

	(void)err;
	if (run->period != NULL && (b->oldest[0] == '\0' ||
	    strcmp(run->period, b->oldest) < 0))
		snprintf(b->oldest, sizeof b->oldest, "%s", run->period);
	return true;
}

static bool
ask_ledger(struct behind *b, struct rw_ledger *ledger, struct rw_err *err)
{
	struct month *month;

	if (!rw_ledger_oldest(ledger, b->oldest, err) ||
	    !rw_ledger_each_run(ledger, NULL, NULL, note_oldest, b, err))
		return false;
	for (month = b->months; month < b->months + b->n; month++) {
		const struct rw_ledger_query query = {.period = month->period};

		if (!rw_ledger_each(ledger, &query, count_state, month, err) ||
		    !rw_ledger_each_run(ledger, NULL, month->period, note_run,
		    month, err))
			return false;
		/* What was sent by hand, or by an earlier release, has no run
		 * in the history; before the first month there was none. */
		if (have_all_finished(month) || (!month->has_run &&
		    month->entries > 0) || b->oldest[0] == '\0' ||
		    strcmp(month->period, b->oldest) < 0)
			month->is_finished = true;
	}
	return true;
}

static bool
is_behind(const struct month *month)
{
	return !month->is_finished || month->failed > 0 ||
		month->in_doubt > 0 || month->claimed > 0;
}

/* ---- showing ------------------------------------------------------------------ */

static void
add_count(struct rw_buf *out, const char **comma, uint64_t n,
	const char *what)
{
	if (n == 0)
		return;
	rw_buf_addf(out, "%s%" PRIu64 " %s", *comma, n, what);
	*comma = ", ";
}

static void
add_words(struct rw_buf *out, const struct behind *b)
{
	const char *before = "", *comma;
	size_t i;

	for (i = 0; i < b->n; i++) {
		const struct month *month = &b->months[i];

		if (!is_behind(month))
			continue;
		rw_buf_addf(out, "%s%s: ", before, month->period);
		before = "; ";
		comma = "";
		add_count(out, &comma, month->failed, "failed");
		add_count(out, &comma, month->in_doubt, "in doubt");
		add_count(out, &comma, month->claimed, "claimed");
		if (!month->is_finished)
			rw_buf_addf(out, "%sno finished run", comma);
	}
}

static void
add_json(struct rw_buf *out, const struct behind *b)
{
	const char *comma = "[";
	size_t i;

	for (i = 0; i < b->n; i++) {
		const struct month *month = &b->months[i];

		if (!is_behind(month))
			continue;
		rw_buf_addf(out, "%s{\"period\":\"%s\",\"failed\":%" PRIu64
			",\"in_doubt\":%" PRIu64 ",\"claimed\":%" PRIu64
			",\"finished\":%s}", comma, month->period,
			month->failed, month->in_doubt, month->claimed,
			month->is_finished ? "true" : "false");
		comma = ",";
	}
	rw_buf_adds(out, *comma == '[' ? "[]" : "]");
}

/* The words have digits, letters, commas and colons only. */
static void
add_shell(struct rw_buf *out, const struct behind *b)
{
	uint64_t failed = 0, in_doubt = 0, claimed = 0, unfinished = 0;
	size_t i;

	for (i = 0; i < b->n; i++) {
		failed += b->months[i].failed;
		in_doubt += b->months[i].in_doubt;
		claimed += b->months[i].claimed;
		unfinished += !b->months[i].is_finished;
	}
	rw_buf_adds(out, "behind='");
	add_json(out, b);
	rw_buf_adds(out, "'\nbehind_words='");
	add_words(out, b);
	rw_buf_addf(out, "'\nbehind_failed=%" PRIu64 "\nbehind_in_doubt=%"
		PRIu64 "\nbehind_claimed=%" PRIu64 "\nbehind_months=%" PRIu64
		"\n", failed, in_doubt, claimed, unfinished);
}

bool
rw_behind_add(struct rw_buf *out, struct rw_ledger *ledger, const char *file,
	const char *period, enum rw_behind_format format, struct rw_err *err)
{
	struct behind b = {.n = 0};
	bool good = choose_months(&b, file, period, err) &&
		ask_ledger(&b, ledger, err);
	size_t i, before = out->len;

	if (good && format == RW_BEHIND_SHELL)
		add_shell(out, &b);
	else if (good && format == RW_BEHIND_JSON)
		add_json(out, &b);
	else if (good)
		add_words(out, &b);
	if (out->len > before && format != RW_BEHIND_SHELL)
		rw_buf_addc(out, '\n');
	for (i = 0; i < b.n; i++)
		free(b.months[i].shards);
	free(b.own);
	return good;
}
