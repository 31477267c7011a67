#include "cli.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/harden.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli_env.h"
#include "outcome.h"
#include "wire/config.h"

enum { MAX_OPTIONS = 40, FIRST_VALUE = 256 };

struct parser {
	const struct rw_cli *cli;
	struct rw_option options[MAX_OPTIONS];
	size_t count;
	bool help, version;
	bool only_work;		/* --only-work: check the options, and exit */
	const char *period;
	const char *env;	/* --env */
	struct rw_dotenv settings;
};

static void
add_option(struct parser *p, const struct rw_option *option)
{
	if (p->count == MAX_OPTIONS)
		abort();
	p->options[p->count++] = *option;
}

/* The tool's own options first, then the shared options that the tool
 * supports. */
static void
gather_options(struct parser *p, struct rw_common *common)
{
	const struct {
		bool wanted;
		struct rw_option option;
	} shared[] = {
		{p->cli->filter || p->cli->period, {"period", RW_OPTION_TEXT,
			&p->period, "YYYY-MM", "month of lines without one; a "
			"different month is an error"}},
		{p->cli->filter, {"rejects", RW_OPTION_TEXT, &common->rejects,
			"FILE", "write unreadable lines to FILE"}},
		{p->cli->effect, {"dry-run", RW_OPTION_FLAG, &common->dry_run,
			NULL, "show what would be done, and do nothing"}},
		{p->cli->server, {"check", RW_OPTION_FLAG, &common->check,
			NULL, "check settings and servers, and do nothing"}},
		{true, {"env", RW_OPTION_TEXT, &p->env, "FILE",
			"read settings from FILE"}},
		{true, {"quiet", RW_OPTION_FLAG, &common->quiet, NULL,
			"show errors only"}},
		{true, {"verbose", RW_OPTION_FLAG, &common->verbose, NULL,
			"show each step"}},
		{true, {"help", RW_OPTION_FLAG, &p->help, NULL,
			"show this help, and exit"}},
		{true, {"h", RW_OPTION_FLAG, &p->help, NULL,
			"show this help, and exit"}},
		{true, {"version", RW_OPTION_FLAG, &p->version, NULL,
			"show the version, and exit"}},
	};
	size_t i;

	for (i = 0; p->cli->options != NULL &&
	    p->cli->options[i].name != NULL; i++)
		add_option(p, &p->cli->options[i]);
	for (i = 0; i < sizeof shared / sizeof *shared; i++)
		if (shared[i].wanted)
			add_option(p, &shared[i].option);
}

static void
show_option(const struct rw_option *o)
{
	bool letter = o->name[1] == '\0';
	char left[64];

	snprintf(left, sizeof left, "%s%s%s%s", letter ? "-" : "--", o->name,
		o->argument == NULL ? "" : " ",
		o->argument == NULL ? "" : o->argument);
	printf("  %-22s %s\n", left, o->help);
}

static void
show_help(const struct parser *p)
{
	const char *operands = p->cli->operands;
	size_t i;

	printf("Usage: %s [OPTION]...%s%s\n%s\n\n", p->cli->tool,
		operands == NULL || *operands == '\0' ? "" : " ",
		operands == NULL ? "" : operands, p->cli->purpose);
	for (i = 0; i < p->count; i++)
		show_option(&p->options[i]);
	printf("\nSettings, messages and exit statuses: man %s\n",
		p->cli->tool);
}

static bool
store_count(const struct rw_option *o, const char *text, struct rw_err *err)
{
	struct rw_option_count *count = o->value;
	size_t most = count->most != 0 ? count->most : 1000;
	uint64_t n;

	if (!rw_text_to_u64(text, most, &n) || n == 0)
		return rw_fail(err, RW_USAGE, "%s%s is \"%.40s\": expected a "
			"whole number from 1 to %zu",
			o->name[1] == '\0' ? "-" : "--", o->name, text, most);
	count->n = (size_t)n;
	return true;
}

static bool
store_value(const struct rw_option *o, const char *text, struct rw_err *err)
{
	struct rw_list *list;
	const char **items;

	switch (o->type) {
	case RW_OPTION_FLAG:
		*(bool *)o->value = true;
		return true;
	case RW_OPTION_TEXT:
		*(const char **)o->value = text;
		return true;
	case RW_OPTION_COUNT:
		return store_count(o, text, err);
	case RW_OPTION_SECONDS:
		return rw_text_to_seconds(text, o->value, err) ||
			rw_err_prefix(err, "--%s", o->name);
	case RW_OPTION_LIST:
		list = o->value;
		items = realloc(list->items,
			(list->count + 1) * sizeof *items);
		if (items == NULL)
			return rw_fail_memory(err, "--%s", o->name);
		items[list->count++] = text;
		list->items = items;
		return true;
	}
	return rw_fail(err, RW_BUG, "--%s has no type", o->name);
}

