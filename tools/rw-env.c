/*
 * rw-env: puts the settings of files into one command's environment, and
 * becomes that command.
 */
#include "cli.h"
#include "command.h"
#include "wire/dotenv.h"

static bool
run(char **files, struct rw_err *err)
{
	size_t n, i;

	if (!rw_command_find(files, "FILE", &n, err))
		return false;
	for (i = 0; i < n; i++)
		if (!rw_dotenv_export(files[i], err))
			return false;
	return rw_command_become(files + n + 1, err);
}

int
main(int argc, char **argv)
{
	const struct rw_option options[] = {{0}};
	const struct rw_cli cli = {.tool = "rw-env",
		.purpose = "Runs a command with the settings of .env files.",
		.operands = "FILE... -- COMMAND [ARG...]", .options = options};
	struct rw_common common;
	struct rw_err err;
	int first = rw_cli_start(&cli, &common, argc, argv);

	run(argv + first, &err);
	return rw_cli_fail(&err);
}
