/*
 * rw-splice: whether a stage of rw-report wrote the reports that it was given,
 * and what goes on to the next one.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "cli.h"
#include "outcome.h"
#include "splice_lines.h"
#include "stages.h"
#include "record/members.h"

/* Names in a message that is to be read. */
enum { NAMES = 10 };

struct splice {
	bool subset, all, is_whole, rehearsed;
	const char *outcome, *stage;
	struct rw_splice_lines given, wrote;
	uint64_t unreadable;	/* of the lines given */
	/* The month of all lines written; "": there is none. */
	char month[RW_PERIOD_SIZE];
	bool months_differ;
};

/* RW_BUG: whoever wrote the file is at fault. */
static bool
differs(struct splice *s, const char *how, struct rw_err *err)
{
	struct rw_splice_lines *wrote = &s->wrote;

	if (!wrote->readable)
		return rw_fail(err, RW_BUG, "%s, line %" PRIu64 " cannot be "
			"read", wrote->path, wrote->reader.number);
	return rw_fail(err, RW_BUG, "%s, line %" PRIu64 ": %s %s", wrote->path,
		wrote->reader.number, rw_record_label(&wrote->record), how);
}

static bool
next_given(struct splice *s, bool *more, struct rw_err *err)
{
	if (!rw_splice_lines_next(&s->given, more, err))
		return false;
	s->unreadable += *more && !s->given.readable;
	return true;
}

static bool
next_wrote(struct splice *s, bool *found, struct rw_err *err)
{
	char month[RW_PERIOD_SIZE] = "";

	if (!rw_splice_lines_next(&s->wrote, found, err))
		return false;
	if (!*found || !s->wrote.readable || s->wrote.record.period.year == 0)
		return true;
	rw_period_text(month, s->wrote.record.period);
	s->months_differ = s->months_differ ||
		(s->month[0] != '\0' && strcmp(s->month, month) != 0);
	memcpy(s->month, month, sizeof month);
	return true;
}

static bool
is_same(const struct splice *s)
{
	return s->given.readable && s->wrote.readable &&
		strcmp(s->given.key, s->wrote.key) == 0;
}

/* Under the right name a stage may have written what is somebody else's: the
 * address, say. No tool changes what is input. */
static bool
keeps_input(struct splice *s, struct rw_err *err)
{
	const char *name = rw_splice_changed(&s->given.record.line,
		&s->wrote.record.line, RW_GROUP(RW_G_INPUT));

	return name == NULL || rw_fail(err, RW_BUG, "%s, line %" PRIu64
		": %s has another %s than it was given", s->wrote.path,
		s->wrote.reader.number, rw_record_label(&s->wrote.record),
		name);
}

/* ---- the same sequence, or a beginning of it ----------------------------- */

static bool
put(const struct rw_splice_lines *lines, struct rw_err *err)
{
	if (lines->text == NULL)
		return rw_fail(err, RW_BUG, "%s, line %" PRIu64 " is longer "
			"than RW_MAX_LINE", lines->path, lines->reader.number);
	return (fwrite(lines->text, 1, lines->len, stdout) == lines->len &&
		putchar('\n') != EOF) || rw_fail_errno(err, RW_IO,
		"cannot write standard output");
}

/* RW_DATA: WROTE ended first, and the rest came from GIVEN. */
static bool
merge(struct splice *s, struct rw_err *err)
{
	bool more = true, found = true;
	uint64_t written = 0;

	for (;;) {
		if (!next_given(s, &more, err) ||
		    (found && !next_wrote(s, &found, err)))
			return false;
		if (!more && found)
			return differs(s, "was not given", err);
		if (!more)
			break;
		if (found && !is_same(s))
			return differs(s, "is not in its place",
				err);
		if (found && !keeps_input(s, err))
			return false;
		written += found;
		if (!put(found ? &s->wrote : &s->given, err))
			return false;
	}
	return s->given.count == written || rw_fail(err, RW_DATA, "%s has the "
		"first %" PRIu64 " of %" PRIu64 " lines", s->wrote.path,
		written, s->given.count);
}

/* ---- some of them, in order ---------------------------------------------- */

/* The tool's own word on its lines. */
struct counts {
	int64_t read, passed, failed, dropped, unreadable;
};

