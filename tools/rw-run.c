/*
 * rw-run: begins a run, and executes the command that does its work.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/url.h"
#include "cli.h"
#include "command.h"
#include "heartbeat.h"
#include "replace.h"
#include "journal/run_file.h"
#include "run_check.h"
#include "run/begin.h"
#include "run/clean.h"
#include "followers/selection.h"

enum { MAX_REPLACE = 1 << 20 };

/* Before COMMAND can claim anything: see journal/run_file.h. */
static bool
record_run(const struct rw_run *run, struct rw_buf *file, struct rw_err *err)
{
	const char *id = rw_buf_text(&run->id);
	struct rw_buf dir = {0};
	bool good;

	rw_buf_addf(&dir, "%s/journal", rw_buf_text(&run->state));
	rw_buf_addf(file, "%s/%s.run", rw_buf_text(&dir), id);
	good = rw_buf_ok(file, "the run's file", err) &&
		rw_journal_run_make(rw_buf_text(&dir), id, run->lock_id, err);
	rw_buf_free(&dir);
	if (good)
		rw_fault("run-recorded");
	return good;
}

static bool
export_run(const struct rw_run *run, const char *file, struct rw_err *err)
{
	return (setenv("RW_STATE_DIR", rw_buf_text(&run->state), 1) == 0 &&
		setenv("RW_RUN_ID", rw_buf_text(&run->id), 1) == 0 &&
		setenv("RW_RUN_DIR", rw_buf_text(&run->dir), 1) == 0 &&
		setenv("RW_RUN_FILE", file, 1) == 0) ||
		rw_fail_errno(err, RW_BUG, "cannot name the run");
}

static bool
become(char **command, const struct rw_run_options *options,
	uint64_t keep_days, struct rw_err *err)
{
	struct rw_run run = {0};
	struct rw_buf file = {0};
	struct rw_err trouble;
	bool good = rw_run_begin(&run, options, err) &&
		record_run(&run, &file, err) &&
		export_run(&run, rw_buf_text(&file), err);

	if (good && !rw_run_clean(rw_buf_text(&run.state), keep_days,
	    &trouble))
		rw_say(RW_WARNING, "%s", trouble.message);
	rw_run_free(&run);
	rw_buf_free(&file);
	return good && rw_command_become(command, err);
}

static bool
run_command(char **command, const char *shard, struct rw_run_options *options,
	struct rw_err *err)
{
	struct rw_selection selection = {0};
	uint64_t keep_days;

	if (command[0] == NULL)
		return rw_fail(err, RW_USAGE, "expected COMMAND [ARG...]");
	if (!rw_run_read_keep_days(&keep_days, err))
		return false;
	if (!rw_run_check_heartbeat(err))
		return false;
	if (shard != NULL && !rw_selection_shard(&selection, shard, err))
		return false;
	options->shard = selection.shard;
	options->shards = selection.shards;
	return become(command, options, keep_days, err);
}

/* ---- for the script that begins the run ---------------------------------- */

static bool
replace(const char *path, struct rw_err *err)
{
	struct rw_buf text = {.max = MAX_REPLACE};
	bool good = rw_file_read_fd(STDIN_FILENO, "standard input", &text,
		err) && rw_replace_file(path, &text, err);

	rw_buf_free(&text);
	return good;
}

static bool
parse_level(const char *name, enum rw_level *level, struct rw_err *err)
{
	static const struct {
		const char *name;
		enum rw_level level;
	} levels[] = {{"error", RW_ERROR}, {"warning", RW_WARNING},
		{"info", RW_INFO}};
	size_t i;

	for (i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strcmp(levels[i].name, name) == 0) {
			*level = levels[i].level;
			return true;
		}
	return rw_fail(err, RW_USAGE, "--log: \"%.40s\" is not a level: "
		"expected error, warning or info", name);
}

/* Writes a line to the log under the name of the process that asks for it. */
static bool
write_log(const char *name, char **words, struct rw_err *err)
{
	enum rw_level level = RW_INFO;

	if (!parse_level(name, &level, err))
		return false;
	if (words[0] == NULL || words[1] != NULL)
		return rw_fail(err, RW_USAGE, "--log: expected one MESSAGE");
	rw_log_as("rw-report", getppid(), level, words[0]);
	return true;
}

int
main(int argc, char **argv)
{
	struct rw_run_options run_options = {0};
	const char *shard = NULL, *file = NULL, *level = NULL, *event = NULL;
	struct rw_list dirs = {0};
	const struct rw_option options[] = {
		{"shard", RW_OPTION_TEXT, &shard, "I/N",
			"beside runs of other parts, alone in this one"},
		{"lock-wait", RW_OPTION_SECONDS, &run_options.wait_s, "SECONDS",
			"wait for a run that is already running"},
		{"replace", RW_OPTION_TEXT, &file, "FILE",
			"put standard input in the place of FILE, and end"},
		{"writable", RW_OPTION_LIST, &dirs, "DIR",
			"with --check: DIR, too, must be writable"},
		{"log", RW_OPTION_TEXT, &level, "LEVEL",
			"log MESSAGE as rw-report's, and end"},
		{"heartbeat", RW_OPTION_TEXT, &event, "EVENT",
			"tell RW_HEARTBEAT_URL of a start, success or "
			"failure, and end"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-run",
		.purpose = "Begins a run, one at a time, and becomes COMMAND.",
		.operands = "[--] COMMAND [ARG...] | MESSAGE", .options = options,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	int first = rw_cli_start(&cli, &common, argc, argv);

	if (common.check) {
		enum rw_kind worst = rw_run_check(&dirs);

		free(dirs.items);
		return rw_cli_finish(worst);
	}
	free(dirs.items);
	if (file != NULL ? replace(file, &err) : level != NULL ?
	    write_log(level, argv + first, &err) : event != NULL ?
	    rw_heartbeat_send(event, &err) :
	    run_command(argv + first, shard, &run_options, &err))
		return rw_cli_finish(RW_OK);
	return rw_cli_fail(&err);
}
