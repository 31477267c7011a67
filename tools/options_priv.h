/*
 * The options of rw-report, and the programs around it. For rw-options.
 */
#ifndef RW_TOOLS_OPTIONS_PRIV_H
#define RW_TOOLS_OPTIONS_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli.h"

/* Words of a command line at most. */
enum { RW_REPORT_WORDS = 1000 };

/* Strings are borrowed; NULL: not given. */
struct rw_report_options {
	const char *bin;	/* the directory of the tools, with its slash;
				 * "": as a shell finds them */
	const char *period, *select, *shard, *input, *rejects, *out, *env,
		*in_doubt, *expect_min, *expect_days, *to;
	struct rw_list followers;
	bool keep, again, revise, all, force, accept, take_over, allow_empty,
		allow_unfinished, json, dry, check, quiet, verbose, version;
	uint64_t lock_wait_s, wait_claims_s;
	/* Settings */
	bool dry_setting;
	uint64_t grace_s, stage_s;
};

/* Appends the directory of a program's path, with its slash, if it has one. */
void
rw_report_add_dir(struct rw_buf *out, const char *path);

/* Appends the text as one word of a shell. */
void
rw_report_add_quoted(struct rw_buf *out, const char *text);

/* RW_USAGE: a value is malformed, or two options exclude each other. */
bool
rw_report_check_values(const struct rw_report_options *o, struct rw_err *err);

/* Prints the version of rw-report and of each tool. Says what fails. */
enum rw_kind
rw_report_versions(const char *bin);

/* Runs a program, found as a shell does, and returns its status as a shell has
 * it. A descriptor that is -1 is /dev/null. */
int
rw_report_run(const char *path, char *const *words, int input, int output,
	int error);

/* Whether each tool that a run needs can be run. RW_CONFIG. */
bool
rw_report_has_tools(const char *bin, struct rw_err *err);

/* Checks with each tool what a run would use. Says what fails. */
enum rw_kind
rw_report_check(const struct rw_report_options *o);

/* Options in RW_GEN_OPTIONS and the like that the tool does not know, or that
 * make it do something else than its work, are RW_USAGE. RW_CONFIG: a tool
 * cannot be run. */
bool
rw_report_check_tools(const char *bin, struct rw_err *err);

/* Becomes the command, with more words behind it (NULL: none). Returns only when that is not possible: RW_CONFIG. */
bool
rw_report_become(const char *bin, const char *const *command,
	char *const *more, struct rw_err *err);

#endif