static bool
read_outcome(const char *path, struct counts *c, struct rw_err *err)
{
	const struct {
		const char *name;
		int64_t *count;
	} members[] = {{"read", &c->read}, {"passed", &c->passed},
		{"failed", &c->failed}, {"dropped", &c->dropped},
		{"unreadable", &c->unreadable}};
	struct rw_record outcome = {0};
	struct rw_buf text = {0};
	bool good = rw_file_read(path, &text, err) &&
		rw_line_parse(&outcome.line, rw_buf_text(&text), text.len,
		err);
	size_t i;

	for (i = 0; good && i < sizeof members / sizeof *members; i++)
		good = rw_record_optional_int(&outcome, members[i].name, -1,
			members[i].count, err) && (*members[i].count >= 0 ||
			rw_fail(err, RW_BUG, "a count is missing"));
	rw_buf_free(&text);
	rw_record_free(&outcome);
	return good;
}

/* Whoever lowers one count has to raise another. */
static bool
check_outcome(const struct splice *s, struct rw_err *err)
{
	struct counts c = {0};

	if (s->outcome == NULL)
		return true;
	if (!read_outcome(s->outcome, &c, err)) {
		err->kind = RW_BUG;
		return rw_err_prefix(err, "%s", s->outcome);
	}
	if ((uint64_t)c.read != s->given.count ||
	    (uint64_t)c.passed + (uint64_t)c.failed != s->wrote.count)
		return rw_fail(err, RW_BUG, "the tool counted %" PRId64
			" lines read and %" PRId64 " written; %s has %" PRIu64
			" and %s has %" PRIu64, c.read, c.passed + c.failed,
			s->given.path, s->given.count, s->wrote.path,
			s->wrote.count);
	return c.read == c.passed + c.failed + c.dropped + c.unreadable ||
		rw_fail(err, RW_BUG, "the tool counted %" PRId64 " lines read "
		"and %" PRId64 " passed, failed, dropped or unreadable",
		c.read, c.passed + c.failed + c.dropped + c.unreadable);
}

/* The line of GIVEN that is at hand is not in WROTE. */
static bool
may_leave(struct splice *s, struct rw_err *err)
{
	return !s->all || !s->given.readable || rw_fail(err, RW_BUG,
		"%s, line %" PRIu64 ": %s is not in %s", s->given.path,
		s->given.reader.number, rw_record_label(&s->given.record),
		s->wrote.path);
}

static bool
choose(struct splice *s, struct rw_err *err)
{
	bool more = true, found = true;

	while (next_wrote(s, &found, err) && found) {
		do {
			if (!next_given(s, &more, err))
				return false;
			if (!more)
				return differs(s, "was not given, or not in "
					"this place", err);
		} while (!is_same(s) && may_leave(s, err));
		if (!is_same(s) || !keeps_input(s, err))
			return false;
	}
	if (found)
		return false;
	while (next_given(s, &more, err) && more)
		if (!may_leave(s, err))
			return false;
	return !more && check_outcome(s, err);
}

/* ---- all of them, in any order ------------------------------------------- */

struct names {
	char **items;
	size_t n, room;
};

static bool
add_name(struct names *names, const char *name, struct rw_err *err)
{
	size_t room = names->room == 0 ? 256 : 2 * names->room;
	char **items;

	if (names->n == names->room) {
		items = realloc(names->items, room * sizeof *items);
		if (items == NULL)
			return rw_fail_memory(err, "the names of reports");
		names->items = items;
		names->room = room;
	}
	names->items[names->n] = strdup(name);
	return names->items[names->n++] != NULL ||
		rw_fail_memory(err, "the names of reports");
}

static void
free_names(struct names *names)
{
	while (names->n > 0)
		free(names->items[--names->n]);
	free(names->items);
}

static int
compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* What rw-mail says of a line that it would send, or has sent to --to. */
static bool
is_rehearsed(struct rw_record *record)
{
	const char *state = NULL;

	return rw_record_optional_string(record, RW_M_STATE, NULL, &state,
		NULL) && state != NULL && strcmp(state, "rehearsed") == 0 &&
		rw_record_may_be_mailed(record);
}

static bool
load(struct splice *s, struct names *names, struct rw_err *err)
{
	bool found = true;

	while (next_wrote(s, &found, err) && found)
		if (s->wrote.readable && is_rehearsed(&s->wrote.record) &&
		    !add_name(names, s->wrote.key, err))
			return false;
	if (names->n > 0)
		qsort(names->items, names->n, sizeof *names->items,
			compare_names);
	return !found;
}

