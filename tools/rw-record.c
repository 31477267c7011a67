/*
 * rw-record: the ledger of what was sent, as a filter in three places of the
 * pipeline, and the few things that are done to it by hand.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli.h"
#include "filter.h"
#include "record_words.h"
#include "wire/config.h"
#include "work/ledger.h"

/* Lines in one batch: bounds what a commit holds and what it costs to wait
 * for. RETRY_MS: how long a ledger that went away is left alone. */
enum { WINDOW = 500, RETRY_MS = 15000, LEASE_S = 3600 };

enum mode { NOTHING, LOOKUP, CLAIM, RESULT, RESOLVE };

struct record {
	enum mode mode;
	struct rw_terms terms;
	bool resolve_sent, dry_run;
	struct rw_self self;
	struct rw_ledger *ledger;
	size_t batch;		/* of so many at most */
	struct rw_job *jobs[WINDOW];
	struct rw_ledger_item items[WINDOW];
	size_t n;
	struct rw_record_tally tally;
	enum rw_kind worst;
	int64_t retry_at_ms;
};

struct words {
	const char *lookup, *in_doubt, *resolve, *run_id;
	bool init, is_lookup, is_claim, is_result;
};

/* ---- the filter -------------------------------------------------------- */

/* What an earlier tool found wrong says more than that it was not recorded. */
static void
fail(struct record *r, struct rw_job *job, const struct rw_err *err)
{
	if (!rw_record_has(&job->record, RW_M_ERROR)) {
		rw_job_fail(job, err);
		return;
	}
	rw_say(RW_ERROR, "%s: %s", rw_record_label(&job->record),
		err->message);
	r->worst = rw_kind_worse(r->worst, err->kind);
	rw_job_pass(job);
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct record *r = context;
	struct rw_err failure;

	(void)err;
	if ((r->mode == CLAIM || r->mode == RESULT) && !r->dry_run &&
	    !rw_record_is_real(&job->record, &failure)) {
		fail(r, job, &failure);
		return true;
	}
	r->items[r->n].record = &job->record;
	r->jobs[r->n++] = job;
	return true;
}

static bool
work(struct record *r, struct rw_err *err)
{
	switch (r->mode) {
	case LOOKUP:
		return rw_ledger_lookup(r->ledger, &r->terms, r->items, r->n,
			err);
	case CLAIM:
		return rw_ledger_claim(r->ledger, &r->terms, r->items, r->n,
			err);
	case RESULT:
		return rw_ledger_result(r->ledger, r->items, r->n, err);
	case RESOLVE:
		return rw_ledger_resolve(r->ledger, r->resolve_sent, r->items,
			r->n, err);
	case NOTHING:
		break;
	}
	return rw_fail(err, RW_BUG, "nothing to do");
}

static void
end_job(struct record *r, size_t i)
{
	enum rw_fate fate = r->items[i].fate;

	r->tally.fates[fate]++;
	if (fate == RW_FATE_NOT_DONE) {
		fail(r, r->jobs[i], &r->items[i].err);
	} else if (rw_fate_drops(fate)) {
		rw_period_text(r->tally.period, r->jobs[i]->record.period);
		rw_job_drop(r->jobs[i]);
	} else {
		rw_job_pass(r->jobs[i]);
	}
}

/* rw-mail must not be held up by a ledger that is away: its journal has the
 * outcomes, and the next --claim folds them in. */
static void
leave_to_journal(struct record *r, const struct rw_err *err)
{
	size_t i;

	if (err != NULL) {
		if (r->tally.not_written == 0)
			rw_say(RW_ERROR, "%s", err->message);
		r->worst = rw_kind_worse(r->worst, err->kind);
		r->retry_at_ms = rw_clock_monotonic_ms() + RETRY_MS;
	}
	r->tally.not_written += r->n;
	for (i = 0; i < r->n; i++)
		rw_job_drop(r->jobs[i]);
}

