/*
 * rw-list: lists the reports due for a month, from the platform's databases or
 * from a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli.h"
#include "filter.h"
#include "list.h"
#include "wire/config.h"
#include "record/members.h"

static bool
is_stdin(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0;
}

/* ---- out of a file ----------------------------------------------------- */

/* The line arrived with an error that rules out another attempt. No later tool
 * reports that this statement is not made. */
static void
tell_error(struct list *list, struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);

	if (tool == NULL)
		return;
	rw_say_about(RW_ERROR, rw_record_label(record), "its report is not "
		"made: the line has an error of \"%.40s\" (%.300s)", tool,
		rw_record_error_message(record));
	list->worst = rw_kind_worse(list->worst, RW_DATA);
}

static bool
pick(void *context, struct rw_job *job, struct rw_err *err)
{
	struct list *list = context;

	bool is_asked = rw_selection_has(&list->selection,
		job->record.follower_id, job->record.period);
	bool is_repeated = rw_gate_has_seen(&list->gate,
		job->record.follower_id, job->record.period);

	list->repeated += is_asked && is_repeated;
	if ((is_asked || !list->selection.named) && !is_repeated &&
	    !rw_gate_add(&list->gate, job->record.period,
	    rw_gate_days(&job->record), err))
		return false;
	if (is_asked) {
		tell_error(list, &job->record);
		rw_job_pass(job);
	} else {
		rw_job_drop(job);
	}
	return true;
}

/* A line without an id may belong to any follower. */
static bool
is_wanted(void *context, struct rw_record *record)
{
	struct list *list = context;
	bool wanted = record->follower_id == NULL ||
		rw_selection_names(&list->selection, record->follower_id);

	if (wanted)
		tell_error(list, record);
	return wanted;
}

static void
tell_file(struct list *list, uint64_t due, uint64_t unreadable)
{
	printf("%s has %" PRIu64 " reports", is_stdin(list->input) ?
		"standard input" : list->input, due);
	if (unreadable > 0)
		printf(", %" PRIu64 " of which cannot be read", unreadable);
	putchar('\n');
	rw_list_tell_days(list);
	list->worst = rw_kind_worse(list->worst, rw_cli_close_stdout());
}

static bool
open_input(struct list *list, struct rw_err *err)
{
	int fd;

	if (is_stdin(list->input))
		return true;
	fd = open(list->input, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s",
			list->input);
	close(fd);
	return true;
}

static bool
list_file(struct list *list, struct rw_err *err)
{
	const struct rw_filter filter = {.context = list,
		.takes_failed = true, .keeps_error = true,
		.prepare = rw_record_make_input, .begin = pick,
		.is_wanted = is_wanted, .mute = list->common.check};
	struct rw_filter_counts counts;
	/* The loop closes standard output. */
	int out = list->common.check ? dup(STDOUT_FILENO) : -1;
	uint64_t due;

	if (!open_input(list, err))
		return false;
	list->worst = rw_kind_worse(list->worst, rw_filter_run(&filter,
		&list->common, &counts));
	due = counts.passed + counts.failed;
	/* It is not known whose line this is, so it is not part of a
	 * selection. */
	if (!list->selection.named && list->selection.shards == 0)
		due += counts.unreadable;
	if (out >= 0 && !list->common.quiet && dup2(out, STDOUT_FILENO) >= 0)
		tell_file(list, due, counts.unreadable);
	return rw_list_gates_close(list, due - list->repeated, err);
}

/* ---- the tool ---------------------------------------------------------- */

static bool
choose_period(struct list *list, struct rw_err *err)
{
	const char *zone = rw_config_text("MARKET_CLOSE_TIMEZONE",
		"America/New_York");

	/* The lines of a file name their own months. */
	if (list->input != NULL && !list->print_period)
		return true;
	if (!rw_period_last(rw_clock_now_ms() / 1000, zone, &list->last, err))
		return false;
	rw_list_set_month(list, list->common.has_period ?
		list->common.period : list->last);
	return true;
}

static void
print_period(struct list *list)
{
	char text[RW_PERIOD_SIZE];

	rw_period_text(text, list->common.period);
	puts(text);
	list->worst = rw_cli_close_stdout();
}

static bool
check_options(const struct list *list, struct rw_err *err)
{
	if (list->accept && list->followers.count == 0 && list->select == NULL)
		return rw_fail(err, RW_USAGE, "--accept requires --follower or "
			"--select: the figures of each follower are looked at first");
	if (list->input != NULL && (list->pnl_file != NULL ||
	    list->followers_file != NULL))
		return rw_fail(err, RW_USAGE, "--input has followers and P&L, "
			"and excludes --followers and --pnl");
	if (is_stdin(list->input) + is_stdin(list->pnl_file) +
	    is_stdin(list->followers_file) + is_stdin(list->select) > 1)
		return rw_fail(err, RW_USAGE, "only one of --select, --input, "
			"--pnl and --followers can read standard input");
	return true;
}

