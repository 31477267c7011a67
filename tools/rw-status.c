/*
 * rw-status: queries the ledger. Prints entries as a table or as lines, and the
 * counts of a run, from which every summary is made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli.h"
#include "status_behind.h"
#include "status_entry.h"
#include "status_follower.h"
#include "status_runs.h"
#include "wire/config.h"
#include "ledger/ledger.h"
#include "ledger/status.h"

/* To people. Programs that read JSON may take standard error with it. */
#define NEWEST "this is the newest month, %s; --period selects another " \
	"month, --all shows all months"

struct status {
	bool failed, unsent, in_doubt, expired, bounced, all, runs;
	bool json, prom, brief, shell, quiet;
	const char *expiring, *period, *run_id, *behind;
	struct rw_status_view view;
	char newest[RW_PERIOD_SIZE];
	struct rw_list followers;
	int64_t now, until;		/* the range of --expired and
					 * --expiring */
	struct rw_ledger *ledger;
	struct rw_line line;
	struct rw_buf out;
	bool header_shown;	/* of the table */
	uint64_t shown;		/* entries, runs, or lines of a history */
};

/* ---- choosing ---------------------------------------------------------- */

static bool
has_states(const struct status *s)
{
	return s->failed || s->unsent || s->in_doubt || s->expired || s->bounced ||
		s->expiring != NULL;
}

static bool
is_wanted(const struct status *s, const struct rw_entry *entry)
{
	enum rw_state state = rw_entry_state(entry);
	int64_t end = rw_status_links_end(entry);

	if (!has_states(s))
		return true;
	return (s->failed && state == RW_STATE_FAILED) ||
		(s->unsent && state != RW_STATE_SENT) ||
		(s->in_doubt && state == RW_STATE_IN_DOUBT) ||
		(s->bounced && rw_entry_has(entry, RW_F_BOUNCED_AT)) ||
		(s->expired && end >= 0 && end <= s->now) ||
		(s->expiring != NULL && end > s->now && end <= s->until);
}

/* ---- showing ----------------------------------------------------------- */

static bool
write_out(struct status *s, const char *what, struct rw_err *err)
{
	return rw_buf_ok(&s->out, what, err) &&
		(fwrite(rw_buf_text(&s->out), 1, s->out.len, stdout) ==
		s->out.len || rw_fail_errno(err, RW_IO, "cannot write standard output"));
}

static bool
show_entry(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct status *s = context;

	if (!is_wanted(s, entry))
		return true;
	rw_buf_reset(&s->out);
	if (s->json) {
		rw_status_add_line(&s->out, entry, s->view.show_urls,
			&s->line);
	} else {
		if (!s->header_shown)
			rw_status_add_header(&s->out, false);
		s->header_shown = true;
		rw_status_add_row(&s->out, entry, &s->view);
	}
	s->shown++;
	return write_out(s, "an entry", err);
}

/* The digits and words of the counts need no further quoting. */
static void
add_shell(const struct rw_status_counts *counts, struct rw_buf *out)
{
	struct rw_buf line = {0};

	rw_status_line(counts, &line);
	rw_buf_addf(out, "counts='%.*s'\nattachments=%llu\n",
		(int)line.len - 1, rw_buf_text(&line),
		(unsigned long long)counts->n[RW_N_ATTACHMENTS]);
	rw_buf_free(&line);
}

/* A run of which the ledger knows nothing may be misspelt. */
static bool
check_run(struct status *s, const struct rw_ledger_query *query,
	struct rw_status_counts *counts, struct rw_err *err)
{
	bool has = true;

	return rw_status_count(counts, s->ledger, query, err) &&
		(s->run_id == NULL || !rw_status_is_unknown(counts) ||
		rw_status_has_run(s->ledger, s->run_id, &has, err)) &&
		(has || rw_fail(err, RW_DATA, "run %s is unknown to the "
		"ledger %s; rw-status --runs lists the runs", s->run_id,
		rw_ledger_name(s->ledger)));
}

