#include "cli_env.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "wire/config.h"

#define NOTHING "/dev/null"

/* A process that has one of these works with the settings of its environment.
 * A file of the installation must not direct the rest of its work to a ledger,
 * a store or a mail server that its caller did not name. */
static const char *const own_settings[] = {"MONGO_URI", "MONGO_DB_NAME",
	"RW_LEDGER", "RW_STATE_DIR", "RW_MAIL_TRANSPORT", "SMTP_URI",
	"SMTP_HOST", "MINIO_ENDPOINT_URL"};

/* An empty variable counts as well: its caller has decided. */
static bool
has_own_settings(void)
{
	char file_name[64];
	size_t i;

	for (i = 0; i < sizeof own_settings / sizeof *own_settings; i++) {
		snprintf(file_name, sizeof file_name, "%s_FILE",
			own_settings[i]);
		if (getenv(own_settings[i]) != NULL ||
		    getenv(file_name) != NULL)
			return true;
	}
	return false;
}

/* False also when it cannot be examined, so that opening it gives the
 * reason. */
static bool
is_absent(const char *path)
{
	return access(path, F_OK) != 0 &&
		(errno == ENOENT || errno == ENOTDIR);
}

static const char *
find_file(const char *option)
{
	const char *path = rw_config_text("RW_ENV_FILE", NULL);

	if (option != NULL)
		return option;
	if (path != NULL)
		return strcmp(path, NOTHING) == 0 ? NULL : path;
	return has_own_settings() || is_absent(RW_CLI_ENV_DEFAULT) ? NULL :
		RW_CLI_ENV_DEFAULT;
}

bool
rw_cli_env_close(struct rw_err *err)
{
	return setenv("RW_ENV_FILE", NOTHING, 1) == 0 ||
		rw_fail_errno(err, RW_BUG, "cannot set RW_ENV_FILE");
}

bool
rw_cli_env_load(const char *option, struct rw_dotenv *settings,
	const char **path, struct rw_err *err)
{
	*path = find_file(option);
	return (*path == NULL || rw_dotenv_export(settings, *path, err)) &&
		rw_cli_env_close(err);
}

void
rw_cli_env_tell(struct rw_dotenv *settings, const char *path)
{
	if (settings->bare_line > 0)
		rw_say(RW_WARNING, "%s, line %u: a name without \"=\" sets "
			"nothing", path, settings->bare_line);
	if (settings->skipped_count > 0)
		rw_say(RW_INFO, "%s: %zu name%s skipped that report-worker "
			"does not read: %s", path, settings->skipped_count,
			settings->skipped_count == 1 ? "" : "s",
			rw_buf_text(&settings->skipped));
	rw_dotenv_free(settings);
}
