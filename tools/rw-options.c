/*
 * rw-options: reads the command line and the settings of rw-report, checks
 * them, and executes rw-report again with the checked values.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"
#include "cli.h"
#include "look_back.h"
#include "options_priv.h"
#include "wire/config.h"

enum { WAIT_CLAIMS_S = 600, GRACE_S = 20, STAGE_S = 600 };

/* ---- settings --------------------------------------------------------------- */

static bool
read_time(const char *name, uint64_t otherwise, uint64_t *seconds,
	struct rw_err *err)
{
	const char *text = rw_config_text(name, NULL);

	*seconds = otherwise;
	return text == NULL || rw_text_to_seconds(text, seconds, NULL) ||
		rw_fail(err, RW_CONFIG, "%s: \"%s\" is not a time such as 90s "
		"or 15m", name, text);
}

static bool
read_settings(struct rw_report_options *o, struct rw_err *err)
{
	/* A setting of rw-relay, which is checked before any report is made. */
	uint64_t stall_s, look_back;

	if (!rw_config_bool("DRY_RUN_MODE", false, &o->dry_setting, err) ||
	    !rw_config_seconds("RW_STALL_TIMEOUT", 0, &stall_s, err) ||
	    !rw_look_back_read(&look_back, err) ||
	    !read_time("RW_GRACE", GRACE_S, &o->grace_s, err) ||
	    !read_time("RW_STAGE_TIMEOUT", STAGE_S, &o->stage_s, err))
		return false;
	if (o->dry_setting && o->to != NULL)
		return rw_fail(err, RW_USAGE, "--to excludes DRY_RUN_MODE");
	return true;
}

/* ---- becoming --------------------------------------------------------------- */

static void
add_value(struct rw_buf *out, const char *name, const char *value)
{
	rw_buf_addf(out, "%s=", name);
	rw_report_add_quoted(out, value != NULL ? value : "");
	rw_buf_addc(out, '\n');
}

static void
add_flag(struct rw_buf *out, const char *name, bool on, const char *value)
{
	add_value(out, name, on ? value : "");
}

static void
add_words(struct rw_buf *out, const struct rw_report_options *o)
{
	struct rw_buf words = {0};
	size_t i;

	for (i = 0; i < o->followers.count; i++)
		rw_buf_addf(&words, " --follower %s", o->followers.items[i]);
	add_value(out, "followers", rw_buf_text(&words));
	rw_buf_reset(&words);
	if (o->expect_min != NULL && strcmp(o->expect_min, "0") != 0)
		rw_buf_addf(&words, " --expect-min %s", o->expect_min);
	if (o->expect_days != NULL && strcmp(o->expect_days, "0") != 0)
		rw_buf_addf(&words, " --expect-days %s", o->expect_days);
	rw_buf_adds(&words, o->allow_empty ? " --allow-empty" : "");
	rw_buf_adds(&words, o->allow_unfinished ? " --allow-unfinished" : "");
	add_value(out, "allow", rw_buf_text(&words));
	rw_buf_free(&words);
}

/* Each shard has a file of its own: "name-1of4.prom". */
static void
add_metrics(struct rw_buf *out, const struct rw_report_options *o)
{
	const char *path = rw_config_text("RW_METRICS_FILE", ""), *end;
	struct rw_buf name = {0};
	size_t len = strlen(path), part;

	if (o->shard == NULL || len == 0) {
		add_value(out, "metrics", path);
		return;
	}
	end = len > 5 && strcmp(path + len - 5, ".prom") == 0 ?
		path + len - 5 : path + len;
	part = strcspn(o->shard, "/");
	rw_buf_addf(&name, "%.*s-%.*sof%s%s", (int)(end - path), path,
		(int)part, o->shard, o->shard + part + 1, end);
	add_value(out, "metrics", rw_buf_text(&name));
	rw_buf_free(&name);
}

/* Shell assignments: the script evaluates them. */
static void
add_all(struct rw_buf *out, const struct rw_report_options *o)
{
	bool dry = o->dry || o->dry_setting;

	add_value(out, "period", o->period);
	add_value(out, "select", o->select);
	add_value(out, "shard", o->shard);
	add_value(out, "input", o->input);
	add_value(out, "rejects", o->rejects);
	add_value(out, "out", o->out);
	add_value(out, "in_doubt", o->in_doubt);
	add_value(out, "rehearse", o->to);
	add_words(out, o);
	add_value(out, "mode", o->again ? "--again" :
		o->revise ? "--revise" : "");
	add_flag(out, "leaves_unchanged", o->revise && !o->force, "yes");
	add_flag(out, "keep", o->keep, "yes");
	add_flag(out, "take_over", o->take_over, "--take-over");
	add_flag(out, "accept", o->accept, "--accept");
	add_flag(out, "json", o->json, "yes");
	add_flag(out, "dry", dry, "yes");
	add_flag(out, "real", !dry && o->to == NULL, "yes");
	add_flag(out, "quiet", o->quiet, "--quiet");
	add_flag(out, "verbose", o->verbose || dry, "--verbose");
	add_metrics(out, o);
	rw_buf_addf(out, "wait_claims=%" PRIu64 "\ngrace=%" PRIu64
		"\nstage_time=%" PRIu64 "\n", o->wait_claims_s, o->grace_s,
		o->stage_s);
}

static bool
export_all(const struct rw_report_options *o, struct rw_err *err)
{
	struct rw_buf words = {0};
	char pid[24];
	bool good;

	snprintf(pid, sizeof pid, "%ld", (long)getpid());
	add_all(&words, o);
	good = rw_buf_ok(&words, "the options", err) &&
		((setenv("RW_REPORT_OPTIONS", words.data, 1) == 0 &&
		setenv("RW_REPORT_PID", pid, 1) == 0 &&
		(!(o->dry || o->dry_setting) ||
		setenv("DRY_RUN_MODE", "true", 1) == 0)) ||
		rw_fail_errno(err, RW_IO, "cannot export the options"));
	rw_buf_free(&words);
	return good;
}

