/*
 * rw-relay: runs the pipe of rw-report, rw-record --claim, rw-mail and
 * rw-record --result, passes on what each of them wrote when it is proved to
 * be what it was given, and ends a command that hangs.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "cli.h"
#include "relay_check.h"
#include "stop.h"
#include "wire/config.h"

/* GRACE_S as in stop.c; a command that does not end by TERM is killed MORE_S
 * after it. A process that has ended may leave its pipe to a child of its own,
 * for PIPE_MS. READ_MAX bounds what waits for --result. */
enum { STALL_S = 7200, GRACE_S = 20, MORE_S = 10, TICK_MS = 200,
	PIPE_MS = 2000, READ_MAX = 1 << 20, BATCH = 50, BY_SIGPIPE = 128 + 13 };

struct watch {
	int64_t moved_ms;	/* when something moved last */
	int64_t stall_ms, kill_ms;
	bool was_stopped;	/* by a signal; it was passed on */
};

static struct rw_relay_stage *
stage_of(struct rw_relay *relay, enum rw_relay_name name)
{
	return &relay->stages[name];
}

/* ---- moving lines ---------------------------------------------------------- */

/* Claims are read only when rw-mail has taken those before them, so that they
 * are never far ahead of the mail. */
static bool
may_read(struct rw_relay *relay, enum rw_relay_name name)
{
	struct rw_relay_stage *stage = stage_of(relay, name);

	return stage->from.fd >= 0 && (name == RW_RELAY_RESULT ||
		(name == RW_RELAY_MAIL &&
		stage_of(relay, RW_RELAY_RESULT)->to.len < READ_MAX) ||
		(name == RW_RELAY_CLAIM &&
		stage_of(relay, RW_RELAY_MAIL)->to.len == 0));
}

/* The lines that are there. *moved is set when there was anything. */
static void
read_lines(struct rw_relay *relay, enum rw_relay_name name, bool *moved)
{
	struct rw_relay_stage *stage = stage_of(relay, name);
	enum rw_read read = RW_READ_LINE;
	const char *text;
	size_t len;

	while (may_read(relay, name) && read != RW_READ_WAIT) {
		read = rw_reader_next(&stage->from, false, &text, &len);
		*moved = *moved || read != RW_READ_WAIT;
		if (read == RW_READ_LINE)
			rw_relay_take(relay, name, text, len);
		else if (read == RW_READ_LONG)
			rw_relay_take(relay, name, NULL, 0);
		else if (read != RW_READ_WAIT)
			rw_relay_stage_close_out(stage);
	}
}

/* It finds a closed pipe, and ends. */
static void
cut(struct rw_relay_stage *stage)
{
	stage->was_cut = stage->was_cut || stage->from.fd >= 0;
	rw_relay_stage_close_out(stage);
}

/* Of what nobody would take any more, and where no more will come. */
static void
close_pipes(struct rw_relay *relay)
{
	struct rw_relay_stage *claim = stage_of(relay, RW_RELAY_CLAIM);
	struct rw_relay_stage *mail = stage_of(relay, RW_RELAY_MAIL);
	struct rw_relay_stage *result = stage_of(relay, RW_RELAY_RESULT);

	rw_relay_stage_write(mail, &(bool){false});
	if (relay->is_cut || mail->in < 0)
		cut(claim);
	if (claim->was_judged && mail->to.len == 0)
		rw_relay_stage_close_in(mail);
	if (result->in < 0 && !mail->was_judged)
		cut(mail);
	if (mail->was_judged && result->to.len == 0)
		rw_relay_stage_close_in(result);
}

/* A child of a command may hold its pipe open for ever. */
static void
note_ends(struct rw_relay *relay)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		rw_relay_stage_reap(stage);
		if (stage->has_ended)
			rw_relay_stage_close_in(stage);
		if (stage->has_ended && may_read(relay, name) &&
		    rw_clock_monotonic_ms() > stage->ended_at_ms + PIPE_MS)
			rw_relay_stage_close_out(stage);
		if (!stage->was_judged && rw_relay_stage_is_over(stage)) {
			stage->was_judged = true;
			rw_relay_end(relay, name);
		}
	}
}

static bool
is_over(struct rw_relay *relay)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++)
		if (!stage_of(relay, name)->was_judged)
			return false;
	return true;
}

/* ---- ending what hangs ------------------------------------------------------- */

