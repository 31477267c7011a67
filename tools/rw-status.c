/*
 * rw-status: queries the ledger. Prints entries as a table or as lines, and the
 * counts of a run, from which every summary is made.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli.h"
#include "status_entry.h"
#include "ledger/ledger.h"
#include "ledger/status.h"

struct status {
	bool failed, unsent, in_doubt, expired, bounced;
	bool json, prom, brief, shell, show_urls;
	const char *expiring, *period, *run_id;
	struct rw_list followers;
	int64_t now, until;		/* the range of --expired and
					 * --expiring */
	struct rw_ledger *ledger;
	struct rw_line line;
	struct rw_buf out;
	bool header_shown;	/* of the table */
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
		(fwrite(s->out.data, 1, s->out.len, stdout) == s->out.len ||
		rw_fail_errno(err, RW_IO, "cannot write standard output"));
}

static bool
show_entry(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct status *s = context;

	if (!is_wanted(s, entry))
		return true;
	rw_buf_reset(&s->out);
	if (s->json) {
		rw_status_add_line(&s->out, entry, s->show_urls, &s->line);
	} else {
		if (!s->header_shown)
			rw_status_add_header(&s->out);
		s->header_shown = true;
		rw_status_add_row(&s->out, entry, s->show_urls);
	}
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

static bool
show_counts(struct status *s, const struct rw_ledger_query *query,
	struct rw_err *err)
{
	struct rw_status_counts counts = {.run_id = s->run_id};

	if (!rw_status_count(&counts, s->ledger, query, err))
		return false;
	rw_buf_reset(&s->out);
	if (s->prom)
		rw_status_prom(&counts, &s->out);
	else if (s->json)
		rw_status_json(&counts, &s->out);
	else if (s->brief)
		rw_status_line(&counts, &s->out);
	else if (s->shell)
		add_shell(&counts, &s->out);
	else
		rw_status_words(&counts, &s->out);
	return write_out(s, "the counts", err);
}

/* ---- the tool ---------------------------------------------------------- */

static bool
check_options(struct status *s, struct rw_err *err)
{
	struct rw_period period;
	uint64_t days = 0;

	s->now = rw_clock_now_ms() / 1000;
	if (s->json + s->prom + s->brief + s->shell > 1)
		return rw_fail(err, RW_USAGE, "--json, --prom, --line, "
			"--shell: one of them");
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

static bool
answer_query(struct status *s, struct rw_err *err)
{
	const struct rw_ledger_query query = {.period = s->period,
		.run_id = s->run_id, .followers = s->followers.items,
		.follower_count = s->followers.count};

	if (s->prom || s->brief || s->shell || (s->run_id != NULL && !has_states(s)))
		return show_counts(s, &query, err);
	return rw_ledger_each(s->ledger, &query, show_entry, s, err);
}

static bool
run_status(struct status *s, const struct rw_common *common, struct rw_err *err)
{
	/* Reading the ledger requires no identity. */
	const struct rw_self nobody = {0};
	struct rw_err old;
	bool good;

	if (!check_options(s, err))
		return false;
	good = rw_ledger_open(&s->ledger, RW_LEDGER_READ, &nobody, false, err);
	if (good && !rw_ledger_is_current(s->ledger, &old))
		rw_say(RW_WARNING, "%s", old.message);
	if (good && common->check)
		printf("the ledger is %s\n", rw_ledger_name(s->ledger));
	else if (good)
		good = answer_query(s, err);
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
			"entries of this month alone"},
		{"follower", RW_OPTION_LIST, &s.followers, "ID",
			"entries of this follower (may be given again)"},
		{"run", RW_OPTION_TEXT, &s.run_id, "ID",
			"what became of a run: its counts, or its entries"},
		{"failed", RW_OPTION_FLAG, &s.failed, NULL,
			"entries that will be tried again"},
		{"unsent", RW_OPTION_FLAG, &s.unsent, NULL,
			"entries in any state but sent"},
		{"in-doubt", RW_OPTION_FLAG, &s.in_doubt, NULL,
			"entries whose mail may or may not have been sent"},
		{"bounced", RW_OPTION_FLAG, &s.bounced, NULL,
			"entries whose mail came back"},
		{"expired", RW_OPTION_FLAG, &s.expired, NULL,
			"entries whose links have ended"},
		{"expiring", RW_OPTION_TEXT, &s.expiring, "DAYS",
			"entries whose links end within so many days"},
		{"json", RW_OPTION_FLAG, &s.json, NULL,
			"JSON lines, for rw-report --select - and others"},
		{"prom", RW_OPTION_FLAG, &s.prom, NULL,
			"the counts as Prometheus text"},
		{"line", RW_OPTION_FLAG, &s.brief, NULL,
			"the counts that are not 0, in one line"},
		{"shell", RW_OPTION_FLAG, &s.shell, NULL,
			"the counts as shell assignments, for rw-report"},
		{"show-urls", RW_OPTION_FLAG, &s.show_urls, NULL,
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