static bool
become_run(const struct rw_report_options *o, const char *script,
	struct rw_err *err)
{
	char wait[24];
	const char *run[] = {"rw-run", "--lock-wait", wait, "--", "sh", script,
		NULL};
	const char *shard[] = {"rw-run", "--lock-wait", wait, "--shard",
		o->shard, "--", "sh", script, NULL};

	snprintf(wait, sizeof wait, "%" PRIu64, o->lock_wait_s);
	return export_all(o, err) && rw_report_become(o->bin,
		o->shard != NULL ? shard : run, NULL, err);
}

/* ---- the table --------------------------------------------------------------- */

static int
read_options(struct rw_report_options *o, int argc, char **argv)
{
	const struct rw_option options[] = {
		{"period", RW_OPTION_TEXT, &o->period, "YYYY-MM",
			"the month; by default the last whole one"},
		{"follower", RW_OPTION_LIST, &o->followers, "ID",
			"this follower only (may be given again)"},
		{"select", RW_OPTION_TEXT, &o->select, "FILE",
			"only the followers that FILE names (-: standard "
			"input)"},
		{"shard", RW_OPTION_TEXT, &o->shard, "I/N",
			"only part I of N parts of the followers"},
		{"input", RW_OPTION_TEXT, &o->input, "FILE",
			"read the reports due from FILE (-: standard input)"},
		{"rejects", RW_OPTION_TEXT, &o->rejects, "FILE",
			"write input lines that cannot be read to FILE"},
		{"out", RW_OPTION_TEXT, &o->out, "DIR",
			"make the documents below DIR and leave them there"},
		{"keep", RW_OPTION_FLAG, &o->keep, NULL,
			"leave the documents in the state directory"},
		{"again", RW_OPTION_FLAG, &o->again, NULL,
			"send again what was sent before"},
		{"revise", RW_OPTION_FLAG, &o->revise, NULL,
			"send a corrected report as the next revision"},
		{"all", RW_OPTION_FLAG, &o->all, NULL,
			"with --again or --revise: all followers"},
		{"force", RW_OPTION_FLAG, &o->force, NULL,
			"with --revise: unchanged reports too"},
		{"in-doubt", RW_OPTION_TEXT, &o->in_doubt, "resend|hold",
			"what to do about mails that may have arrived"},
		{"accept", RW_OPTION_FLAG, &o->accept, NULL,
			"with --follower or --select: send withheld reports"},
		{"take-over", RW_OPTION_FLAG, &o->take_over, NULL,
			"take over the claims of runs that are dead"},
		{"expect-min", RW_OPTION_TEXT, &o->expect_min, "N",
			"stop if fewer than N reports are due"},
		{"expect-days", RW_OPTION_TEXT, &o->expect_days, "N",
			"stop if the month has P&L on fewer than N days"},
		{"allow-empty", RW_OPTION_FLAG, &o->allow_empty, NULL,
			"go on when followers have no day"},
		{"allow-unfinished", RW_OPTION_FLAG, &o->allow_unfinished,
			NULL, "go on when the month is not over"},
		{"lock-wait", RW_OPTION_SECONDS, &o->lock_wait_s, "SECONDS",
			"wait for another run on this host"},
		{"wait-claims", RW_OPTION_SECONDS, &o->wait_claims_s, "TIME",
			"wait for the claims of other runs; by default 10m"},
		{"json", RW_OPTION_FLAG, &o->json, NULL,
			"print one summary object"},
		{"to", RW_OPTION_TEXT, &o->to, "ADDRESS",
			"rehearse: send all reports to ADDRESS only"},
		{"dry-run", RW_OPTION_FLAG, &o->dry, NULL,
			"say what would be sent, and send nothing"},
		{"check", RW_OPTION_FLAG, &o->check, NULL,
			"check settings and servers, and do nothing"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-report",
		.purpose = "Makes a month's reports, stores them, and mails "
		"each follower once.", .options = options,
		.version = &o->version};
	struct rw_common common;
	int at = rw_cli_start(&cli, &common, argc, argv);

	o->quiet = common.quiet;
	o->verbose = common.verbose;
	return at;
}

/* Returns the exit status of a command line that this program answers itself.
 * Otherwise it does not return: the script continues. */
static int
answer(struct rw_report_options *o, const char *script)
{
	struct rw_err err;

	if (o->version)
		return rw_cli_finish(rw_report_versions(o->bin));
	if (script == NULL)
		rw_fail(&err, RW_USAGE, "expected SCRIPT [OPTION]...");
	else if (!rw_report_check_values(o, &err))
		return rw_cli_fail(&err);
	else if (read_settings(o, &err) &&
	    rw_report_check_tools(o->bin, &err) &&
	    (!o->check || rw_report_has_tools(o->bin, &err))) {
		if (o->check)
			return rw_cli_finish(rw_report_check(o));
		become_run(o, script, &err);
	}
	return rw_cli_fail(&err);
}

int
main(int argc, char **argv)
{
	struct rw_report_options o = {.wait_claims_s = WAIT_CLAIMS_S};
	const char *script = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
	struct rw_buf bin = {0};
	int status;

	rw_report_add_dir(&bin, argv[0]);
	o.bin = rw_buf_text(&bin);
	if (script != NULL) {
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	read_options(&o, argc, argv);
	status = answer(&o, script);
	free(o.followers.items);
	rw_buf_free(&bin);
	return status;
}