/* getopt_long requires two tables. The leading colon makes it distinguish a
 * missing value from an unknown option; the plus ends the options at the first
 * operand, so that it does not read the options of a command. */
static void
build_tables(const struct parser *p, char *letters, struct option *longs)
{
	size_t i, n = 0;

	if (p->cli->operands != NULL &&
	    strstr(p->cli->operands, "COMMAND") != NULL)
		*letters++ = '+';
	*letters++ = ':';
	for (i = 0; i < p->count; i++) {
		const struct rw_option *o = &p->options[i];
		int has = o->type == RW_OPTION_FLAG ? no_argument :
			required_argument;

		if (o->name[1] != '\0') {
			longs[n++] = (struct option){o->name, has, NULL,
				FIRST_VALUE + (int)i};
			continue;
		}
		*letters++ = o->name[0];
		if (has == required_argument)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[n] = (struct option){0};
}

static const struct rw_option *
option_of(const struct parser *p, int c)
{
	size_t i;

	if (c >= FIRST_VALUE)
		return &p->options[c - FIRST_VALUE];
	for (i = 0; i < p->count; i++)
		if (p->options[i].name[0] == c &&
		    p->options[i].name[1] == '\0')
			return &p->options[i];
	return NULL;
}

/* After --only-work, options are not allowed that make a tool do something
 * other than its work, or work on other lines. Neither is --accept, because a
 * person must first examine the error of each follower. */
static bool
is_work(const struct rw_option *option)
{
	static const char *const others[] = {"help", "h", "version", "check",
		"print", "dry-run", "to", "period", "rejects", "at",
		"accept", "env"};
	size_t i;

	for (i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(option->name, others[i]) == 0)
			return false;
	return true;
}

static bool
unexpected(const struct parser *p, const char *word, struct rw_err *err)
{
	const struct rw_option *option;

	for (option = p->cli->options; option != NULL && option->name != NULL;
	    option++)
		if (strcmp(option->name, "input") == 0)
			return rw_fail(err, RW_USAGE, "unexpected argument "
				"\"%s\": to read a file, use --input %s", word,
				word);
	if (!p->cli->filter)
		return rw_fail(err, RW_USAGE, "unexpected argument \"%s\"; see "
			"--help", word);
	return rw_fail(err, RW_USAGE, "unexpected argument \"%s\": %s reads "
		"standard input; to read a file, use < %s", word,
		p->cli->tool, word);
}

static bool
parse_options(const struct parser *p, int argc, char **argv, struct rw_err *err)
{
	struct option longs[MAX_OPTIONS + 1];
	char letters[2 * MAX_OPTIONS + 3];
	int c;

	build_tables(p, letters, longs);
	opterr = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (c == ':')
			return rw_fail(err, RW_USAGE, "%s requires a value; "
				"see --help", argv[optind - 1]);
		if (c == '?' || option_of(p, c) == NULL)
			return rw_fail(err, RW_USAGE, "unknown option %s; see "
				"--help", argv[optind - 1]);
		if (p->only_work && !is_work(option_of(p, c)))
			return rw_fail(err, RW_USAGE, "%s%s is not allowed "
				"here: %s must do its work",
				c >= FIRST_VALUE ? "--" : "-",
				option_of(p, c)->name, p->cli->tool);
		if (!store_value(option_of(p, c), optarg, err))
			return false;
	}
	if (p->only_work && strcmp(argv[optind - 1], "--") == 0)
		return rw_fail(err, RW_USAGE, "-- is not allowed here");
	if ((p->cli->operands == NULL || *p->cli->operands == '\0') &&
	    optind < argc && !p->help && !p->version)
		return unexpected(p, argv[optind], err);
	return true;
}

