#include "options_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "wire/config.h"

/* The most words of RW_TOOL_OPTIONS, and of a command line that is built
 * here. */
enum { MISSING = 127, BY_SIGNAL = 128 };

extern char **environ;

void
rw_report_add_dir(struct rw_buf *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash != NULL)
		rw_buf_add(out, path, (size_t)(slash + 1 - path));
}

void
rw_report_add_quoted(struct rw_buf *out, const char *text)
{
	rw_buf_addc(out, '\'');
	for (; *text != '\0'; text++)
		if (*text == '\'')
			rw_buf_adds(out, "'\\''");
		else
			rw_buf_addc(out, *text);
	rw_buf_addc(out, '\'');
}

static bool
cannot_run(const char *path, struct rw_err *err)
{
	const char *slash = strrchr(path, '/');

	return rw_fail(err, RW_CONFIG, "%s is missing or cannot be run",
		slash != NULL ? slash + 1 : path);
}

/* ---- running a tool ---------------------------------------------------------- */

int
rw_report_run(const char *path, char *const *words, int input, int output,
	int error)
{
	const int ends[] = {input, output, error};
	posix_spawn_file_actions_t actions;
	int status = -1, failed, fd;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	for (fd = 0; fd <= 2; fd++)
		if (ends[fd] < 0)
			posix_spawn_file_actions_addopen(&actions, fd,
				"/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
		else if (ends[fd] != fd)
			posix_spawn_file_actions_adddup2(&actions, ends[fd],
				fd);
	failed = posix_spawnp(&pid, path, &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failed != 0)
		return MISSING;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) :
		WEXITSTATUS(status);
}

/* A run does not use the last three. */
enum { OF_NO_RUN = 3 };

static const char *const tools[] = {"list", "record", "gen", "put", "presign",
	"verify", "mail", "status", "splice", "relay", "outcome", "options",
	"run", "env", "bucket", "secrets"};

enum { TOOLS = sizeof tools / sizeof *tools };

bool
rw_report_has_tools(const char *bin, struct rw_err *err)
{
	struct rw_buf path = {0};
	bool good = true;
	size_t i;

	for (i = 0; good && *bin != '\0' && i < TOOLS - OF_NO_RUN; i++) {
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%srw-%s", bin, tools[i]);
		good = access(rw_buf_text(&path), X_OK) == 0 ||
			cannot_run(rw_buf_text(&path), err);
	}
	rw_buf_free(&path);
	return good;
}

enum rw_kind
rw_report_versions(const char *bin)
{
	struct rw_buf path = {0};
	enum rw_kind worst;
	struct rw_err err = {0};
	size_t i;

	printf("rw-report %s\n", RW_VERSION);
	fflush(stdout);
	for (i = 0; i < TOOLS && err.kind == RW_OK; i++) {
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%srw-%s", bin, tools[i]);
		if (strcmp(tools[i], "options") == 0) {
			printf("rw-options %s\n", RW_VERSION);
			fflush(stdout);
		} else if (rw_report_run(path.data, (char *[]){path.data,
		    (char[]){"--version"}, NULL}, -1, 1, 2) != 0) {
			rw_fail(&err, RW_CONFIG, "rw-%s cannot be run",
				tools[i]);
		}
	}
	rw_buf_free(&path);
	if (err.kind != RW_OK)
		rw_say_failure(NULL, &err);
	worst = rw_cli_close_stdout();
	return rw_kind_worse(err.kind, worst);
}

/* ---- further options of tools ------------------------------------------------ */

/* The words are cut in place. */
static bool
split_words(char *text, char **words, size_t n, struct rw_err *err)
{
	char *rest, *word;

	for (word = strtok_r(text, " \t\n", &rest); word != NULL;
	    word = strtok_r(NULL, " \t\n", &rest)) {
		if (n + 1 == RW_REPORT_WORDS)
			return rw_fail(err, RW_USAGE, "too many words");
		words[n++] = word;
	}
	words[n] = NULL;
	return true;
}

/* The tool's message, without its name and "error:". */
static bool
refuse_option(const char *setting, const char *tool, FILE *words,
	struct rw_err *err)
{
	struct rw_buf text = {0}, prefix = {0};
	struct rw_err ignored;
	const char *said;
	bool has_prefix;

	rewind(words);
	(void)rw_file_read_fd(fileno(words), "its words", &text, &ignored);
	rw_buf_addf(&prefix, "rw-%s: error: ", tool);
	said = rw_buf_text(&text);
	has_prefix = strncmp(said, rw_buf_text(&prefix), prefix.len) == 0;
	said += has_prefix ? prefix.len : 0;
	rw_fail(err, RW_USAGE, "%s: %.*s", setting, (int)strcspn(said, "\n"),
		said);
	rw_buf_free(&text);
	rw_buf_free(&prefix);
	return false;
}

static bool
check_tool(const char *bin, const char *tool, const char *setting,
	struct rw_err *err)
{
	const char *value = rw_config_text(setting, "");
	char *text = strdup(value), *words[RW_REPORT_WORDS];
	char only[] = "--only-work";
	struct rw_buf path = {0};
	FILE *said = tmpfile();
	int status;
	bool good;

	rw_buf_addf(&path, "%srw-%s", bin, tool);
	words[0] = path.data;
	words[1] = only;
	good = (text != NULL && said != NULL) ||
		rw_fail_errno(err, RW_IO, "cannot check %s", setting);
	good = good && (split_words(text, words, 2, err) ||
		rw_err_prefix(err, "%s", setting));
	if (good && words[2] != NULL) {
		status = rw_report_run(path.data, words, -1, -1,
			fileno(said));
		good = status != MISSING || cannot_run(path.data, err);
		good = good && (status != rw_kind_status(RW_USAGE) ||
			refuse_option(setting, tool, said, err));
	}
	if (said != NULL)
		fclose(said);
	free(text);
	rw_buf_free(&path);
	return good;
}

bool
rw_report_check_tools(const char *bin, struct rw_err *err)
{
	return check_tool(bin, "gen", "RW_GEN_OPTIONS", err) &&
		check_tool(bin, "put", "RW_PUT_OPTIONS", err) &&
		check_tool(bin, "presign", "RW_PRESIGN_OPTIONS", err) &&
		check_tool(bin, "mail", "RW_MAIL_OPTIONS", err);
}

/* ---- becoming ---------------------------------------------------------------- */

bool
rw_report_become(const char *bin, const char *const *command,
	char *const *more, struct rw_err *err)
{
	size_t n = 0, own = 1, i;
	struct rw_buf path = {0};
	char **words;

	for (i = 0; command[i] != NULL; i++)
		n++;
	for (i = 0; more != NULL && more[i] != NULL; i++)
		n++;
	words = calloc(n + 1, sizeof *words);
	if (words == NULL)
		return rw_fail_memory(err, "a command");
	rw_buf_addf(&path, "%s%s", bin, command[0]);
	words[0] = path.data;
	for (; command[own] != NULL; own++)
		words[own] = strdup(command[own]);
	for (i = 0; more != NULL && more[i] != NULL; i++)
		words[own + i] = more[i];
	execvp(rw_buf_text(&path), words);
	if (errno == E2BIG)
		rw_fail_errno(err, RW_USAGE, "cannot run %s", command[0]);
	else
		cannot_run(rw_buf_text(&path), err);
	for (i = 1; i < own; i++)
		free(words[i]);
	rw_buf_free(&path);
	free(words);
	return false;
}
