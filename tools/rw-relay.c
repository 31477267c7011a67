/*
 * rw-relay: runs the pipe rw-record --claim, rw-mail, rw-record --result for
 * rw-report. It passes a line on only when the command that wrote it was given
 * that line, and ends a command that hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/log.h"
#include "cli.h"
#include "relay_check.h"
#include "relay_loop.h"
#include "stop.h"
#include "wire/config.h"

/* GRACE_S as in stop.c; a command that does not end on SIGTERM is killed MORE_S
 * seconds later. */
enum { STALL_S = 7200, GRACE_S = 20, MORE_S = 10, BATCH = 50,
	BY_SIGPIPE = 128 + 13 };

static struct rw_relay_stage *
stage_of(struct rw_relay *relay, enum rw_relay_name name)
{
	return &relay->stages[name];
}

static bool
split_commands(struct rw_relay *relay, char **words, struct rw_err *err)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		relay->stages[name].command = words;
		while (*words != NULL && strcmp(*words, "|") != 0)
			words++;
		if (words == relay->stages[name].command ||
		    (*words == NULL) != (name + 1 == RW_RELAY_STAGES))
			return rw_fail(err, RW_USAGE, "expected GIVEN and "
				"three commands, separated by \"|\"; see "
				"--help");
		if (*words != NULL)
			*words++ = NULL;
	}
	return true;
}

static bool
open_files(struct rw_relay *relay, const char *given, struct rw_buf *done,
	int *input, struct rw_err *err)
{
	if (!rw_relay_begin(relay, given, err))
		return false;
	*input = open(given, O_RDONLY | O_CLOEXEC);
	if (*input < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", given);
	relay->done_path = rw_buf_text(done);
	relay->done = open(relay->done_path, O_WRONLY | O_APPEND | O_CREAT |
		O_NOFOLLOW | O_CLOEXEC, 0600);
	return relay->done >= 0 || rw_fail_errno(err, RW_IO, "cannot open %s",
		relay->done_path);
}

static bool
start(struct rw_relay *relay, int input, struct rw_err *err)
{
	return rw_relay_stage_start(stage_of(relay, RW_RELAY_RESULT), -1,
		err) &&
		rw_relay_stage_start(stage_of(relay, RW_RELAY_MAIL), -1,
		err) &&
		rw_relay_stage_start(stage_of(relay, RW_RELAY_CLAIM), input,
		err);
}

static bool
read_relay_settings(struct rw_relay_watch *watch, struct rw_err *err)
{
	uint64_t stall, grace;

	if (!rw_config_seconds("RW_STALL_TIMEOUT", STALL_S, &stall, err) ||
	    !rw_config_seconds("RW_GRACE", GRACE_S, &grace, err) ||
	    !rw_stop_catch(err))
		return false;
	watch->stall_ms = (int64_t)stall * 1000;
	watch->kill_ms = (int64_t)(grace + MORE_S) * 1000;
	return true;
}

/* If we closed a command's output early, its status is our doing. */
static int
status_of(const struct rw_relay *relay, const struct rw_relay_stage *stage)
{
	bool found_closed = stage->status == BY_SIGPIPE ||
		stage->status == rw_kind_status(RW_IO);

	return relay->bug.kind != RW_OK && stage->was_cut && found_closed ? 0 :
		stage->status;
}

/* Shell words for rw-report. */
static enum rw_kind
tell_statuses(struct rw_relay *relay)
{
	enum rw_kind worst = RW_OK;
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++)
		printf("%s=%d\n", stage_of(relay, name)->name,
			status_of(relay, stage_of(relay, name)));
	if (close(relay->done) != 0 && relay->io.kind == RW_OK)
		rw_fail_errno(&relay->io, RW_IO, "cannot write %s",
			relay->done_path);
	if (relay->bug.kind != RW_OK)
		rw_say(RW_ERROR, "%s", relay->bug.message);
	if (relay->io.kind != RW_OK)
		rw_say(RW_ERROR, "%s", relay->io.message);
	worst = rw_kind_worse(relay->bug.kind, relay->io.kind);
	return rw_kind_worse(worst, rw_cli_close_stdout());
}

static bool
run(struct rw_relay *relay, const char *dir, char **words,
	enum rw_kind *worst, struct rw_err *err)
{
	struct rw_buf done = {0};
	struct rw_relay_watch watch = {0};
	enum rw_relay_name name;
	int input = -1;
	bool good;

	rw_buf_addf(&done, "%s/done", dir);
	for (name = 0; name < RW_RELAY_STAGES; name++)
		rw_relay_stage_init(stage_of(relay, name), dir);
	good = read_relay_settings(&watch, err) &&
		split_commands(relay, words + 1, err) &&
		open_files(relay, words[0], &done, &input, err);
	signal(SIGPIPE, SIG_IGN);
	/* Commands that were started end because their pipes are closed. */
	if (good && start(relay, input, err)) {
		rw_fault("relay-started");
		rw_relay_loop(relay, &watch);
		*worst = tell_statuses(relay);
	} else {
		good = false;
	}
	for (name = 0; name < RW_RELAY_STAGES; name++)
		rw_relay_stage_free(stage_of(relay, name));
	rw_buf_free(&done);
	return good;
}

int
main(int argc, char **argv)
{
	struct rw_relay relay = {.stages = {
		{.name = "claim", .who = "rw-record --claim"},
		{.name = "mail", .who = "rw-mail", .shows_progress = true},
		{.name = "result", .who = "rw-record --result",
			.ignores_signals = true}}, .done = -1};
	struct rw_option_count batch = {.n = BATCH};
	const char *dir = ".";
	const struct rw_option options[] = {
		{"dir", RW_OPTION_TEXT, &dir, "DIR",
			"append to DIR/done, and to NAME.err and NAME.outcome"},
		{"batch", RW_OPTION_COUNT, &batch, "N",
			"claims go on by N at a time (50)"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-relay",
		.purpose = "Runs the pipe of the mail, and checks its lines.",
		.operands = "-- GIVEN CLAIM... '|' MAIL... '|' RESULT...",
		.options = options, .period = true};
	struct rw_common common;
	enum rw_kind worst = RW_OK;
	struct rw_err err;
	int at = rw_cli_start(&cli, &common, argc, argv);

	relay.batch = batch.n;
	relay.period = common.has_period ? &common.period : NULL;
	if (argc - at < 2)
		rw_fail(&err, RW_USAGE, "expected GIVEN and three commands, "
			"separated by \"|\"; see --help");
	if (argc - at < 2 || !run(&relay, dir, argv + at, &worst, &err))
		return rw_cli_fail(&err);
	rw_splice_lines_close(&relay.given);
	rw_relay_lines_free(&relay.lines);
	rw_record_free(&relay.record);
	rw_buf_free(&relay.block);
	rw_buf_free(&relay.key);
	rw_stop_obey();
	return rw_cli_finish(worst);
}