static bool
settle_options(struct parser *p, struct rw_common *common, struct rw_err *err)
{
	struct rw_log_options log = {.program = p->cli->tool,
		.file = rw_config_text("RW_LOG_FILE", NULL),
		.quiet = common->quiet, .verbose = common->verbose,
		.keep = rw_outcome_is_wanted()};
	const char *to = rw_config_text("RW_LOG", "");
	const char *format = rw_config_text("RW_LOG_FORMAT", "text");
	uint64_t progress_fd;
	bool dry = false;

	if (*to != '\0' && strcmp(to, "syslog") != 0)
		return rw_fail(err, RW_CONFIG, "RW_LOG is \"%.40s\": expected "
			"syslog", to);
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return rw_fail(err, RW_CONFIG, "RW_LOG_FORMAT is \"%.40s\": "
			"expected text or json", format);
	if (!rw_config_u64("RW_PROGRESS_FD", 0, 3, 1023, &progress_fd, err))
		return false;
	log.progress_fd = (int)progress_fd;
	log.syslog = *to != '\0';
	log.json = strcmp(format, "json") == 0;
	if (!rw_log_open(&log, err) || !rw_clock_check(err))
		return false;
	if (p->cli->effect &&
	    !rw_config_bool("DRY_RUN_MODE", false, &dry, err))
		return false;
	common->dry_run = common->dry_run || dry;
	common->has_period = p->period != NULL;
	if (p->period != NULL &&
	    !rw_period_parse(p->period, &common->period, err)) {
		err->kind = RW_USAGE;
		return rw_err_prefix(err, "--period");
	}
	return true;
}

/* The settings of the file include those of the log. */
static bool
load_settings(struct parser *p, struct rw_common *common, struct rw_err *err)
{
	const char *path = p->env;
	bool good;

	if (path != NULL && *path == '\0')
		return rw_fail(err, RW_USAGE, "--env requires a value");
	good = (path == NULL && p->cli->env) ||
		rw_cli_env_load(p->env, &p->settings, &path, err);
	if (good && settle_options(p, common, err)) {
		if (path != NULL)
			rw_say(RW_NOTICE, "settings are read from %s", path);
		rw_cli_env_tell(&p->settings, path);
		return true;
	}
	rw_dotenv_free(&p->settings);
	return false;
}

/* If descriptor 0, 1 or 2 were closed at the start, the next file that is
 * opened would get its number, and records would go into the log. The
 * descriptor is opened in the wrong direction, so that its use fails with EBADF
 * like that of a closed descriptor. */
static void
guard_standard_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int
rw_cli_start(const struct rw_cli *cli, struct rw_common *common, int argc,
	char **argv)
{
	struct parser p = {.cli = cli};
	struct rw_err err;
	bool good;

	rw_memory_init();
	guard_standard_descriptors();
	*common = (struct rw_common){.tool = cli->tool};
	rw_outcome_begin(cli->tool);
	rw_log_open(&(struct rw_log_options){.program = cli->tool,
		.keep = rw_outcome_is_wanted()}, &err);
	gather_options(&p, common);
	p.only_work = argc > 1 && strcmp(argv[1], "--only-work") == 0;
	if (p.only_work) {
		argv[1] = argv[0];
		argc--;
		argv++;
	}
	good = rw_harden(&err) && parse_options(&p, argc, argv, &err);
	if (good && p.help)
		show_help(&p);
	else if (good && p.version && cli->version != NULL)
		*cli->version = true;
	else if (good && p.version)
		printf("%s %s\n", cli->tool, RW_VERSION);
	else if (good && p.only_work)
		exit(rw_cli_finish(RW_OK));
	else if (!good || !load_settings(&p, common, &err))
		exit(rw_cli_fail(&err));
	if (p.help || (p.version && cli->version == NULL))
		exit(rw_cli_finish(rw_cli_close_stdout()));
	return optind;
}

int
rw_cli_fail(const struct rw_err *err)
{
	rw_say_failure(NULL, err);
	return rw_cli_finish(err->kind);
}

int
rw_cli_finish(enum rw_kind worst)
{
	struct rw_err err;

	rw_log_progress("%s", "");
	if (!rw_outcome_write(worst, &err)) {
		rw_say_failure(NULL, &err);
		worst = rw_kind_worse(worst, err.kind);
	}
	rw_log_close();
	return rw_kind_status(worst);
}

enum rw_kind
rw_cli_close_stdout(void)
{
	struct rw_err err;
	bool good = ferror(stdout) == 0;

	if (fclose(stdout) == 0 && good)
		return RW_OK;
	rw_fail_errno(&err, RW_IO, "cannot write standard output");
	rw_say(RW_ERROR, "%s", err.message);
	return RW_IO;
}