static bool
look(struct splice *s, const struct names *names, struct rw_err *err)
{
	struct rw_buf missing = {0};
	uint64_t n = 0;
	bool more = true;

	while (next_given(s, &more, err) && more) {
		if (s->given.readable && names->n > 0 && bsearch(&s->given.key,
		    names->items, names->n, sizeof *names->items,
		    compare_names) != NULL)
			continue;
		if (n++ < NAMES)
			rw_buf_addf(&missing, "%s%s", n > 1 ? ", " : "",
				rw_record_label(&s->given.record));
	}
	if (!more && n > 0)
		rw_fail(err, RW_DATA, "%" PRIu64 " of %" PRIu64 " would not "
			"be sent: %s%s", n, s->given.count,
			rw_buf_text(&missing), n > NAMES ? ", ..." : "");
	rw_buf_free(&missing);
	return !more && n == 0;
}

static bool
compare_sets(struct splice *s, struct rw_err *err)
{
	struct names names = {0};
	bool good = load(s, &names, err) && look(s, &names, err);

	free_names(&names);
	return good;
}

/* ---- the tool -------------------------------------------------------------- */

static bool
run(struct splice *s, const struct rw_common *common, char **paths,
	struct rw_err *err)
{
	const struct rw_period *period = common->has_period ?
		&common->period : NULL;

	if (!rw_splice_lines_open(&s->given, paths[0], true, period, err) ||
	    !rw_splice_lines_open(&s->wrote, paths[1], s->subset, period, err))
		return false;
	if (s->rehearsed)
		return compare_sets(s, err);
	return s->subset ? choose(s, err) : merge(s, err);
}

/* For whoever reads the outcome: how many lines of GIVEN and WROTE there are,
 * how many are only in the former, and the month. */
static void
tell_outcome(const struct splice *s)
{
	struct rw_filter_counts counts = {.read = s->given.count,
		.passed = s->wrote.count, .unreadable = s->unreadable};
	uint64_t known = counts.passed + counts.unreadable;

	counts.dropped = counts.read > known ? counts.read - known : 0;
	rw_outcome_count(&counts, false);
	if (!s->months_differ && s->month[0] != '\0')
		rw_outcome_period(s->month);
}

static void
tell_difference(const struct splice *s, struct rw_err *err)
{
	if (err->kind == RW_DATA && s->is_whole)
		err->kind = RW_BUG;
	if (err->kind == RW_BUG && s->stage != NULL)
		rw_err_prefix(err, "%s lost, repeated or reordered reports",
			rw_stage_of(s->stage).tool);
	rw_say(err->kind == RW_DATA && !s->rehearsed ? RW_NOTICE : RW_ERROR,
		"%s", err->message);
}

static bool
agree(const struct splice *s, int operands, struct rw_err *err)
{
	return (operands == 2 && !(s->subset && s->rehearsed) &&
		((s->outcome == NULL && !s->all) || s->subset)) ||
		rw_fail(err, RW_USAGE, "expected GIVEN WROTE, and at most "
		"one of --subset and --rehearsed; see --help");
}

int
main(int argc, char **argv)
{
	struct splice s = {0};
	const struct rw_option options[] = {
		{"subset", RW_OPTION_FLAG, &s.subset, NULL,
			"WROTE may leave reports out; write nothing"},
		{"outcome", RW_OPTION_TEXT, &s.outcome, "FILE",
			"with --subset: the tool's own counts must agree"},
		{"all", RW_OPTION_FLAG, &s.all, NULL,
			"with --subset: only unreadable lines may be left out"},
		{"whole", RW_OPTION_FLAG, &s.is_whole, NULL,
			"the first reports of GIVEN alone are a difference"},
		{"stage", RW_OPTION_TEXT, &s.stage, "NAME",
			"in messages, name the tool of this stage"},
		{"rehearsed", RW_OPTION_FLAG, &s.rehearsed, NULL,
			"name the reports that WROTE does not say would be "
			"sent"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-splice",
		.purpose = "Compares the reports of two files, and joins them.",
		.operands = "GIVEN WROTE", .options = options,
		.period = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst = RW_OK, written;
	int at = rw_cli_start(&cli, &common, argc, argv);

	if (!agree(&s, argc - at, &err))
		return rw_cli_fail(&err);
	if (!run(&s, &common, argv + at, &err)) {
		tell_difference(&s, &err);
		worst = err.kind;
	}
	tell_outcome(&s);
	written = rw_cli_close_stdout();
	rw_splice_lines_close(&s.given);
	rw_splice_lines_close(&s.wrote);
	return rw_cli_finish(rw_kind_worse(worst, written));
}