/* Standard input can be read once. */
static bool
one_month(struct list *list, struct rw_err *err)
{
	struct rw_period month = {0};

	return !rw_selection_next_month(&list->selection, &month) ||
		!rw_selection_next_month(&list->selection, &month) ||
		rw_fail(err, RW_USAGE, "--select names several months: --pnl "
		"and --followers cannot be standard input");
}

static bool
choose_followers(struct list *list, struct rw_err *err)
{
	size_t i;

	for (i = 0; i < list->followers.count; i++)
		if (!rw_selection_add(&list->selection,
		    list->followers.items[i], err))
			return rw_err_prefix(err, "--follower");
	if (list->shard != NULL &&
	    !rw_selection_shard(&list->selection, list->shard, err))
		return false;
	if (list->select == NULL)
		return true;
	if (!rw_selection_read(&list->selection, list->select,
	    list->common.has_period ? &list->common.period : NULL, err))
		return false;
	if (list->common.has_period || list->input != NULL ||
	    list->selection.count == 0)
		return true;
	list->months_of_selection = true;
	rw_selection_set_month(&list->selection, list->common.period);
	return !is_stdin(list->pnl_file) && !is_stdin(list->followers_file) ?
		true : one_month(list, err);
}

static void
name_missing(struct list *list)
{
	const char *id;
	size_t at = 0;

	if (list->selection.other_months > 0)
		rw_say(RW_WARNING, "%" PRIu64 " selected lines are for a "
			"different month and were skipped",
			list->selection.other_months);
	while ((id = rw_selection_missing(&list->selection, &at)) != NULL) {
		rw_say(RW_ERROR, "follower %s was asked for and is not %s",
			id, list->input != NULL ? "in the input" :
			"among the followers");
		list->worst = rw_kind_worse(list->worst, RW_DATA);
	}
}

static bool
run(struct list *list, struct rw_err *err)
{
	if (list->print_grants)
		return rw_list_print_grants(list, err);
	if (!choose_period(list, err))
		return false;
	if (list->print_period) {
		print_period(list);
		return true;
	}
	if (!check_options(list, err) || !choose_followers(list, err) ||
	    !rw_list_gates_open(list, err))
		return false;
	if (!(list->input != NULL ? list_file(list, err) :
	    rw_list_platform(list, err)))
		return false;
	if (!list->common.check)
		name_missing(list);
	return true;
}

int
main(int argc, char **argv)
{
	struct list list = {.expect_min.most = 100000000,
		.expect_days.most = 31};
	const struct rw_option options[] = {
		{"follower", RW_OPTION_LIST, &list.followers, "ID",
			"this follower alone (may be given again)"},
		{"select", RW_OPTION_TEXT, &list.select, "FILE|-",
			"the followers named there, as rw-status names them"},
		{"shard", RW_OPTION_TEXT, &list.shard, "I/N",
			"the I-th of N shares of the followers"},
		{"input", RW_OPTION_TEXT, &list.input, "FILE|-",
			"choose from these lines, not from the databases"},
		{"pnl", RW_OPTION_TEXT, &list.pnl_file, "FILE|-",
			"the daily P&L, as lines or CSV"},
		{"followers", RW_OPTION_TEXT, &list.followers_file, "FILE|-",
			"the followers, as lines or CSV"},
		{"accept", RW_OPTION_FLAG, &list.accept, NULL,
			"with --follower or --select: days that are not "
			"finalised count, and differences from "
			"commission_monthly do not"},
		{"print-period", RW_OPTION_FLAG, &list.print_period, NULL,
			"print the month that would be listed, and end"},
		{"gates", RW_OPTION_TEXT, &list.gates_file, "FILE",
			"check the month as a whole, and write to FILE why "
			"nothing may be sent"},
		{"allow-empty", RW_OPTION_FLAG, &list.gate_options.allow_empty,
			NULL, "with --gates: followers may be without a day"},
		{"allow-unfinished", RW_OPTION_FLAG,
			&list.gate_options.allow_unfinished, NULL,
			"with --gates: the month need not be over"},
		{"expect-min", RW_OPTION_COUNT, &list.expect_min, "N",
			"with --gates: at least N reports are due"},
		{"expect-days", RW_OPTION_COUNT, &list.expect_days, "N",
			"with --gates: the month has P&L on at least N days"},
		{"dry-run", RW_OPTION_FLAG, &list.gates_warn, NULL,
			"with --gates: warn only"},
		{"counts", RW_OPTION_TEXT, &list.counts_file, "FILE",
			"write there how many were found of what"},
		{"print-grants", RW_OPTION_FLAG, &list.print_grants, NULL,
			"print the rights in PostgreSQL that it needs, and "
			"end"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-list",
		.purpose = "Lists the reports due of a month.",
		.options = options, .filter = true, .server = true};
	struct rw_err err;

	rw_cli_start(&cli, &list.common, argc, argv);
	if (!run(&list, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		list.worst = rw_kind_worse(list.worst, err.kind);
	}
	rw_selection_free(&list.selection);
	rw_gate_free(&list.gate);
	free(list.followers.items);
	return rw_cli_finish(list.worst);
}
