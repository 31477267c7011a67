/*
 * The command line that all tools share: one table of options gives the
 * parser and --help. Only main() uses this; it prints and may exit.
 */
#ifndef RW_TOOLS_CLI_H
#define RW_TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/period.h"

enum rw_option_type {
	RW_OPTION_FLAG,		/* bool * */
	RW_OPTION_TEXT,		/* const char ** */
	RW_OPTION_COUNT,	/* struct rw_option_count *: from 1 */
	RW_OPTION_SECONDS,	/* uint64_t *: "30d" */
	RW_OPTION_LIST,		/* struct rw_list *: may be repeated */
};

struct rw_option {
	const char *name;	/* "expires"; one letter makes "-j" */
	enum rw_option_type type;
	void *value;
	const char *argument;	/* name of the value in --help; NULL for a
				 * flag */
	const char *help;	/* one line */
};

struct rw_option_count {
	size_t n;		/* before parsing: the default */
	size_t most;		/* 0: 1000 */
};

struct rw_list {
	const char **items;	/* borrowed from argv */
	size_t count;
};

struct rw_cli {
	const char *tool;	/* "rw-put" */
	const char *purpose;	/* one line */
	const char *operands;	/* "" or "NAME... -- COMMAND [ARG...]" */
	const struct rw_option *options;	/* ends with .name NULL */
	bool filter;		/* reads records: --period, --rejects */
	bool period;		/* --period alone */
	bool effect;		/* --dry-run, DRY_RUN_MODE */
	bool server;		/* --check */
	bool env;		/* its operands are settings files: only --env
				 * is read here, and no file by default */
	bool *version;		/* NULL: this module answers --version;
				 * otherwise it sets the flag, and the tool
				 * answers */
};

/* The values of the shared options. */
struct rw_common {
	const char *tool;
	bool quiet, verbose, dry_run, check;
	const char *rejects;	/* NULL: none */
	bool has_period;
	struct rw_period period;
};

/* Reads the command line and the settings file (cli_env.h), and opens the log
 * (RW_LOG_FILE, RW_LOG, RW_LOG_FORMAT). Answers --help and --version itself. Ends the process with
 * status 64 or 78 when the command line or a setting is wrong. Returns the
 * index of the first operand. */
int
rw_cli_start(const struct rw_cli *cli, struct rw_common *common, int argc,
	char **argv);

/* Logs the failure and returns the exit status. */
int
rw_cli_fail(const struct rw_err *err);

/* The exit status for the worst kind. */
int
rw_cli_finish(enum rw_kind worst);

/* For tools without records: closes standard output and checks that all of
 * it was written. */
enum rw_kind
rw_cli_close_stdout(void);

#endif
