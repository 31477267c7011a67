#include "outcome_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "outcome_file.h"

/* The most lines shown for one stage: about a screen. */
enum { SHOWN = 10 };

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

void
rw_outcome_add_words(struct rw_buf *out, const char *dir, const char *stage)
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
