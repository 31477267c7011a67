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

/* The most words of a command line. */
enum { RW_REPORT_WORDS = 1000 };

/* Strings are borrowed; NULL: not given. */
struct rw_report_options {
	const char *bin;	/* the directory of the tools, with its slash;
				 * "": tools are found through PATH */
	const char *period, *select, *shard, *input, *rejects, *out,
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

/* Prints the version of rw-report and of each tool. Reports each failure. */
enum rw_kind
rw_report_versions(const char *bin);

/* Runs a program, found through PATH, and returns its status as a shell reports
 * it. Descriptor -1 means /dev/null. */
int
rw_report_run(const char *path, char *const *words, int input, int output,
	int error);

/* True when each tool that a run needs can be run. RW_CONFIG. */
bool
rw_report_has_tools(const char *bin, struct rw_err *err);

/* Lets each tool check everything that a run would use. Reports each
 * failure. */
enum rw_kind
rw_report_check(const struct rw_report_options *o);

/* RW_USAGE: RW_GEN_OPTIONS or a similar setting has an option that the tool
 * does not know, or that makes it do something other than its work. RW_CONFIG:
 * a tool cannot be run. */
bool
rw_report_check_tools(const char *bin, struct rw_err *err);

/* Executes the command in this process, with more (may be NULL) as its last
 * arguments. Returns only on failure: RW_CONFIG. */
bool
rw_report_become(const char *bin, const char *const *command,
	char *const *more, struct rw_err *err);

#endif
