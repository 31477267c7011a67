/*
 * rw-record: keeps the ledger of what was sent, as a filter in three places of
 * the pipeline, and offers the operations that an operator does by hand.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli.h"
#include "record_filter.h"
#include "record_note.h"
#include "record_replay.h"
#include "record_resolve.h"
#include "record_words.h"
#include "stop.h"
#include "wire/config.h"
#include "ledger/ledger.h"
#include "record/change.h"

enum { LEASE_S = 3600 };

struct record {
	struct rw_record_work work;
	struct rw_self self;
	struct rw_ledger *ledger;
};

struct words {
	const char *in_doubt, *resolve, *replay, *note, *run_id;
	bool init, is_lookup, is_claim, is_result, is_free, is_audit, chosen,
		take_over;
};

/* Options that belong to another mode, or exclude each other. */
static bool
agree(const struct record *r, const struct words *words, struct rw_err *err)
{
	if (words->take_over && !words->is_lookup && !words->is_claim)
		return rw_fail(err, RW_USAGE, "--take-over is for --lookup and "
			"--claim");
	if (r->work.terms.again && r->work.terms.revise)
		return rw_fail(err, RW_USAGE, "--again sends the same report, "
			"--revise a corrected one: not both");
	if (r->work.elsewhere != NULL && !words->is_claim && !words->is_free)
		return rw_fail(err, RW_USAGE, "--elsewhere belongs to --claim "
			"and --free");
	if (r->work.names_left && !words->is_claim)
		return rw_fail(err, RW_USAGE, "--name-left belongs to "
			"--claim");
	if (r->work.unchanged != NULL && !words->is_audit)
		return rw_fail(err, RW_USAGE, "--unchanged belongs to "
			"--audit");
	if (words->chosen && !words->is_lookup)
		return rw_fail(err, RW_USAGE, "--chosen belongs to --lookup");
	if (strcmp(words->in_doubt, "resend") != 0 &&
	    strcmp(words->in_doubt, "hold") != 0)
		return rw_fail(err, RW_USAGE, "--in-doubt is \"%.40s\": "
			"expected resend or hold", words->in_doubt);
	return true;
}

static bool
read_record_settings(struct record *r, struct rw_err *err)
{
	uint64_t lease;
	int64_t change;

	if (!rw_config_seconds("RW_LEASE", LEASE_S, &lease, err) ||
	    !rw_change_read_setting(&change, err))
		return false;
	r->work.terms.lease_s = (int64_t)lease;
	r->work.terms.compares = change > 0;
	return true;
}

static bool
choose(struct record *r, const struct words *words, bool check,
	struct rw_err *err)
{
	int modes = words->init + words->is_lookup + words->is_claim +
		words->is_result + words->is_free + words->is_audit +
		(words->resolve != NULL) + (words->replay != NULL) +
		(words->note != NULL);

	if (modes > 1 || (modes == 0 && !check))
		return rw_fail(err, RW_USAGE, "expected one of --lookup, "
			"--claim, --result, --free, --audit, --resolve, "
			"--replay, --note-run, --init; see --help");
	if (!agree(r, words, err) || !rw_record_resolve_choose(&r->work,
	    words->resolve, err) || !read_record_settings(r, err))
		return false;
	r->work.terms.hold = strcmp(words->in_doubt, "hold") == 0;
	r->work.mode = words->is_lookup ? RW_RECORD_LOOKUP :
		words->is_claim ? RW_RECORD_CLAIM :
		words->is_result ? RW_RECORD_RESULT :
		words->is_free ? RW_RECORD_FREE :
		words->is_audit ? RW_RECORD_AUDIT :
		words->resolve != NULL ? RW_RECORD_RESOLVE :
		RW_RECORD_NOTHING;
	r->work.terms.shares = r->work.elsewhere != NULL;
	return true;
}

/* rw-mail writes to --result, and must not meet a closed pipe. */
static enum rw_kind
without_ledger(struct record *r, const struct rw_common *common,
	const struct rw_err *err)
{
	char bytes[65536];

	rw_say(RW_ERROR, "%s", err->message);
	if (r->work.mode != RW_RECORD_RESULT || common->check)
		return err->kind;
	while (fread(bytes, 1, sizeof bytes, stdin) > 0)
		;
	rw_say(RW_ERROR, "the outcomes were not recorded; " RW_IN_JOURNAL);
	return err->kind;
}

/* A rehearsal may use an older copy of the ledger. */
static bool
is_good(struct record *r, const struct words *words,
	const struct rw_common *common, struct rw_err *err)
{
	bool verifies = common->check || words->replay != NULL ||
		(words->is_lookup && !words->chosen);
	struct rw_err old;

	if (verifies && !rw_ledger_verify(r->ledger, err))
		return false;
	if ((common->check ? !words->init : r->work.mode == RW_RECORD_CLAIM) &&
	    !rw_ledger_prove(r->ledger, common->check, err))
		return false;
	if (words->init || (words->replay != NULL && !common->check) ||
	    rw_ledger_is_current(r->ledger, &old))
		return true;
	if (common->dry_run && !common->check) {
		rw_say(RW_WARNING, "%s", old.message);
		return true;
	}
	*err = old;
	return false;
}

