/*
 * rw-run: begins a run, and becomes the command that does its work.
 */
#include <stdlib.h>

#include "base/log.h"
#include "cli.h"
#include "command.h"
#include "wire/config.h"
#include "work/run_begin.h"
#include "work/run_clean.h"
#include "work/selection.h"

enum { KEEP_DAYS = 30, MAX_DAYS = 36500 };

static bool
export_run(const struct rw_run *run, struct rw_err *err)
{
	return (setenv("RW_STATE_DIR", rw_buf_text(&run->state), 1) == 0 &&
		setenv("RW_RUN_ID", rw_buf_text(&run->id), 1) == 0 &&
		setenv("RW_RUN_DIR", rw_buf_text(&run->dir), 1) == 0) ||
		rw_fail_errno(err, RW_BUG, "cannot name the run");
}

static bool
become(char **command, const struct rw_run_options *options,
	uint64_t keep_days, struct rw_err *err)
{
	struct rw_run run = {0};
	struct rw_err trouble;
	bool good = rw_run_begin(&run, options, err) && export_run(&run, err);

	if (good && !rw_run_clean(rw_buf_text(&run.state), keep_days,
	    &trouble))
		rw_say(RW_WARNING, "%s", trouble.message);
	rw_run_free(&run);
	return good && rw_command_become(command, err);
}

static bool
run(char **command, const char *shard, struct rw_run_options *options,
	struct rw_err *err)
{
	struct rw_selection selection = {0};
	uint64_t keep_days;

	if (command[0] == NULL)
		return rw_fail(err, RW_USAGE, "expected COMMAND [ARG...]");
	if (!rw_config_u64("RW_KEEP_DAYS", KEEP_DAYS, 0, MAX_DAYS, &keep_days,
	    err))
		return false;
	if (shard != NULL && !rw_selection_shard(&selection, shard, err))
		return false;
	options->shard = selection.shard;
	options->shards = selection.shards;
	return become(command, options, keep_days, err);
}

int
main(int argc, char **argv)
{
	struct rw_run_options run_options = {0};
	const char *shard = NULL;
	const struct rw_option options[] = {
		{"shard", RW_OPTION_TEXT, &shard, "I/N",
			"beside runs of other parts, alone in this one"},
		{"lock-wait", RW_OPTION_SECONDS, &run_options.wait_s, "SECONDS",
			"wait for a run that is under way"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-run",
		.purpose = "Begins a run, one at a time, and becomes COMMAND.",
		.operands = "[--] COMMAND [ARG...]", .options = options};
	struct rw_common common;
	struct rw_err err;
	int first = rw_cli_start(&cli, &common, argc, argv);

	run(argv + first, shard, &run_options, &err);
	return rw_cli_fail(&err);
}