static bool
poll_batch(void *context, int input_fd, struct rw_err *err)
{
	struct record *r = context;
	struct rw_err failure;
	bool good = true;
	size_t i;

	(void)input_fd;
	r->tally.lines += r->n;
	if (r->mode == RESULT &&
	    rw_clock_monotonic_ms() < r->retry_at_ms) {
		leave_to_journal(r, NULL);
	} else if (work(r, &failure)) {
		for (i = 0; i < r->n; i++)
			end_job(r, i);
	} else if (r->mode == RESULT && failure.kind != RW_BUG) {
		leave_to_journal(r, &failure);
	} else {
		*err = failure;
		good = false;
	}
	r->n = 0;
	return good;
}

/* ---- the modes --------------------------------------------------------- */

static bool
fold(struct record *r, struct rw_err *err)
{
	struct rw_folded folded = {0};

	if (!rw_ledger_fold(r->ledger, &folded, err))
		return false;
	rw_record_explain_fold(&folded);
	return true;
}

static bool
count_rest(struct record *r, const struct rw_filter_counts *counts,
	struct rw_err *err)
{
	if (r->mode == RESOLVE)
		return true;
	rw_ledger_count(r->ledger, "unreadable", counts->unreadable);
	if (r->mode == RESULT)
		rw_ledger_count(r->ledger, "malformed", counts->malformed);
	return rw_ledger_flush(r->ledger, err);
}

static const char *const done_words[] = {[LOOKUP] = "passed on",
	[CLAIM] = "claimed", [RESULT] = "recorded", [RESOLVE] = "settled"};

