/*
 * The settings file of a tool: --env FILE, otherwise RW_ENV_FILE, otherwise
 * the file of the installation. For cli.c and rw-env.
 */
#ifndef RW_TOOLS_CLI_ENV_H
#define RW_TOOLS_CLI_ENV_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/dotenv.h"

/* Read only when it exists, neither --env nor RW_ENV_FILE is given, and the
 * environment has no setting that names a ledger, a store or a mail server. */
#define RW_CLI_ENV_DEFAULT "/etc/report-worker/report-worker.env"

/* Sets the settings of the file in the environment. option is the value of
 * --env, or NULL. *path is the file that was read, or NULL; borrowed from
 * option or the environment that the process began with. From then on
 * RW_ENV_FILE is /dev/null: no child reads a file again. RW_CONFIG, as
 * wire/dotenv.h. */
bool
rw_cli_env_load(const char *option, struct rw_dotenv *settings,
	const char **path, struct rw_err *err);

/* Says what of the file was not set, and frees that list. */
void
rw_cli_env_tell(struct rw_dotenv *settings, const char *path);

/* Sets RW_ENV_FILE to /dev/null. */
bool
rw_cli_env_close(struct rw_err *err);

#endif
