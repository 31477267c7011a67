/* rw-report --check: tries everything that a run would use, tool by tool. */
#include "options_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/period.h"
#include "stages.h"
#include "wire/config.h"

/* The words of one command. */
struct command {
	char *words[RW_REPORT_WORDS];
	size_t n;
	struct rw_buf path;
};

static void
add_word(struct command *c, const char *word)
{
	if (c->n + 1 < RW_REPORT_WORDS)
		c->words[c->n++] = strdup(word);
}

static void
add_option(struct command *c, const char *name, const char *value)
{
	if (value == NULL)
		return;
	add_word(c, name);
	add_word(c, value);
}

static void
add_flag(struct command *c, bool on, const char *name)
{
	if (on)
		add_word(c, name);
}

static void
add_setting(struct command *c, const char *name)
{
	char *text = strdup(rw_config_text(name, "")), *rest, *word;

	for (word = strtok_r(text, " \t\n", &rest); word != NULL;
	    word = strtok_r(NULL, " \t\n", &rest))
		add_word(c, word);
	free(text);
}

static void
start_command(struct command *c, const struct rw_report_options *o,
	const char *tool)
{
	*c = (struct command){.n = 0};
	rw_buf_addf(&c->path, "%srw-%s", o->bin, tool);
	add_word(c, rw_buf_text(&c->path));
	add_word(c, "--check");
	add_flag(c, o->quiet, "--quiet");
}

static void
free_command(struct command *c)
{
	while (c->n > 0)
		free(c->words[--c->n]);
	rw_buf_free(&c->path);
}

/* ---- one tool ---------------------------------------------------------------- */

/* Lines of a checklist (checklist.h) that name a fault. */
static void
print_faults(const char *text)
{
	size_t len;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (strncmp(text, "FAIL ", 5) == 0)
			printf("%.*s\n", (int)len, text);
	}
	fflush(stdout);
}

/* With --quiet, only the faults of the checklist are shown. */
static enum rw_kind
run_check(struct command *c, const struct rw_report_options *o,
	const char *tool, bool reads_input)
{
	FILE *said = o->quiet ? tmpfile() : NULL;
	const struct rw_stage stage = rw_stage_of(tool);
	struct rw_buf text = {0}, words = {0};
	struct rw_err ignored;
	char status[16];
	int n;

	fflush(stdout);
	n = rw_report_run(rw_buf_text(&c->path), c->words, reads_input ?
		STDIN_FILENO : -1, said != NULL ? fileno(said) : STDOUT_FILENO,
		STDERR_FILENO);
	snprintf(status, sizeof status, "%d", n);
	if (said != NULL) {
		rewind(said);
		(void)rw_file_read_fd(fileno(said), "its words", &text,
			&ignored);
		fclose(said);
	}
	n = rw_stage_settled(status);
	print_faults(rw_buf_text(&text));
	if (n != 0) {
		rw_stage_describe(&stage, status, &words);
		rw_say(RW_ERROR, "%s (--check)", rw_buf_text(&words));
	}
	rw_buf_free(&text);
	rw_buf_free(&words);
	return rw_stage_kind(n);
}

static enum rw_kind
end_command(struct command *c, const struct rw_report_options *o,
	const char *tool, enum rw_kind worst)
{
	bool reads = strcmp(tool, "list") == 0;

	worst = rw_kind_worse(worst, run_check(c, o, tool, reads));
	free_command(c);
	return worst;
}

/* Asks rw-list for the month that a run would use. period has RW_PERIOD_SIZE
 * bytes, and is "" when the input determines the month. */
static enum rw_kind
find_month(const struct rw_report_options *o, char *period)
{
	char option[] = "--print-period", status[16];
	const struct rw_stage stage = rw_stage_of("list");
	struct rw_buf path = {0}, words = {0};
	FILE *said = tmpfile();
	int n;

	period[0] = '\0';
	if (o->period != NULL || o->input != NULL || o->select != NULL ||
	    said == NULL)
		return RW_OK;
	rw_buf_addf(&path, "%srw-list", o->bin);
	n = rw_report_run(path.data, (char *[]){path.data, option, NULL}, -1,
		fileno(said), STDERR_FILENO);
	rewind(said);
	if (n == 0 && fgets(period, RW_PERIOD_SIZE, said) != NULL)
		period[strcspn(period, "\n")] = '\0';
	fclose(said);
	snprintf(status, sizeof status, "%d", n);
	rw_stage_describe(&stage, status, &words);
	if (n != 0)
		rw_say(RW_ERROR, "%s: which month?", rw_buf_text(&words));
	rw_buf_free(&path);
	rw_buf_free(&words);
	return rw_stage_kind(rw_stage_settled(status));
}

/* ---- all of them ------------------------------------------------------------- */

static enum rw_kind
check_list(const struct rw_report_options *o, const char *month,
	enum rw_kind worst)
{
	struct command c;
	size_t i;

	start_command(&c, o, "list");
	add_option(&c, "--period", *month != '\0' ? month : o->period);
	add_option(&c, "--shard", o->shard);
	for (i = 0; i < o->followers.count; i++)
		add_option(&c, "--follower", o->followers.items[i]);
	add_flag(&c, o->accept, "--accept");
	add_option(&c, "--expect-min", o->expect_min);
	add_option(&c, "--expect-days", o->expect_days);
	add_flag(&c, o->allow_empty, "--allow-empty");
	add_flag(&c, o->allow_unfinished, "--allow-unfinished");
	add_option(&c, "--select", o->select);
	add_option(&c, "--input", o->input);
	add_option(&c, "--gates", "/dev/null");
	add_flag(&c, o->dry || o->dry_setting || o->to != NULL, "--dry-run");
	return end_command(&c, o, "list", worst);
}

enum rw_kind
rw_report_check(const struct rw_report_options *o)
{
	struct command c;
	char month[RW_PERIOD_SIZE];
	enum rw_kind worst = find_month(o, month);

	if (worst != RW_OK)
		return worst;
	start_command(&c, o, "run");
	add_option(&c, "--writable", o->out);
	worst = check_list(o, month, end_command(&c, o, "run", worst));
	start_command(&c, o, "record");
	worst = end_command(&c, o, "record", worst);
	start_command(&c, o, "gen");
	add_option(&c, "--out", o->out);
	add_flag(&c, o->accept, "--accept");
	add_setting(&c, "RW_GEN_OPTIONS");
	worst = end_command(&c, o, "gen", worst);
	/* rw-put --check tries a link as a run makes it. */
	start_command(&c, o, "put");
	add_setting(&c, "RW_PUT_OPTIONS");
	add_setting(&c, "RW_PRESIGN_OPTIONS");
	worst = end_command(&c, o, "put", worst);
	start_command(&c, o, "presign");
	add_setting(&c, "RW_PRESIGN_OPTIONS");
	worst = end_command(&c, o, "presign", worst);
	start_command(&c, o, "verify");
	worst = end_command(&c, o, "verify", worst);
	start_command(&c, o, "mail");
	add_setting(&c, "RW_MAIL_OPTIONS");
	return end_command(&c, o, "mail", worst);
}
