#include "heartbeat.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "wire/config.h"

static const struct {
	const char *event, *suffix;
} events[] = {{"start", "/start"}, {"success", ""}, {"failure", "/fail"}};

/* What curl and the TLS library need. */
static const char *const passed_on[] = {"PATH", "HOME", "LANG", "LC_ALL", "TZ",
	"TMPDIR", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTPS_PROXY",
	"ALL_PROXY", "NO_PROXY"};

enum { PASSED_ON = sizeof passed_on / sizeof *passed_on };

static const char *
find_suffix(const char *event)
{
	size_t i;

	for (i = 0; i < sizeof events / sizeof *events; i++)
		if (strcmp(events[i].event, event) == 0)
			return events[i].suffix;
	return NULL;
}

/* Of this process, too: it does nothing else. */
static bool
clear_environment(struct rw_err *err)
{
	char *values[PASSED_ON];
	bool good;
	size_t i;

	for (i = 0; i < PASSED_ON; i++) {
		values[i] = getenv(passed_on[i]);
		if (values[i] != NULL)
			values[i] = strdup(values[i]);
	}
	good = clearenv() == 0;
	for (i = 0; i < PASSED_ON; i++) {
		if (values[i] != NULL)
			good = setenv(passed_on[i], values[i], 1) == 0 && good;
		free(values[i]);
	}
	return good || rw_fail_memory(err, "the environment of curl");
}

static bool
start_curl(int input, pid_t *pid, struct rw_err *err)
{
	char words[][12] = {"curl", "-q", "-fsS", "-m", "10", "-o",
		"/dev/null", "-K", "-"};
	char *argv[sizeof words / sizeof *words + 1] = {NULL};
	posix_spawn_file_actions_t actions;
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		argv[i] = words[i];
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	errno = posix_spawnp(pid, words[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return errno == 0 || rw_fail_errno(err, RW_UNREACHABLE,
		"cannot run curl");
}

static bool
request(const struct rw_buf *line, struct rw_err *err)
{
	struct rw_err ignored;
	int ends[2], status = -1;
	pid_t pid;
	bool good;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return rw_fail_errno(err, RW_UNREACHABLE, "RW_HEARTBEAT_URL");
	good = start_curl(ends[0], &pid, err);
	close(ends[0]);
	/* A pipe has room for it. */
	signal(SIGPIPE, SIG_IGN);
	if (good)
		(void)rw_file_write_all(ends[1], line->data, line->len, "curl",
			&ignored);
	close(ends[1]);
	while (good && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return good && (status == 0 || rw_fail(err, RW_UNREACHABLE,
		"RW_HEARTBEAT_URL is unreachable"));
}

bool
rw_heartbeat_send(const char *event, struct rw_err *err)
{
	const char *url = rw_config_text("RW_HEARTBEAT_URL", NULL);
	const char *suffix = find_suffix(event);
	struct rw_buf line = {0};
	bool good;

	if (suffix == NULL)
		return rw_fail(err, RW_USAGE, "--heartbeat: \"%.40s\" is not an "
			"event: expected start, success or failure", event);
	if (url == NULL)
		return true;
	rw_buf_addf(&line, "url = \"%s%s\"\n", url, suffix);
	good = rw_buf_ok(&line, "the URL", err) && clear_environment(err) &&
		request(&line, err);
	rw_buf_free(&line);
	return good;
}