static enum rw_kind
filter(struct record *r, const struct rw_common *common)
{
	const struct rw_filter filter = {.context = r,
		.window = r->batch,
		.takes_failed = true, .keeps_error = r->mode == RESULT,
		.drains = r->mode == RESULT, .begin = begin,
		.poll = poll_batch};
	struct rw_filter_counts counts;
	enum rw_kind worst;
	struct rw_err err;
	size_t i;

	r->dry_run = common->dry_run;
	r->tally.done = done_words[r->mode];
	if (r->mode == CLAIM && !fold(r, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		return err.kind;
	}
	worst = rw_filter_run(&filter, common, &counts);
	worst = rw_kind_worse(worst, r->worst);
	rw_record_explain(&r->tally, common->dry_run);
	rw_record_explain_later(&r->tally, rw_ledger_later(r->ledger));
	if (r->tally.not_written == 0 && rw_kind_worse(worst, RW_UNREACHABLE) ==
	    RW_UNREACHABLE && !count_rest(r, &counts, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		worst = rw_kind_worse(worst, err.kind);
	}
	for (i = 0; i < WINDOW; i++)
		rw_ledger_item_free(&r->items[i]);
	return worst;
}

static bool
choose(struct record *r, const struct words *words, bool check,
	struct rw_err *err)
{
	uint64_t lease = 0;
	int modes = words->init + words->is_lookup + words->is_claim +
		words->is_result + (words->resolve != NULL);

	if (modes > 1 || (modes == 0 && !check))
		return rw_fail(err, RW_USAGE, "expected one of --lookup, "
			"--claim, --result, --resolve, --init; see --help");
	if (r->terms.again && r->terms.revise)
		return rw_fail(err, RW_USAGE, "--again sends the same report, "
			"--revise a corrected one: not both");
	if (words->resolve != NULL && strcmp(words->resolve, "sent") != 0 &&
	    strcmp(words->resolve, "retry") != 0)
		return rw_fail(err, RW_USAGE, "--resolve is \"%.40s\": "
			"expected sent or retry", words->resolve);
	if (strcmp(words->in_doubt, "resend") != 0 &&
	    strcmp(words->in_doubt, "hold") != 0)
		return rw_fail(err, RW_USAGE, "--in-doubt is \"%.40s\": "
			"expected resend or hold", words->in_doubt);
	if (r->batch > WINDOW)
		return rw_fail(err, RW_USAGE, "--batch is %zu: expected 1 to "
			"%d", r->batch, WINDOW);
	if (!rw_config_seconds("RW_LEASE", LEASE_S, &lease, err))
		return false;
	r->terms.hold = strcmp(words->in_doubt, "hold") == 0;
	r->terms.lease_s = (int64_t)lease;
	r->resolve_sent = words->resolve != NULL &&
		strcmp(words->resolve, "sent") == 0;
	r->mode = words->is_lookup ? LOOKUP : words->is_claim ? CLAIM :
		words->is_result ? RESULT : words->resolve != NULL ? RESOLVE :
		NOTHING;
	return true;
}

/* What stops the whole pipeline lets rw-mail finish what it is sending; its
 * end is ours. */
static void
outlive_mail(void)
{
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
}

/* --result has rw-mail before it, which must not meet a closed pipe. */
static enum rw_kind
without_ledger(struct record *r, const struct rw_common *common,
	const struct rw_err *err)
{
	static char bytes[65536];

	rw_say(RW_ERROR, "%s", err->message);
	if (r->mode != RESULT || common->check)
		return err->kind;
	while (fread(bytes, 1, sizeof bytes, stdin) > 0)
		;
	rw_say(RW_ERROR, "the outcomes were not recorded; " RW_IN_JOURNAL);
	return err->kind;
}

static enum rw_kind
run(struct record *r, const struct words *words,
	const struct rw_common *common)
{
	enum rw_ledger_purpose purpose = words->init ? RW_LEDGER_CREATE :
		r->mode == LOOKUP ? RW_LEDGER_READ : RW_LEDGER_WRITE;
	enum rw_kind worst = RW_OK;
	struct rw_err err;

	if (common->check && words->init)
		purpose = RW_LEDGER_READ;
	if (r->mode == RESULT)
		outlive_mail();
	if (!rw_self_init(&r->self, words->run_id, &err))
		return without_ledger(r, common, &err);
	if (!rw_ledger_open(&r->ledger, purpose, &r->self, common->dry_run,
	    &err))
		worst = without_ledger(r, common, &err);
	else if (common->check) {
		printf("the ledger is %s\n", rw_ledger_name(r->ledger));
		worst = rw_cli_close_stdout();
	} else if (words->init)
		rw_say(RW_NOTICE, "the ledger is %s",
			rw_ledger_name(r->ledger));
	else
		worst = filter(r, common);
	rw_ledger_close(r->ledger);
	rw_self_free(&r->self);
	return worst;
}

int
main(int argc, char **argv)
{
	static struct record r = {.batch = WINDOW};
	struct words words = {.in_doubt = "resend"};
	const struct rw_option options[] = {
		{"lookup", RW_OPTION_FLAG, &words.is_lookup, NULL,
			"drop what was sent; bring back what is known"},
		{"claim", RW_OPTION_FLAG, &words.is_claim, NULL,
			"take each report for this run, before rw-mail"},
		{"result", RW_OPTION_FLAG, &words.is_result, NULL,
			"record what became of it, after rw-mail"},
		{"again", RW_OPTION_FLAG, &r.terms.again, NULL,
			"send what was sent once more"},
		{"revise", RW_OPTION_FLAG, &r.terms.revise, NULL,
			"send what was sent as a corrected, next revision"},
		{"in-doubt", RW_OPTION_TEXT, &words.in_doubt, "resend|hold",
			"what to do with what may have been sent"},
		{"batch", RW_OPTION_COUNT, &r.batch, "N",
			"write at most N reports at a time (500)"},
		{"run-id", RW_OPTION_TEXT, &words.run_id, "ID",
			"the run that this belongs to (RW_RUN_ID)"},
		{"resolve", RW_OPTION_TEXT, &words.resolve, "sent|retry",
			"settle the reports read that are in doubt"},
		{"init", RW_OPTION_FLAG, &words.init, NULL,
			"make a ledger where there is none"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-record",
		.purpose = "Keeps the ledger of what was sent.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	struct rw_err err;

	rw_cli_start(&cli, &common, argc, argv);
	if (!choose(&r, &words, common.check, &err))
		return rw_cli_fail(&err);
	return rw_cli_finish(run(&r, &words, &common));
}
