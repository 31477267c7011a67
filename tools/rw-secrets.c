/*
 * rw-secrets: puts secrets from MongoDB into the environment of a command, and
 * executes the command.
 */
#include "cli.h"
#include "command.h"
#include "wire/config.h"
#include "followers/secrets.h"

static bool
run_with_secrets(char **names, const struct rw_common *common,
	struct rw_err *err)
{
	size_t n;

	if (!rw_command_find(names, "NAME", &n, err) ||
	    !rw_secrets_export(names, n,
	    rw_config_text("APP_ENV", "development"), err))
		return false;
	return common->check || rw_command_become(names + n + 1, err);
}

int
main(int argc, char **argv)
{
	const struct rw_option options[] = {{0}};
	const struct rw_cli cli = {.tool = "rw-secrets",
		.purpose = "Runs a command with secrets from MongoDB.",
		.operands = "NAME... -- COMMAND [ARG...]", .options = options,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	int first = rw_cli_start(&cli, &common, argc, argv);

	if (!run_with_secrets(argv + first, &common, &err))
		return rw_cli_fail(&err);
	return rw_cli_finish(RW_OK);
}
