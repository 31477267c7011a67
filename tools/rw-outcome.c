/*
 * rw-outcome: prints what the stages of a run reported at their end: as shell
 * words for rw-report, and grouped for people.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cli.h"
#include "outcome_file.h"
#include "stages.h"
#include "summary.h"

/* The most lines shown for one stage: about a screen. */
enum { SHOWN = 10 };

/* ---- shell words ----------------------------------------------------------- */

static void
add_quoted(struct rw_buf *out, const char *text)
{
	struct rw_buf printable = {0};
	const char *p;

	rw_text_add_printable(&printable, text);
	rw_buf_addc(out, '\'');
	for (p = rw_buf_text(&printable); *p != '\0'; p++)
		if (*p == '\'')
			rw_buf_adds(out, "'\\''");
		else
			rw_buf_addc(out, *p);
	rw_buf_addc(out, '\'');
	rw_buf_free(&printable);
}

static void
add_word(struct rw_buf *out, const char *name, const char *value)
{
	rw_buf_addf(out, "%s=", name);
	add_quoted(out, value != NULL ? value : "");
	rw_buf_addc(out, '\n');
}

/* The first error of the current outcome, quoted. */
static bool
add_first(struct rw_buf *out, struct rw_outcome_file *file)
{
	struct rw_outcome_cause cause;
	size_t at = 0;

	while (rw_outcome_file_cause(file, &at, &cause))
		if (strcmp(cause.level, "error") == 0) {
			add_quoted(out, cause.message);
			return true;
		}
	return false;
}

/* The outcome of all processes that have written to the file. *reader_gone is
 * set when any of them lost its reader. */
static void
add_shell(struct rw_buf *out, const char *path, bool *reader_gone)
{
	struct rw_outcome_file file;
	struct rw_buf cause = {0}, last = {0};
	uint64_t would_send = 0;
	bool found = false;

	*reader_gone = false;
	rw_outcome_file_open(&file, path);
	while (rw_outcome_file_next(&file)) {
		*reader_gone = *reader_gone || file.reader_gone;
		would_send += file.would_send;
		found = found || add_first(&cause, &file);
		rw_buf_reset(&last);
		rw_buf_addf(&last, "lines_read=%" PRIu64 "\nlines_passed=%"
			PRIu64 "\nlines_dropped=%" PRIu64
			"\nlines_unreadable=%" PRIu64 "\n", file.read,
			file.passed + file.failed, file.dropped,
			file.unreadable);
		add_word(&last, "lines_period", file.period);
		if (file.has_without_follower)
			rw_buf_addf(&last, "without=%" PRIu64 "\n",
				file.without_follower);
	}
	rw_buf_addf(out, "%sreader_gone=%s\nwould_send=%" PRIu64
		"\ncause=%s\n", rw_buf_text(&last), *reader_gone ? "yes" : "",
		would_send, rw_buf_text(&cause));
	rw_outcome_file_close(&file);
	rw_buf_free(&cause);
	rw_buf_free(&last);
}

/* A fault that rw-relay found is about a different stage. */
static bool
is_of_another(const char *stage, const char *status)
{
	return strcmp(stage, "relay") == 0 &&
		atoi(status) == rw_kind_status(RW_BUG);
}

/* "STAGE=STATUS": how a stage ended. */
static bool
add_judgement(struct rw_buf *out, const char *what, const char *dir,
	struct rw_err *err)
{
	const char *status = strchr(what, '=');
	char name[32];
	struct rw_stage stage;
	struct rw_buf path = {0}, words = {0};
	bool reader_gone;

	if (status == NULL || status - what >= (ptrdiff_t)sizeof name)
		return rw_fail(err, RW_USAGE, "--judge: expected "
			"STAGE=STATUS, found \"%.40s\"", what);
	memcpy(name, what, (size_t)(status - what));
	name[status++ - what] = '\0';
	stage = rw_stage_of(name);
	rw_buf_addf(&path, "%s/%s.outcome", dir, name);
	add_shell(out, rw_buf_text(&path), &reader_gone);
	rw_stage_describe(&stage, status, &words);
	add_word(out, "outcome", rw_buf_text(&words));
	if (is_of_another(name, status))
		rw_buf_adds(out, "outcome=${cause:-$outcome}\n");
	rw_buf_addf(out, "settled=%d\ngroup=%s\nof_store=%s\n",
		rw_stage_settled(status),
		rw_stage_group(&stage, status, reader_gone),
		stage.is_store ? "yes" : "");
	rw_buf_free(&path);
	rw_buf_free(&words);
	return true;
}

/* ---- words for people ------------------------------------------------------ */

struct words {
	struct rw_buf *out;
	size_t shown;
	uint64_t more;		/* lines that were not shown */
	bool has_outcome;
	struct rw_buf prefixes;	/* "rw-put: \n": prefixes of lines that the
				 * outcomes already contain */
};

static void
add_cause(struct words *w, const char *tool,
	const struct rw_outcome_cause *cause)
{
	if (w->shown == SHOWN) {
		w->more += cause->count;
		return;
	}
	w->shown++;
	rw_buf_addf(w->out, "%s: %s: ", tool, cause->level);
	if (cause->subject != NULL) {
		rw_text_add_printable(w->out, cause->subject);
		rw_buf_adds(w->out, ": ");
	}
	rw_text_add_printable(w->out, cause->message);
	rw_buf_addc(w->out, '\n');
	if (cause->count == 2)
		rw_buf_adds(w->out, "rw-report: last message repeated once\n");
	else if (cause->count > 2)
		rw_buf_addf(w->out, "rw-report: last message repeated %"
			PRIu64 " times\n", cause->count - 1);
}

