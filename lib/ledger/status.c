#include "ledger/status.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

static const struct {
	const char *name, *brief, *words;
} names[RW_N_COUNT] = {
	[RW_N_SENT] = {"sent", "sent", "sent"},
	[RW_N_LINKS] = {"links", "links", "  of those sent, with links"},
	[RW_N_ATTACHMENTS] = {"attachments", "attachments",
		"  of those sent, with attachments"},
	[RW_N_BOUNCED] = {"bounced", "bounced",
		"  of those sent, bounced"},
	[RW_N_FAILED] = {"failed", "failed", "failed, to be tried again"},
	[RW_N_IN_DOUBT] = {"in_doubt", "in doubt", "in doubt"},
	[RW_N_UNFINISHED] = {"unfinished", "unfinished",
		"claimed, without an outcome"},
	[RW_N_ALREADY_SENT] = {"already_sent", "sent before",
		"sent before, not sent again"},
	[RW_N_UNCHANGED] = {"unchanged", "unchanged",
		"unchanged, not revised"},
	[RW_N_CLAIMED_ELSEWHERE] = {"claimed_elsewhere", "claimed elsewhere",
		"claimed by another run"},
	[RW_N_HELD] = {"held", "held", "in doubt and held back"},
	[RW_N_DUPLICATE] = {"duplicate", "duplicate", "duplicates in the input"},
	[RW_N_RESENT] = {"resent", "resent", "were in doubt, sent again"},
	[RW_N_REHEARSED] = {"rehearsed", "rehearsed",
		"rehearsed, entries as before"},
	[RW_N_NOT_DONE] = {"not_done", "not done", "refused by the ledger"},
	[RW_N_MALFORMED] = {"malformed", "malformed",
		"without an id or month of use"},
	[RW_N_UNREADABLE] = {"unreadable", "unreadable",
		"lines that cannot be read"},
};

/* ---- counting ---------------------------------------------------------- */

static bool
count_entry(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	static const enum rw_status_count by_state[] = {
		[RW_STATE_NONE] = RW_N_COUNT,
		[RW_STATE_CLAIMED] = RW_N_UNFINISHED,
		[RW_STATE_SENT] = RW_N_SENT,
		[RW_STATE_FAILED] = RW_N_FAILED,
		[RW_STATE_IN_DOUBT] = RW_N_IN_DOUBT,
	};
	struct rw_status_counts *counts = context;
	enum rw_state state = rw_entry_state(entry);
	const char *delivery = rw_entry_text(entry, RW_F_DELIVERY);
	int64_t updated_at = rw_entry_number(entry, RW_F_UPDATED_AT, 0);

	(void)err;
	if (state == RW_STATE_NONE)
		return true;
	counts->n[by_state[state]]++;
	if (state == RW_STATE_SENT && delivery != NULL)
		counts->n[strcmp(delivery, "links") == 0 ? RW_N_LINKS :
			RW_N_ATTACHMENTS]++;
	counts->n[RW_N_BOUNCED] += state == RW_STATE_SENT &&
		rw_entry_has(entry, RW_F_BOUNCED_AT);
	if (updated_at > counts->updated_at)
		counts->updated_at = updated_at;
	return true;
}

static void
add_count(void *context, const char *name, uint64_t lines)
{
	struct rw_status_counts *counts = context;
	int i;

	/* Counts as "failed" a sent report that could not be sent once more. */
	for (i = 0; i < RW_N_COUNT; i++)
		if (strcmp(names[i].name, name) == 0)
			counts->n[i] += lines;
}

bool
rw_status_count(struct rw_status_counts *counts, struct rw_ledger *ledger,
	const struct rw_ledger_query *query, struct rw_err *err)
{
	struct rw_ledger_query history = *query;

	history.history = true;
	if (!rw_ledger_each(ledger, query, count_entry, counts, err))
		return false;
	if (query->run_id == NULL)
		return true;
	return rw_ledger_each(ledger, &history, count_entry, counts, err) &&
		rw_ledger_each_count(ledger, query->run_id, add_count, counts,
		err);
}

/* ---- several runs ------------------------------------------------------ */

struct runs {
	struct rw_status_counts **by_id;
	size_t n;
};

static int
compare_runs(const void *a, const void *b)
{
	const struct rw_status_counts *const *x = a, *const *y = b;

	return strcmp((*x)->run_id, (*y)->run_id);
}

static int
compare_with_run(const void *id, const void *item)
{
	const struct rw_status_counts *const *counts = item;

	return strcmp(id, (*counts)->run_id);
}

static bool
count_for_run(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	const char *id = rw_entry_text(entry, RW_F_RUN_ID);
	struct runs *runs = context;
	struct rw_status_counts **found = id == NULL || runs->n == 0 ? NULL :
		bsearch(id, runs->by_id, runs->n, sizeof *runs->by_id,
		compare_with_run);

	return found == NULL || count_entry(*found, entry, err);
}

bool
rw_status_count_runs(struct rw_status_counts *counts, size_t n,
	struct rw_ledger *ledger, struct rw_err *err)
{
	const struct rw_ledger_query now = {0}, before = {.history = true};
	struct runs runs = {calloc(n + 1, sizeof *runs.by_id), n};
	bool good = true;
	size_t i;

