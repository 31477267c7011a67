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
#include "outcome_words.h"
#include "replace.h"
#include "stage_limit.h"
#include "stages.h"
#include "summary.h"
#include "tally.h"

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

/* ---- the tool -------------------------------------------------------------- */

struct outcome_words {
	const char *shell, *judge, *metrics, *shard, *limit;
	bool worst, summary, tally;
};

static bool
read_counts(struct rw_buf *counts, struct rw_err *err)
{
	return rw_file_read_fd(STDIN_FILENO, "standard input", counts, err);
}

static bool
add_summary(struct rw_buf *out, char **words, struct rw_err *err)
{
	struct rw_buf counts = {0};
	bool good = read_counts(&counts, err) && rw_summary_add(out, words,
		rw_buf_text(&counts), err);

	rw_buf_free(&counts);
	return good;
}

static bool
write_metrics(const struct outcome_words *w, char **words, struct rw_err *err)
{
	struct rw_buf counts = {0}, text = {0};
	bool good = read_counts(&counts, err);

	if (good) {
		rw_metrics_add(&text, words, rw_buf_text(&counts), w->metrics,
			w->shard);
		good = rw_buf_ok(&text, "the metrics", err) &&
			rw_replace_file(w->metrics, &text, err);
	}
	rw_buf_free(&counts);
	rw_buf_free(&text);
	return good;
}

static bool
add_limit(struct rw_buf *out, const char *seconds, char **words,
	struct rw_err *err)
{
	uint64_t n;

	if (words[0] == NULL || words[1] == NULL || words[2] == NULL ||
	    !rw_text_to_u64(seconds, UINT32_MAX, &n))
		return rw_fail(err, RW_USAGE, "--limit: expected SECONDS, and "
			"STAGE INPUT DIR");
	rw_buf_addf(out, "%" PRIu64 "\n", rw_stage_limit(words[0], n,
		words[1], words[2]));
	return true;
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
	else if (w->tally)
		rw_tally_add(out, words);
	else if (w->limit != NULL)
		return add_limit(out, w->limit, words, err);
	else if (w->judge != NULL)
		return add_judgement(out, w->judge, words[0] != NULL ?
			words[0] : ".", err);
	else if (w->summary)
		return add_summary(out, words, err);
	else if (w->metrics != NULL)
		return write_metrics(w, words, err);
	else
		for (stage = words; *stage != NULL && *++stage != NULL;)
			rw_outcome_add_words(out, words[0], *stage);
	return true;
}

static bool
answer(struct rw_buf *out, const struct outcome_words *w, char **words,
	struct rw_err *err)
{
	int modes = (w->shell != NULL) + (w->judge != NULL) +
		(w->metrics != NULL) + (w->limit != NULL) + w->worst +
		w->summary + w->tally;

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
		{"tally", RW_OPTION_FLAG, &words.tally, NULL,
			"print the counts of a run in one line: NAME=VALUE..."},
		{"limit", RW_OPTION_TEXT, &words.limit, "SECONDS",
			"print the most seconds that STAGE may take with INPUT "
			"and the files below DIR"},
		{"summary", RW_OPTION_FLAG, &words.summary, NULL,
			"print one object: NAME=VALUE... and the input"},
		{"metrics", RW_OPTION_TEXT, &words.metrics, "FILE",
			"replace FILE by gauges: NAME=VALUE... and the input; "
			"empty values are those of FILE"},
		{"shard", RW_OPTION_TEXT, &words.shard, "I/N",
			"with --metrics: label each sample with the shard"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-outcome",
		.purpose = "Prints what the stages of a run reported.",
		.operands = "[DIR] [STAGE...] [INPUT DIR] [NAME=VALUE...]",
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