static void
add_outcomes(struct words *w, const char *path)
{
	struct rw_outcome_file file;
	struct rw_outcome_cause cause;

	rw_outcome_file_open(&file, path);
	while (rw_outcome_file_next(&file)) {
		size_t at = 0;

		w->has_outcome = true;
		while (rw_outcome_file_cause(&file, &at, &cause))
			add_cause(w, file.tool, &cause);
		w->more += file.more;
		rw_buf_reset(&w->prefixes);
		rw_buf_addf(&w->prefixes, "%s: ", file.tool);
	}
	rw_outcome_file_close(&file);
}

/* If a tool left no outcome, shows all lines of its standard error. Otherwise
 * shows only the lines that do not come from the tool itself: those of
 * timeout(1), a library, the loader. */
static void
add_others(struct words *w, const char *path)
{
	struct rw_buf text = {0};
	struct rw_err err;
	char *line, *rest;

	if (!rw_file_read(path, &text, &err) || text.len == 0) {
		rw_buf_free(&text);
		return;
	}
	rw_buf_addc(&text, '\0');
	for (line = strtok_r(text.data, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		if (w->has_outcome && strncmp(line, w->prefixes.data,
		    w->prefixes.len) == 0)
			continue;
		if (w->shown == SHOWN) {
			w->more++;
			continue;
		}
		w->shown++;
		rw_text_add_printable(w->out, line);
		rw_buf_addc(w->out, '\n');
	}
	rw_buf_free(&text);
}

static void
add_words(struct rw_buf *out, const char *dir, const char *stage)
{
	struct words w = {.out = out};
	struct rw_buf path = {0};

	rw_buf_addf(&path, "%s/%s.outcome", dir, stage);
	add_outcomes(&w, rw_buf_text(&path));
	rw_buf_reset(&path);
	rw_buf_addf(&path, "%s/%s.err", dir, stage);
	add_others(&w, rw_buf_text(&path));
	if (w.more > 0)
		rw_buf_addf(out, "rw-report: %" PRIu64 " more in %s\n",
			w.more, rw_buf_text(&path));
	rw_buf_free(&path);
	rw_buf_free(&w.prefixes);
}

/* ---- the tool -------------------------------------------------------------- */

struct outcome_words {
	const char *shell, *judge, *metrics, *shard;
	bool worst, summary;
};

static bool
read_counts(struct rw_buf *counts, struct rw_err *err)
{
	return rw_file_read_fd(STDIN_FILENO, "standard input", counts, err);
}

static bool
add_end(struct rw_buf *out, const struct outcome_words *w, char **words,
	struct rw_err *err)
{
	struct rw_buf counts = {0};
	bool good = read_counts(&counts, err);

	if (good && w->summary)
		good = rw_summary_add(out, words, rw_buf_text(&counts), err);
	else if (good)
		rw_metrics_add(out, words, rw_buf_text(&counts), w->metrics,
			w->shard);
	rw_buf_free(&counts);
	return good;
}

static bool
add_answer(struct rw_buf *out, const struct outcome_words *w, char **words,
	struct rw_err *err)
{
	bool ignored;
	char **stage;

	if (w->shell != NULL)
		add_shell(out, w->shell, &ignored);
	else if (w->worst)
		rw_buf_addf(out, "%d\n", rw_stage_worst(words));
	else if (w->judge != NULL)
		return add_judgement(out, w->judge, words[0] != NULL ?
			words[0] : ".", err);
	else if (w->summary || w->metrics != NULL)
		return add_end(out, w, words, err);
	else
		for (stage = words; *stage != NULL && *++stage != NULL;)
			add_words(out, words[0], *stage);
	return true;
}

static bool
answer(struct rw_buf *out, const struct outcome_words *w, char **words,
	struct rw_err *err)
{
	int modes = (w->shell != NULL) + (w->judge != NULL) +
		(w->metrics != NULL) + w->worst + w->summary;

	if (modes > 1 || (modes == 0 && words[0] == NULL) ||
	    (w->shell != NULL && words[0] != NULL))
		return rw_fail(err, RW_USAGE, "expected DIR STAGE... or one "
			"option; see --help");
	return add_answer(out, w, words, err) &&
		rw_buf_ok(out, "the words", err);
}

int
main(int argc, char **argv)
{
	struct outcome_words words = {0};
	const struct rw_option options[] = {
		{"shell", RW_OPTION_TEXT, &words.shell, "FILE",
			"print the outcomes in FILE as shell assignments"},
		{"judge", RW_OPTION_TEXT, &words.judge, "STAGE=STATUS",
			"print what a status means, and the outcome in DIR"},
		{"worst", RW_OPTION_FLAG, &words.worst, NULL,
			"print the worst of the statuses that follow"},
		{"summary", RW_OPTION_FLAG, &words.summary, NULL,
			"print one object: NAME=VALUE... and the input"},
		{"metrics", RW_OPTION_TEXT, &words.metrics, "FILE",
			"print gauges: NAME=VALUE... and the input; what is "
			"empty as in FILE"},
		{"shard", RW_OPTION_TEXT, &words.shard, "I/N",
			"with --metrics: label each sample with the shard"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-outcome",
		.purpose = "Prints what the stages of a run reported.",
		.operands = "[DIR] [STAGE...] [NAME=VALUE...]",
		.options = options};
	struct rw_common common;
	struct rw_buf out = {0};
	struct rw_err err;
	int at = rw_cli_start(&cli, &common, argc, argv);

	if (!answer(&out, &words, argv + at, &err)) {
		rw_buf_free(&out);
		return rw_cli_fail(&err);
	}
	fwrite(rw_buf_text(&out), 1, out.len, stdout);
	rw_buf_free(&out);
	return rw_cli_finish(rw_cli_close_stdout());
}
