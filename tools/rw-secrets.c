/*
 * rw-secrets: puts secrets from MongoDB into one command's environment, and
 * becomes that command.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli.h"
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
	size_t n = 0;

	while (names[n] != NULL && strcmp(names[n], "--") != 0)
		n++;
	if (n == 0 || names[n] == NULL || names[n + 1] == NULL)
		return rw_fail(err, RW_USAGE, "expected NAME... -- COMMAND "
			"[ARG...]");
	if (!forbid_cores(err) || !rw_secrets_export(names, n,
	    rw_config_text("APP_ENV", "development"), err))
		return false;
	if (common->check)
		return true;
	execvp(names[n + 1], names + n + 1);
	return rw_fail_errno(err, errno == ENOENT ? RW_USAGE : RW_IO,
		"cannot run %s", names[n + 1]);
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