static bool
show_counts(struct status *s, const struct rw_status_counts *counts,
	struct rw_err *err)
{
	rw_buf_reset(&s->out);
	if (s->prom)
		rw_status_prom(counts, &s->out);
	else if (s->json)
		rw_status_json(counts, &s->out);
	else if (s->brief)
		rw_status_line(counts, &s->out);
	else if (s->shell)
		add_shell(counts, &s->out);
	else
		rw_status_words(counts, &s->out);
	return write_out(s, "the counts", err);
}

static bool
show_table(struct status *s, const struct rw_ledger_query *query,
	struct rw_err *err)
{
	bool good;

	if (s->runs)
		good = rw_status_add_runs(&s->out, s->ledger, s->period,
			s->json, s->view.zone, err);
	else if (s->behind != NULL)
		good = rw_behind_add(&s->out, s->ledger, s->behind, s->period,
			s->json ? RW_BEHIND_JSON : s->shell ?
			RW_BEHIND_SHELL : RW_BEHIND_WORDS, err);
	else
		good = rw_status_add_history(&s->out, s->ledger, query,
			&s->view, err);
	s->shown += s->out.len;
	return good && write_out(s, "a table", err);
}

/* ---- the tool ---------------------------------------------------------- */

static bool
check_options(struct status *s, struct rw_err *err)
{
	struct rw_period period;
	uint64_t days = 0;
	char zone[RW_ZONE_TIME_SIZE];

	s->now = rw_clock_now_ms() / 1000;
	if (s->json + s->prom + s->brief + s->shell > 1)
		return rw_fail(err, RW_USAGE, "--json, --prom, --line "
			"and --shell exclude each other");
	s->view.zone = rw_config_text("MARKET_CLOSE_TIMEZONE",
		"America/New_York");
	if (!rw_zone_time(zone, s->now, s->view.zone, err))
		return false;
	if ((s->runs || s->behind != NULL) && (has_states(s) || s->prom ||
	    s->brief || s->run_id != NULL || s->followers.count > 0 ||
	    s->all || (s->runs && (s->behind != NULL || s->shell))))
		return rw_fail(err, RW_USAGE, "--runs and --behind exclude the "
			"options that select entries, and each other");
	if (s->all && s->period != NULL)
		return rw_fail(err, RW_USAGE, "--all excludes --period");
	if ((s->prom || s->brief || s->shell) && has_states(s))
		return rw_fail(err, RW_USAGE, "--prom, --line and --shell "
			"count all outcomes: remove the options that "
			"select entries");
	if (s->expiring != NULL &&
	    !rw_text_to_u64(s->expiring, 3650, &days))
		return rw_fail(err, RW_USAGE, "--expiring is \"%.40s\": "
			"expected a number of days", s->expiring);
	s->until = s->now + (int64_t)days * 86400;
	if (s->period != NULL && !rw_period_parse(s->period, &period, err)) {
		err->kind = RW_USAGE;
		return rw_err_prefix(err, "--period");
	}
	return true;
}

/* Without any choice, the newest month is shown. */
static bool
choose_month(struct status *s, struct rw_err *err)
{
	if (s->period != NULL || s->run_id != NULL || s->all || s->prom ||
	    s->brief || s->shell || s->followers.count > 0 || has_states(s))
		return true;
	if (!rw_ledger_newest(s->ledger, s->newest, err))
		return false;
	if (s->newest[0] == '\0')
		return true;
	s->period = s->newest;
	if (s->json)
		rw_say(RW_NOTICE, NEWEST, s->period);
	else if (!s->quiet)
		fprintf(stderr, "rw-status: " NEWEST "\n", s->period);
	return true;
}

/* A table of one follower has the history of that follower. */
static bool
is_history(const struct status *s)
{
	return s->followers.count == 1 && !s->json && !has_states(s) &&
		s->run_id == NULL;
}

static bool
answer_query(struct status *s, struct rw_err *err)
{
	struct rw_status_counts counts = {.run_id = s->run_id};
	struct rw_ledger_query query = {.run_id = s->run_id,
		.followers = s->followers.items,
		.follower_count = s->followers.count};
	bool counts_only = s->prom || s->brief || s->shell;

	if (s->runs || s->behind != NULL)
		return show_table(s, &query, err);
	if (!choose_month(s, err))
		return false;
	query.period = s->period;
	if ((counts_only || s->run_id != NULL) &&
	    !check_run(s, &query, &counts, err))
		return false;
	if (counts_only || (s->run_id != NULL && !has_states(s)))
		return show_counts(s, &counts, err);
	s->view.is_history = is_history(s);
	return s->view.is_history ? show_table(s, &query, err) :
		rw_ledger_each(s->ledger, &query, show_entry, s, err);
}

