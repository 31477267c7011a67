#include "relay_stage.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "outcome_file.h"
#include "wire/config.h"

/* The smallest size of a pipe, so that claims are not far ahead of the mail. */
enum { PIPE_SIZE = 4096, LATE = 124, MISSING = 127, NOT_RUN = 126,
	BY_SIGNAL = 128 };

void
rw_relay_stage_init(struct rw_relay_stage *stage, const char *dir)
{
	stage->in = stage->from.fd = -1;
	stage->to.max = SIZE_MAX / 4;
	stage->given_sum = stage->wrote_sum = RW_HASH64_START;
	rw_buf_addf(&stage->err_path, "%s/%s.err", dir, stage->name);
	rw_buf_addf(&stage->outcome_path, "%s/%s.outcome", dir, stage->name);
}

void
rw_relay_stage_free(struct rw_relay_stage *stage)
{
	rw_relay_stage_close_in(stage);
	rw_relay_stage_close_out(stage);
	rw_reader_free(&stage->from);
	rw_buf_free(&stage->to);
	rw_buf_free(&stage->err_path);
	rw_buf_free(&stage->outcome_path);
}

/* ---- the process ----------------------------------------------------------- */

static void
set_signals(const struct rw_relay_stage *stage)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], stage->ignores_signals ? SIG_IGN : SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
}

/* The terminal, which the log has kept from other commands (base/log.c). */
static void
pass_progress(const struct rw_relay_stage *stage)
{
	uint64_t fd = 0;

	if (!stage->shows_progress)
		unsetenv("RW_PROGRESS_FD");
	else if (rw_config_u64("RW_PROGRESS_FD", 0, 3, 1023, &fd, NULL) &&
	    fd > 0)
		(void)fcntl((int)fd, F_SETFD, 0);
}

static _Noreturn void
become(const struct rw_relay_stage *stage, int input, int output)
{
	int err = open(rw_buf_text(&stage->err_path), O_WRONLY | O_APPEND |
		O_CREAT, 0600);

	set_signals(stage);
	pass_progress(stage);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    (err >= 0 && dup2(err, STDERR_FILENO) < 0) ||
	    setenv("RW_OUTCOME_FILE", rw_buf_text(&stage->outcome_path), 1) !=
	    0)
		_exit(NOT_RUN);
	if (err > STDERR_FILENO)
		close(err);
	execvp(stage->command[0], stage->command);
	_exit(errno == ENOENT ? MISSING : NOT_RUN);
}

static bool
open_pipe(int ends[2], struct rw_err *err)
{
	if (pipe2(ends, O_CLOEXEC) != 0)
		return rw_fail_errno(err, RW_IO, "cannot make a pipe");
	(void)fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
	return true;
}

bool
rw_relay_stage_start(struct rw_relay_stage *stage, int input,
	struct rw_err *err)
{
	int to[2] = {input, -1}, from[2];
	uint64_t max_line;

	if (!rw_config_u64("RW_MAX_LINE", 4194304, 64, 1u << 30, &max_line,
	    err) || (input < 0 && !open_pipe(to, err)) ||
	    !open_pipe(from, err))
		return false;
	stage->pid = fork();
	if (stage->pid == 0)
		become(stage, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	stage->in = to[1];
	rw_reader_init(&stage->from, from[0], (size_t)max_line);
	if (stage->pid < 0) {
		stage->pid = 0;
		return rw_fail_errno(err, RW_IO, "cannot start %s",
			stage->who);
	}
	if (stage->in >= 0)
		(void)fcntl(stage->in, F_SETFL, O_NONBLOCK);
	return true;
}

void
rw_relay_stage_reap(struct rw_relay_stage *stage)
{
	int status;

	if (stage->pid == 0 || waitpid(stage->pid, &status, WNOHANG) <= 0)
		return;
	stage->pid = 0;
	stage->has_ended = true;
	stage->ended_at_ms = rw_clock_monotonic_ms();
	stage->status = stage->is_late ? LATE : WIFSIGNALED(status) ?
		BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

void
rw_relay_stage_stop(struct rw_relay_stage *stage, int64_t kill_at_ms)
{
	if (stage->pid == 0 || stage->kill_at_ms != 0)
		return;
	kill(stage->pid, SIGTERM);
	stage->kill_at_ms = kill_at_ms;
}

/* ---- its pipes ------------------------------------------------------------- */

void
rw_relay_stage_give(struct rw_relay_stage *stage, const char *text, size_t len)
{
	stage->given_sum = rw_hash64(rw_hash64(stage->given_sum, text, len),
		"\n", 1);
	stage->owed++;
	rw_buf_add(&stage->to, text, len);
	rw_buf_addc(&stage->to, '\n');
}

void
rw_relay_stage_write(struct rw_relay_stage *stage, bool *moved)
{
	ssize_t n = 0;

	if (stage->in >= 0 && stage->to.len > stage->taken) {
		n = write(stage->in, stage->to.data + stage->taken,
			stage->to.len - stage->taken);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			rw_relay_stage_close_in(stage);
	}
	if (n > 0) {
		*moved = true;
		stage->taken += (size_t)n;
	}
	if (stage->in < 0 || stage->taken == stage->to.len) {
		rw_buf_reset(&stage->to);
		stage->taken = 0;
	}
}

void
rw_relay_stage_close_in(struct rw_relay_stage *stage)
{
	if (stage->in >= 0)
		close(stage->in);
	stage->in = -1;
}

void
rw_relay_stage_close_out(struct rw_relay_stage *stage)
{
	if (stage->from.fd >= 0)
		close(stage->from.fd);
	stage->from.fd = -1;
}

/* ---- its end --------------------------------------------------------------- */

bool
rw_relay_stage_is_over(const struct rw_relay_stage *stage)
{
	return stage->has_ended && stage->from.fd < 0;
}

bool
rw_relay_stage_is_whole(const struct rw_relay_stage *stage)
{
	return stage->has_ended && (stage->status == 0 ||
		stage->status == 1 || stage->status == 65);
}

bool
rw_relay_stage_agrees(const struct rw_relay_stage *stage, struct rw_err *err)
{
	return rw_outcome_file_agrees(rw_buf_text(&stage->outcome_path),
		stage->given_sum, stage->wrote_sum, err);
}