	for (i = 0; i < n; i++)
		runs.by_id[i] = &counts[i];
	if (n > 0)
		qsort(runs.by_id, n, sizeof *runs.by_id, compare_runs);
	good = n == 0 || (rw_ledger_each(ledger, &now, count_for_run, &runs,
		err) && rw_ledger_each(ledger, &before, count_for_run, &runs,
		err));
	for (i = 0; good && i < n; i++)
		good = rw_ledger_each_count(ledger, counts[i].run_id,
			add_count, &counts[i], err);
	free(runs.by_id);
	return good;
}

/* ---- showing ----------------------------------------------------------- */

/* Without a run, only the entries are counted. */
static int
end_of(const struct rw_status_counts *counts)
{
	return counts->run_id != NULL ? RW_N_COUNT : RW_N_ALREADY_SENT;
}

void
rw_status_json(const struct rw_status_counts *counts, struct rw_buf *out)
{
	char time[RW_RFC3339_SIZE];
	int i;

	rw_buf_addc(out, '{');
	if (counts->run_id != NULL) {
		rw_buf_adds(out, "\"run_id\":");
		rw_text_add_json(out, counts->run_id);
		rw_buf_addc(out, ',');
	}
	if (counts->updated_at > 0) {
		rw_rfc3339(time, counts->updated_at);
		rw_buf_addf(out, "\"updated_at\":\"%s\",", time);
	}
	for (i = 0; i < end_of(counts); i++)
		rw_buf_addf(out, "%s\"%s\":%" PRIu64, i > 0 ? "," : "",
			names[i].name, counts->n[i]);
	rw_buf_adds(out, "}\n");
}

void
rw_status_prom(const struct rw_status_counts *counts, struct rw_buf *out)
{
	const char *metric = counts->run_id != NULL ?
		"report_worker_run_reports" : "report_worker_reports";
	int i;

	if (counts->run_id != NULL) {
		rw_buf_adds(out, "# HELP report_worker_run_info The run that "
			"the counts are of.\n"
			"# TYPE report_worker_run_info gauge\n"
			"report_worker_run_info{run_id=");
		/* Run ids have no quotes, backslashes or line ends. */
		rw_text_add_json(out, counts->run_id);
		rw_buf_adds(out, "} 1\n");
	}
	rw_buf_addf(out, "# HELP %s Reports by what became of them.\n"
		"# TYPE %s gauge\n", metric, metric);
	for (i = 0; i < end_of(counts); i++)
		if (i != RW_N_LINKS && i != RW_N_ATTACHMENTS &&
		    i != RW_N_BOUNCED)
			rw_buf_addf(out, "%s{outcome=\"%s\"} %" PRIu64 "\n",
				metric, names[i].name, counts->n[i]);
	rw_buf_addf(out, "# HELP %s_sent How the sent ones were delivered.\n"
		"# TYPE %s_sent gauge\n"
		"%s_sent{delivery=\"links\"} %" PRIu64 "\n"
		"%s_sent{delivery=\"attachments\"} %" PRIu64 "\n",
		metric, metric, metric, counts->n[RW_N_LINKS], metric,
		counts->n[RW_N_ATTACHMENTS]);
	/* report_worker_reports_bounced and report_worker_run_reports_bounced */
	rw_buf_addf(out, "# HELP %s_bounced Of those sent, how many bounced.\n"
		"# TYPE %s_bounced gauge\n%s_bounced %" PRIu64 "\n", metric,
		metric, metric, counts->n[RW_N_BOUNCED]);
	rw_buf_addf(out, "# HELP %s_updated_seconds When the ledger was "
		"written last, Unix time.\n# TYPE %s_updated_seconds gauge\n"
		"%s_updated_seconds %" PRId64 "\n", metric, metric, metric,
		counts->updated_at);
}

void
rw_status_line(const struct rw_status_counts *counts, struct rw_buf *out)
{
	const char *comma = "";
	int i;

	for (i = 0; i < end_of(counts); i++) {
		if (counts->n[i] == 0)
			continue;
		rw_buf_addf(out, "%s%" PRIu64 " %s", comma, counts->n[i],
			names[i].brief);
		comma = ", ";
	}
	rw_buf_adds(out, *comma == '\0' ? "0 sent\n" : "\n");
}

bool
rw_status_is_unknown(const struct rw_status_counts *counts)
{
	int i;

	for (i = 0; i < RW_N_COUNT; i++)
		if (counts->n[i] > 0)
			return false;
	return true;
}

void
rw_status_words(const struct rw_status_counts *counts, struct rw_buf *out)
{
	int i;

	if (counts->run_id != NULL)
		rw_buf_addf(out, "run %s\n", counts->run_id);
	for (i = 0; i < end_of(counts); i++)
		if (counts->n[i] > 0 || i == RW_N_SENT)
			rw_buf_addf(out, "%8" PRIu64 "  %s\n", counts->n[i],
				names[i].words);
}