static enum rw_kind
run_mode(struct record *r, const struct words *words,
	const struct rw_common *common)
{
	enum rw_ledger_purpose purpose = words->init ? RW_LEDGER_CREATE :
		r->work.mode == RW_RECORD_LOOKUP ||
		r->work.mode == RW_RECORD_FREE ||
		r->work.mode == RW_RECORD_AUDIT ? RW_LEDGER_READ :
		RW_LEDGER_WRITE;
	enum rw_kind worst = RW_OK;
	struct rw_err err;

	if (common->check && words->init)
		purpose = RW_LEDGER_READ;
	/* When a signal stops the whole pipeline, rw-mail finishes the mails
	 * that it is sending, and this tool ends after it. */
	if (r->work.mode == RW_RECORD_RESULT && !rw_stop_outlive(
	    "rw-record: error: stopped by a signal; what was not recorded is "
	    "in the journal of rw-mail\n", &err))
		return without_ledger(r, common, &err);
	if (!rw_self_init(&r->self, words->run_id, &err))
		return without_ledger(r, common, &err);
	if (!rw_ledger_open(&r->ledger, purpose, &r->self, common->dry_run,
	    &err) || !is_good(r, words, common, &err) ||
	    (words->take_over && !rw_ledger_take_over(r->ledger, &err)))
		worst = without_ledger(r, common, &err);
	else if (common->check) {
		printf("the ledger is %s\n", rw_ledger_name(r->ledger));
		worst = rw_cli_close_stdout();
	} else if (words->init) {
		rw_say(RW_NOTICE, "the ledger is %s",
			rw_ledger_name(r->ledger));
		rw_record_offer_replay(r->ledger, &r->self);
	} else if (words->note != NULL)
		worst = rw_record_note_run(r->ledger, &r->self, words->note,
			&err) ? RW_OK : without_ledger(r, common, &err);
	else if (words->replay != NULL)
		worst = rw_record_replay(r->ledger, &r->self, words->replay);
	else if (r->work.resolution.host != NULL)
		worst = rw_record_end_leases(&r->work, r->ledger,
			common->dry_run);
	else
		worst = rw_record_filter(&r->work, r->ledger, common);
	rw_ledger_close(r->ledger);
	rw_self_free(&r->self);
	return worst;
}

int
main(int argc, char **argv)
{
	struct record r = {0};
	struct rw_option_count batch = {RW_RECORD_BATCH, RW_RECORD_BATCH};
	struct rw_option_count unreadable = {.most = 1u << 30};
	struct words words = {.in_doubt = "resend"};
	const struct rw_option options[] = {
		{"lookup", RW_OPTION_FLAG, &words.is_lookup, NULL,
			"drop sent reports; add what the ledger knows"},
		{"claim", RW_OPTION_FLAG, &words.is_claim, NULL,
			"claim each report for this run, before rw-mail"},
		{"result", RW_OPTION_FLAG, &words.is_result, NULL,
			"record the outcome of each, after rw-mail"},
		{"free", RW_OPTION_FLAG, &words.is_free, NULL,
			"pass on reports of other runs that can be claimed "
			"now"},
		{"audit", RW_OPTION_FLAG, &words.is_audit, NULL,
			"name the due reports that were not sent"},
		{"elsewhere", RW_OPTION_TEXT, &r.work.elsewhere, "FILE",
			"append the lines that another run has claimed to "
			"FILE"},
		{"name-left", RW_OPTION_FLAG, &r.work.names_left, NULL,
			"--claim: also write a line for each report left out"},
		{"unchanged", RW_OPTION_TEXT, &r.work.unchanged, "FILE",
			"--audit: the lines of FILE need not be revised"},
		{"again", RW_OPTION_FLAG, &r.work.terms.again, NULL,
			"send sent reports again"},
		{"revise", RW_OPTION_FLAG, &r.work.terms.revise, NULL,
			"send sent reports as corrected revisions"},
		{"chosen", RW_OPTION_FLAG, &words.chosen, NULL,
			"--lookup: a few followers; do not verify the "
			"whole ledger"},
		{"in-doubt", RW_OPTION_TEXT, &words.in_doubt, "resend|hold",
			"what to do with reports in doubt"},
		{"take-over", RW_OPTION_FLAG, &words.take_over, NULL,
			"the holders of all claims are dead: take them over"},
		{"batch", RW_OPTION_COUNT, &batch, "N",
			"write at most N reports at a time (500)"},
		{"unreadable", RW_OPTION_COUNT, &unreadable, "N",
			"--lookup: count N more unreadable lines"},
		{"run-id", RW_OPTION_TEXT, &words.run_id, "ID",
			"the run of the records (RW_RUN_ID)"},
		{"resolve", RW_OPTION_TEXT, &words.resolve, "sent|retry",
			"settle the given reports that are in doubt"},
		{"follower", RW_OPTION_LIST, &r.work.followers, "ID",
			"--resolve: only this follower (may be given again)"},
		{"force", RW_OPTION_FLAG, &r.work.resolution.force, NULL,
			"--resolve: sent, what is failed; retry, with --host"},
		{"host", RW_OPTION_TEXT, &r.work.resolution.host, "NAME",
			"--resolve retry --force: this host is dead"},
		{"replay", RW_OPTION_TEXT, &words.replay, "DIR|--none",
			"record again the outcomes of the runs below DIR"},
		{"note-run", RW_OPTION_TEXT, &words.note, "WORDS",
			"write the run in the history of runs, for rw-report"},
		{"init", RW_OPTION_FLAG, &words.init, NULL,
			"make a ledger if there is none"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-record",
		.purpose = "Keeps the ledger of what was sent.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	enum rw_kind worst;
	struct rw_err err;

	rw_cli_start(&cli, &common, argc, argv);
	r.work.batch = batch.n;
	r.work.unreadable = words.is_lookup ? unreadable.n : 0;
	if (!choose(&r, &words, common.check, &err)) {
		free(r.work.followers.items);
		return rw_cli_fail(&err);
	}
	worst = run_mode(&r, &words, &common);
	free(r.work.followers.items);
	return rw_cli_finish(worst);
}
