/*
 * rw-env: puts the settings of files into the environment of a command, and
 * executes the command.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "cli_env.h"
#include "command.h"
#include "wire/dotenv.h"
#include "wire/settings.h"

static void
print_names(void)
{
	const char *pattern;
	bool is_secret;
	size_t i;

	for (i = 0; (pattern = rw_setting_pattern(i, &is_secret)) != NULL; i++)
		printf(is_secret ? "%s\n%s_FILE\n" : "%s\n", pattern,
			pattern);
}

static bool
export_file(struct rw_dotenv *settings, const char *path, struct rw_err *err)
{
	bool good = rw_dotenv_export(settings, path, err);

	if (good)
		rw_cli_env_tell(settings, path);
	else
		rw_dotenv_free(settings);
	return good;
}

static bool
run_command(char **files, const struct rw_list *pass, struct rw_err *err)
{
	struct rw_dotenv settings = {.pass = pass->items,
		.pass_count = pass->count};
	bool good = true;
	size_t n, i;

	if (!rw_command_find(files, "FILE", &n, err))
		return false;
	for (i = 0; good && i < pass->count; i++)
		good = rw_dotenv_check_pass(pass->items[i], err);
	for (i = 0; good && i < n; i++)
		good = export_file(&settings, files[i], err);
	return good && rw_cli_env_close(err) && rw_command_become(files + n + 1, err);
}

int
main(int argc, char **argv)
{
	struct rw_list pass = {0};
	bool names = false;
	const struct rw_option options[] = {
		{"pass", RW_OPTION_LIST, &pass, "NAME",
			"also set NAME, which report-worker does not read"},
		{"print-names", RW_OPTION_FLAG, &names, NULL,
			"print the names that are set, and exit"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-env",
		.purpose = "Runs a command with the settings of .env files.",
		.operands = "FILE... -- COMMAND [ARG...]", .env = true,
		.options = options};
	struct rw_common common;
	struct rw_err err;
	int first = rw_cli_start(&cli, &common, argc, argv);

	if (names) {
		print_names();
		return rw_cli_finish(rw_cli_close_stdout());
	}
	run_command(argv + first, &pass, &err);
	free(pass.items);
	return rw_cli_fail(&err);
}
