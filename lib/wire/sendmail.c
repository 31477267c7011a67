#include "wire/sendmail.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "wire/child.h"

bool
rw_sendmail_open(struct rw_sendmail *sendmail, const char *program,
	int64_t timeout_ms, struct rw_err *err)
{
	*sendmail = (struct rw_sendmail){.program = strdup(program),
		.timeout_ms = timeout_ms};
	if (sendmail->program == NULL)
		return rw_fail_memory(err, "%s", program);
	if (access(program, X_OK) != 0)
		rw_fail_errno(err, RW_CONFIG, "cannot run %s", program);
	else if ((sendmail->environment = rw_child_environment(program,
	    err)) != NULL)
		return true;
	rw_sendmail_close(sendmail);
	return false;
}

void
rw_sendmail_close(struct rw_sendmail *sendmail)
{
	rw_child_environment_free(sendmail->environment);
	free(sendmail->program);
	rw_buf_free(&sendmail->text);
	*sendmail = (struct rw_sendmail){0};
}

/* Writes the message to an unnamed file. */
static int
make_input(struct rw_sendmail *sendmail, const struct rw_mail *mail,
	struct rw_err *err)
{
	int fd = memfd_create("message", MFD_CLOEXEC);

	if (fd < 0) {
		rw_fail_errno(err, RW_IO, "cannot buffer the message");
		return -1;
	}
	rw_mail_with_lf(mail, &sendmail->text);
	if (rw_buf_ok(&sendmail->text, "the message", err) &&
	    rw_file_write_all(fd, sendmail->text.data, sendmail->text.len,
	    "the message", err) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

/* The program's output goes to our standard error, because standard output is
 * for records. The program gets no other descriptors: it may leave a process in
 * the background, and a run counts as alive while any process holds its
 * lock. */
static bool
start(struct rw_sendmail *sendmail, const struct rw_mail *mail, int input,
	pid_t *pid, struct rw_err *err)
{
	char *copies[] = {strdup(mail->sender), strdup(mail->recipient)};
	char *argv[] = {sendmail->program, (char[]){"-i"}, (char[]){"-f"},
		copies[0], (char[]){"--"}, copies[1], NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int failed;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO,
		STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	/* An interrupt from the terminal must not reach the program. */
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETPGROUP);
	failed = posix_spawn(pid, sendmail->program, &actions, &attributes,
		argv, sendmail->environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(copies[0]);
	free(copies[1]);
	errno = failed;
	return failed == 0 || rw_fail_errno(err, RW_IO, "cannot run %s",
		sendmail->program);
}

/* The time left for the program, at most until end_ms. */
static int64_t
left_ms(const struct rw_sendmail *sendmail, int64_t end_ms)
{
	int64_t left = end_ms - rw_clock_monotonic_ms(), grace;

	grace = sendmail->grace_ms == NULL ? -1 : sendmail->grace_ms();
	return grace >= 0 && grace < left ? grace : left;
}

/* False: the program did not end in time and was killed. */
static bool
wait_for(const struct rw_sendmail *sendmail, pid_t pid, int *status)
{
	enum { LOOK_MS = 500 };	/* for a signal that came before the wait */
	int64_t end = rw_clock_monotonic_ms() + sendmail->timeout_ms, left;
	struct pollfd handle = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	bool ended = handle.fd < 0;

	while (!ended && (left = left_ms(sendmail, end)) > 0)
		ended = poll(&handle, 1, left > LOOK_MS ? LOOK_MS :
			(int)left) > 0;
	if (!ended)
		kill(pid, SIGKILL);
	if (handle.fd >= 0)
		close(handle.fd);
	while (waitpid(pid, status, 0) < 0 && errno == EINTR)
		;
	return ended;
}

static bool
judge(const struct rw_sendmail *sendmail, int status, struct rw_err *err)
{
	int code = WEXITSTATUS(status);

	if (!WIFEXITED(status))
		return rw_fail(err, RW_IN_DOUBT, "%s was killed by signal %d",
			sendmail->program, WTERMSIG(status));
	if (code == EX_OK)
		return true;
	/* With this status, Sendmail has queued the message, but Postfix has
	 * not. */
	if (code == EX_TEMPFAIL)
		return rw_fail(err, RW_IN_DOUBT, "%s ended with status %d: it "
			"may have queued the message", sendmail->program,
			code);
	rw_fail(err, code == EX_CONFIG || code == EX_NOPERM ? RW_CONFIG :
		RW_REFUSED, "%s ended with status %d", sendmail->program,
		code);
	if (err != NULL)
		err->retryable = code != EX_USAGE && code != EX_DATAERR &&
			code != EX_NOUSER && code != EX_NOHOST;
	return false;
}

static bool
late(const struct rw_sendmail *sendmail, struct rw_err *err)
{
	if (sendmail->grace_ms != NULL && sendmail->grace_ms() == 0)
		return rw_fail(err, RW_IN_DOUBT, "%s had not ended when "
			"rw-mail was stopped", sendmail->program);
	return rw_fail(err, RW_IN_DOUBT, "%s did not end in %lld seconds",
		sendmail->program, (long long)(sendmail->timeout_ms / 1000));
}

bool
rw_sendmail_deliver(struct rw_sendmail *sendmail, const struct rw_mail *mail,
	struct rw_err *err)
{
	int input = make_input(sendmail, mail, err), status = 0;
	pid_t pid;
	bool ok;

	if (input < 0)
		return false;
	ok = start(sendmail, mail, input, &pid, err);
	close(input);
	if (!ok)
		return false;
	if (!wait_for(sendmail, pid, &status))
		return late(sendmail, err);
	return judge(sendmail, status, err);
}