/* Nothing at all may look like a failure, to people. */
static void
tell_empty(const struct status *s)
{
	if (s->shown == 0 && s->behind == NULL && !s->json && !s->prom &&
	    !s->brief && !s->shell && (s->run_id == NULL || has_states(s)) &&
	    isatty(STDOUT_FILENO))
		printf("the ledger has no such %s\n", s->runs ? "run" :
			"entry");
}

static bool
run_status(struct status *s, const struct rw_common *common, struct rw_err *err)
{
	/* Reading the ledger requires no identity. */
	const struct rw_self nobody = {0};
	struct rw_err old;
	bool good;

	s->quiet = common->quiet;
	if (!check_options(s, err))
		return false;
	good = rw_ledger_open(&s->ledger, RW_LEDGER_READ, &nobody, false, err);
	if (good && !rw_ledger_is_current(s->ledger, &old))
		rw_say(RW_WARNING, "%s", old.message);
	if (good && common->check)
		printf("the ledger is %s\n", rw_ledger_name(s->ledger));
	else if (good)
		good = answer_query(s, err);
	if (good && !common->check && !common->quiet)
		tell_empty(s);
	rw_ledger_close(s->ledger);
	rw_line_free(&s->line);
	rw_buf_free(&s->out);
	return good;
}

int
main(int argc, char **argv)
{
	struct status s = {0};
	const struct rw_option options[] = {
		{"period", RW_OPTION_TEXT, &s.period, "YYYY-MM",
			"only entries of this month"},
		{"follower", RW_OPTION_LIST, &s.followers, "ID",
			"entries of this follower (may be given again)"},
		{"run", RW_OPTION_TEXT, &s.run_id, "ID",
			"the counts of a run, or its entries"},
		{"failed", RW_OPTION_FLAG, &s.failed, NULL,
			"entries that will be tried again"},
		{"unsent", RW_OPTION_FLAG, &s.unsent, NULL,
			"entries in any state but sent"},
		{"in-doubt", RW_OPTION_FLAG, &s.in_doubt, NULL,
			"entries whose mail may or may not have been sent"},
		{"bounced", RW_OPTION_FLAG, &s.bounced, NULL,
			"entries whose mail bounced"},
		{"expired", RW_OPTION_FLAG, &s.expired, NULL,
			"entries whose links have expired"},
		{"expiring", RW_OPTION_TEXT, &s.expiring, "DAYS",
			"entries whose links expire within DAYS days"},
		{"all", RW_OPTION_FLAG, &s.all, NULL,
			"entries of all months, not only of the newest"},
		{"runs", RW_OPTION_FLAG, &s.runs, NULL,
			"the history of runs, one line for each run"},
		{"behind", RW_OPTION_TEXT, &s.behind, "FILE",
			"the months before those of the lines in FILE that "
			"are not complete"},
		{"json", RW_OPTION_FLAG, &s.json, NULL,
			"JSON lines, for rw-report --select - and others"},
		{"prom", RW_OPTION_FLAG, &s.prom, NULL,
			"the counts as Prometheus text"},
		{"line", RW_OPTION_FLAG, &s.brief, NULL,
			"the counts that are not 0, in one line"},
		{"shell", RW_OPTION_FLAG, &s.shell, NULL,
			"the counts as shell assignments, for rw-report"},
		{"show-urls", RW_OPTION_FLAG, &s.view.show_urls, NULL,
			"the signed links too: anyone who sees them can use them"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-status",
		.purpose = "Shows what the ledger knows.",
		.options = options, .server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;
	bool good;

	rw_cli_start(&cli, &common, argc, argv);
	good = run_status(&s, &common, &err);
	free(s.followers.items);
	if (!good)
		return rw_cli_fail(&err);
	worst = rw_cli_close_stdout();
	return rw_cli_finish(worst);
}
