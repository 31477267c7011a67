#include "status_runs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "ledger/run_history.h"
#include "ledger/status.h"
#include "status_entry.h"

struct past_runs {
	struct rw_ledger_run *runs;
	size_t n, room;
	struct rw_arena strings;
};

static const char *
keep(struct past_runs *past, const char *text)
{
	return text == NULL ? NULL : rw_arena_copy(&past->strings, text,
		strlen(text));
}

/* Want of memory ends the process (base/memory.c). */
static bool
take_run(void *context, const struct rw_ledger_run *run, struct rw_err *err)
{
	struct past_runs *past = context;
	struct rw_ledger_run *copy;

	(void)err;
	if (past->n == past->room) {
		past->room = past->room == 0 ? 64 : 2 * past->room;
		past->runs = reallocarray(past->runs, past->room,
			sizeof *past->runs);
	}
	copy = &past->runs[past->n++];
	*copy = *run;
	copy->run_id = keep(past, run->run_id);
	copy->host = keep(past, run->host);
	copy->period = keep(past, run->period);
	copy->shard = keep(past, run->shard);
	return true;
}

/* ---- a line ---------------------------------------------------------------- */

static void
add_run_text(struct rw_buf *out, const char *name, const char *text)
{
	rw_buf_addf(out, ",\"%s\":", name);
	if (text == NULL)
		rw_buf_adds(out, "null");
	else
		rw_text_add_json(out, text);
}

static void
add_moment(struct rw_buf *out, const char *name, int64_t seconds)
{
	char time[RW_RFC3339_SIZE];

	if (seconds > 0)
		rw_rfc3339(time, seconds);
	add_run_text(out, name, seconds > 0 ? time : NULL);
}

/* The members of the run's counts follow those of the run. */
static void
add_json(struct rw_buf *out, const struct rw_ledger_run *run,
	const struct rw_status_counts *counts)
{
	struct rw_buf all = {0};

	rw_status_json(counts, &all);
	rw_buf_addf(out, "%.*s", (int)all.len - 2, rw_buf_text(&all));
	add_run_text(out, "host", run->host);
	add_run_text(out, "period", run->period);
	add_run_text(out, "shard", run->shard);
	add_moment(out, "began_at", run->began_at);
	add_moment(out, "ended_at", run->ended_at);
	if (run->ended_at > 0)
		rw_buf_addf(out, ",\"status\":%" PRId64, run->status);
	else
		rw_buf_adds(out, ",\"status\":null");
	rw_buf_addf(out, ",\"finished\":%s}\n", run->is_finished ? "true" :
		"false");
	rw_buf_free(&all);
}

static void
add_run_row(struct rw_buf *out, const struct rw_ledger_run *run,
	const struct rw_status_counts *counts, const char *zone)
{
	char status[24] = "-";

	if (run->ended_at > 0)
		snprintf(status, sizeof status, "%" PRId64, run->status);
	rw_buf_addf(out, "%-32s", run->run_id);
	rw_status_add_time(out, run->began_at, zone);
	rw_status_add_time(out, run->ended_at, zone);
	rw_status_add_padded(out, run->host, 12);
	rw_buf_addf(out, "  %-7s  %-6s  %6s  ", run->period != NULL ?
		run->period : "several", run->shard != NULL ? run->shard :
		run->is_whole ? "all" : "some", status);
	rw_status_line(counts, out);
}

bool
rw_status_add_runs(struct rw_buf *out, struct rw_ledger *ledger,
	const char *period, bool json, const char *zone, struct rw_err *err)
{
	struct past_runs past = {0};
	struct rw_status_counts *counts = NULL;
	bool good = rw_ledger_each_run(ledger, NULL, period, take_run, &past,
		err);
	size_t i;

	counts = calloc(past.n + 1, sizeof *counts);
	for (i = 0; i < past.n; i++)
		counts[i].run_id = past.runs[i].run_id;
	good = good && rw_status_count_runs(counts, past.n, ledger, err);
	if (good && past.n > 0 && !json)
		rw_buf_addf(out, "%-32s  %-21s  %-21s  %-12s  %-7s  %-6s  %6s  "
			"REPORTS\n", "RUN", "BEGAN", "ENDED", "HOST", "MONTH", "OF",
			"STATUS");
	for (i = 0; good && i < past.n; i++)
		if (json)
			add_json(out, &past.runs[i], &counts[i]);
		else
			add_run_row(out, &past.runs[i], &counts[i], zone);
	free(counts);
	free(past.runs);
	rw_arena_free(&past.strings);
	return good;
}

static bool
note_found(void *context, const struct rw_ledger_run *run, struct rw_err *err)
{
	bool *has = context;

	(void)run;
	(void)err;
	*has = true;
	return true;
}

bool
rw_status_has_run(struct rw_ledger *ledger, const char *run_id, bool *has,
	struct rw_err *err)
{
	*has = false;
	return rw_ledger_each_run(ledger, run_id, NULL, note_found, has, err);
}
