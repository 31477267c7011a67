/*
 * rw-outcome: what the stages of a run said when they ended, for rw-report, as
 * shell words, and for people, grouped.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cli.h"
#include "outcome_file.h"

/* Lines of one stage: what a screen can hold. */
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

/* The first error of the outcome at hand, quoted. */
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

static void
add_shell(struct rw_buf *out, const char *path)
{
	struct rw_outcome_file file;
	struct rw_buf cause = {0};
	bool reader_gone = false, found = false;
	uint64_t would_send = 0;

	rw_outcome_file_open(&file, path);
	while (rw_outcome_file_next(&file)) {
		reader_gone = reader_gone || file.reader_gone;
		would_send += file.would_send;
		found = found || add_first(&cause, &file);
	}
	rw_buf_addf(out, "reader_gone=%s\nwould_send=%" PRIu64 "\ncause=%s\n",
		reader_gone ? "yes" : "", would_send, rw_buf_text(&cause));
	rw_outcome_file_close(&file);
	rw_buf_free(&cause);
}

/* ---- words for people ------------------------------------------------------ */

struct words {
	struct rw_buf *out;
	size_t shown;
	uint64_t more;		/* that were not shown */
	bool has_outcome;
	struct rw_buf prefixes;	/* "rw-put: \n": of lines in the outcomes */
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
		rw_buf_adds(w->out, "rw-report: the same once more\n");
	else if (cause->count > 2)
		rw_buf_addf(w->out, "rw-report: the same %" PRIu64
			" times more\n", cause->count - 1);
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

/* Of a tool that left no outcome, all of it; else what the tool did not say
 * itself: timeout(1), a library, the loader. */
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

static bool
run(struct rw_buf *out, const char *file, char **words, struct rw_err *err)
{
	char **stage;

	if ((file != NULL) != (words[0] == NULL))
		return rw_fail(err, RW_USAGE, "expected either --shell FILE "
			"or DIR STAGE...; see --help");
	if (file != NULL)
		add_shell(out, file);
	for (stage = words; *stage != NULL && *++stage != NULL;)
		add_words(out, words[0], *stage);
	return rw_buf_ok(out, "the words", err);
}

int
main(int argc, char **argv)
{
	const char *file = NULL;
	const struct rw_option options[] = {
		{"shell", RW_OPTION_TEXT, &file, "FILE",
			"print the outcomes in FILE as shell assignments"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-outcome",
		.purpose = "Prints what the stages of a run reported.",
		.operands = "DIR STAGE...", .options = options};
	struct rw_common common;
	struct rw_buf out = {0};
	struct rw_err err;
	int at = rw_cli_start(&cli, &common, argc, argv);

	if (!run(&out, file, argv + at, &err)) {
		rw_buf_free(&out);
		return rw_cli_fail(&err);
	}
	fwrite(rw_buf_text(&out), 1, out.len, stdout);
	rw_buf_free(&out);
	return rw_cli_finish(rw_cli_close_stdout());
}
