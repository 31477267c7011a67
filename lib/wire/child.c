#include "wire/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* ---- the environment ----------------------------------------------------- */

static const char *const passed_on[] = {"PATH", "HOME", "USER", "LOGNAME",
	"SHELL", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TMPDIR",
	"MAIL_CONFIG", "XDG_CONFIG_HOME"};

enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

char **
rw_child_environment(const char *program, struct rw_err *err)
{
	char **environment = calloc(PASSED_ON + 1, sizeof *environment);
	const char *value;
	size_t i, n = 0;

	for (i = 0; environment != NULL && i < PASSED_ON; i++) {
		value = getenv(passed_on[i]);
		if (value == NULL)
			continue;
		if (asprintf(&environment[n], "%s=%s", passed_on[i],
		    value) < 0) {
			environment[n] = NULL;
			rw_child_environment_free(environment);
			environment = NULL;
		}
		n++;
	}
	if (environment == NULL)
		rw_fail_memory(err, "the environment of %s", program);
	return environment;
}

void
rw_child_environment_free(char **environment)
{
	char **variable = environment;

	while (variable != NULL && *variable != NULL)
		free(*variable++);
	free(environment);
}

/* ---- a line of output ---------------------------------------------------- */

enum { CHILD_MS = 30000, LINE_MAX_BYTES = 16384 };

static int
start_command(const char *command, int output, pid_t *pid, char **environment)
{
	char *copy = strdup(command);
	char *argv[] = {(char[]){"sh"}, (char[]){"-c"}, copy, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;
	int failed;

	if (copy == NULL)
		return ENOMEM;
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
		O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETPGROUP);
	failed = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv,
		environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	free(copy);
	return failed;
}

/* Reads all that the command prints, at most room - 1 bytes. False: the time is
 * over, or the command prints more. */
static bool
read_all(int fd, char *text, size_t room)
{
	int64_t end = rw_clock_monotonic_ms() + CHILD_MS, left;
	struct pollfd output = {.fd = fd, .events = POLLIN};
	size_t n = 0;
	ssize_t got = -1;

	while (got != 0 && n + 1 < room &&
	    (left = end - rw_clock_monotonic_ms()) > 0) {
		if (poll(&output, 1, (int)left) <= 0)
			continue;
		got = read(fd, text + n, room - 1 - n);
		if (got > 0)
			n += (size_t)got;
		else if (got < 0 && errno != EINTR)
			break;
	}
	text[n] = '\0';
	return got == 0;
}

static bool
judge_command(const char *name, bool is_read, int status, struct rw_err *err)
{
	enum { CANNOT_RUN = 126, NOT_FOUND = 127 };
	int code = WEXITSTATUS(status);

	if (!is_read)
		return rw_fail(err, RW_UNREACHABLE, "%s did not end in %d "
			"seconds, or printed more than %d bytes", name,
			CHILD_MS / 1000, LINE_MAX_BYTES);
	if (!WIFEXITED(status))
		return rw_fail(err, RW_UNREACHABLE, "%s was killed by signal "
			"%d", name, WTERMSIG(status));
	return code == 0 || rw_fail(err, code == CANNOT_RUN ||
		code == NOT_FOUND ? RW_CONFIG : RW_UNREACHABLE,
		"%s ended with status %d", name, code);
}

static bool
run_child(const char *name, const char *command, char **environment,
	char *text, struct rw_err *err)
{
	int ends[2], status = 0, failed;
	bool is_read;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return rw_fail_errno(err, RW_IO, "%s", name);
	failed = start_command(command, ends[1], &pid, environment);
	close(ends[1]);
	if (failed != 0) {
		close(ends[0]);
		errno = failed;
		return rw_fail_errno(err, RW_IO, "cannot run %s", name);
	}
	is_read = read_all(ends[0], text, LINE_MAX_BYTES);
	if (!is_read)
		kill(-pid, SIGKILL);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return judge_command(name, is_read, status, err);
}

bool
rw_child_line(const char *name, const char *command, char **line,
	struct rw_err *err)
{
	char **environment = rw_child_environment(name, err);
	char text[LINE_MAX_BYTES];
	bool good;

	*line = NULL;
	if (environment == NULL)
		return false;
	good = run_child(name, command, environment, text, err);
	rw_child_environment_free(environment);
	if (good) {
		text[strcspn(text, "\r\n")] = '\0';
		good = *text != '\0' || rw_fail(err, RW_CONFIG, "%s printed "
			"nothing", name);
	}
	if (good) {
		*line = strdup(text);
		good = *line != NULL || rw_fail_memory(err, "%s", name);
	}
	explicit_bzero(text, sizeof text);
	return good;
}
