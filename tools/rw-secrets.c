/*
 * rw-secrets: puts secrets from MongoDB into one command's environment, and
 * becomes that command.
 */
#include <sys/prctl.h>
#include <sys/resource.h>

#include "cli.h"
#include "command.h"
#include "wire/config.h"
#include "work/secrets.h"

/* The limit goes on to the command, whose core would have its environment. */
static bool
forbid_cores(struct rw_err *err)
{
	const struct rlimit none = {0};

	return (setrlimit(RLIMIT_CORE, &none) == 0 &&
		prctl(PR_SET_DUMPABLE, 0) == 0) ||
		rw_fail_errno(err, RW_BUG, "cannot forbid core dumps");
}

static bool
run(char **names, const struct rw_common *common, struct rw_err *err)
{
	size_t n;

	if (!rw_command_find(names, "NAME", &n, err) || !forbid_cores(err) ||
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

	if (!run(argv + first, &common, &err))
		return rw_cli_fail(&err);
	return rw_cli_finish(RW_OK);
}