/* The command whose turn it is. */
static struct rw_relay_stage *
find_idle(struct rw_relay *relay)
{
	struct rw_relay_stage *claim = stage_of(relay, RW_RELAY_CLAIM);
	struct rw_relay_stage *mail = stage_of(relay, RW_RELAY_MAIL);
	struct rw_relay_stage *result = stage_of(relay, RW_RELAY_RESULT);

	if (!result->has_ended && result->to.len > 0)
		return result;
	if (!mail->has_ended && (mail->owed > 0 || mail->to.len > 0))
		return mail;
	if (!claim->has_ended)
		return claim;
	return mail->has_ended ? result : mail;
}

static void
kill_late(struct rw_relay *relay, int64_t now)
{
	enum rw_relay_name name;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		if (stage->pid != 0 && stage->kill_at_ms != 0 &&
		    now >= stage->kill_at_ms) {
			kill(stage->pid, SIGKILL);
			stage->kill_at_ms = INT64_MAX;
		}
	}
}

/* After a signal rw-mail ends what it has begun, and --result, which outlives
 * it, has a time of its own to record that. */
static void
keep_watch(struct rw_relay *relay, struct watch *watch)
{
	int64_t now = rw_clock_monotonic_ms();
	struct rw_relay_stage *idle;

	if (*rw_stop_flag() != 0) {
		rw_relay_stage_stop(stage_of(relay, RW_RELAY_CLAIM),
			now + watch->kill_ms);
		rw_relay_stage_stop(stage_of(relay, RW_RELAY_MAIL),
			now + watch->kill_ms);
		if (stage_of(relay, RW_RELAY_MAIL)->has_ended)
			rw_relay_stage_stop(stage_of(relay, RW_RELAY_RESULT),
				now + watch->kill_ms);
	} else if (now - watch->moved_ms >= watch->stall_ms) {
		idle = find_idle(relay);
		idle->is_late = true;
		rw_relay_stage_stop(idle, now + watch->kill_ms);
		watch->moved_ms = now;
	}
	kill_late(relay, now);
}

/* ---- the loop ---------------------------------------------------------------- */

static void
await(struct rw_relay *relay)
{
	struct pollfd fds[2 * RW_RELAY_STAGES];
	enum rw_relay_name name;
	nfds_t n = 0;

	for (name = 0; name < RW_RELAY_STAGES; name++) {
		struct rw_relay_stage *stage = stage_of(relay, name);

		if (may_read(relay, name))
			fds[n++] = (struct pollfd){.fd = stage->from.fd,
				.events = POLLIN};
		if (stage->in >= 0 && stage->to.len > 0)
			fds[n++] = (struct pollfd){.fd = stage->in,
				.events = POLLOUT};
	}
	(void)poll(fds, n, TICK_MS);
}

static void
run_loop(struct rw_relay *relay, struct watch *watch)
{
	enum rw_relay_name name;
	bool moved;

	watch->moved_ms = rw_clock_monotonic_ms();
	while (!is_over(relay)) {
		await(relay);
		moved = false;
		for (name = 0; name < RW_RELAY_STAGES; name++) {
			rw_relay_stage_write(stage_of(relay, name), &moved);
			read_lines(relay, name, &moved);
		}
		note_ends(relay);
		close_pipes(relay);
		if (moved)
			watch->moved_ms = rw_clock_monotonic_ms();
		keep_watch(relay, watch);
	}
}

/* ---- the tool ---------------------------------------------------------------- */

static bool
split(struct rw_relay *relay, char **words, struct rw_err *err)
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
read_settings(struct watch *watch, struct rw_err *err)
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

/* How a command ended from which no more was wanted is our doing. */
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
tell(struct rw_relay *relay)
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
	struct watch watch = {0};
	enum rw_relay_name name;
	int input = -1;
	bool good;

	rw_buf_addf(&done, "%s/done", dir);
	for (name = 0; name < RW_RELAY_STAGES; name++)
		rw_relay_stage_init(stage_of(relay, name), dir);
	good = read_settings(&watch, err) && split(relay, words + 1, err) &&
		open_files(relay, words[0], &done, &input, err);
	signal(SIGPIPE, SIG_IGN);
	/* What was begun ends by its closed pipes. */
	if (good && start(relay, input, err)) {
		rw_fault("relay-started");
		run_loop(relay, &watch);
		*worst = tell(relay);
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
