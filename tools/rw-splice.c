/*
 * rw-splice: checks that a stage of rw-report wrote the reports that it was
 * given, and passes them on to the next stage.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cli.h"
#include "outcome.h"
#include "outcome_file.h"
#include "relay_lines.h"
#include "splice_priv.h"
#include "stages.h"
#include "record/members.h"

/* RW_BUG: the tool that wrote the file is at fault. */
static bool
differs(struct rw_splice *s, const char *how, struct rw_err *err)
{
	struct rw_splice_lines *wrote = &s->wrote;

	if (!wrote->readable)
		return rw_fail(err, RW_BUG, "%s, line %" PRIu64 " cannot be "
			"read", wrote->path, wrote->reader.number);
	return rw_fail(err, RW_BUG, "%s, line %" PRIu64 ": %s %s", wrote->path,
		wrote->reader.number, rw_record_label(&wrote->record), how);
}

static bool
is_same_report(const struct rw_splice *s)
{
	return s->given.readable && s->wrote.readable &&
		strcmp(s->given.key, s->wrote.key) == 0;
}

/* The members that the stage passes on unchanged. Paths and checksums are not
 * compared here: rw-mail refuses those of another report, line by line. */
static unsigned
kept_groups(const struct rw_splice *s)
{
	unsigned groups = RW_GROUP(RW_G_INPUT);

	if (s->stage == NULL)
		return groups;
	if (strcmp(s->stage, "gen") == 0)
		groups |= RW_GROUP(RW_G_LOOKUP);
	if (rw_stage_of(s->stage).is_store)
		groups |= RW_GROUP(RW_G_LOOKUP) | RW_GROUP(RW_G_FIGURES);
	return groups;
}

/* A line with the right follower may contain data of another follower, such as
 * the address, or the text of a correction, which rw-mail would send. */
static bool
keeps_members(struct rw_splice *s, struct rw_err *err)
{
	unsigned groups = kept_groups(s);
	const char *name = rw_splice_changed(&s->given.record.line,
		&s->wrote.record.line, groups,
		groups == RW_GROUP(RW_G_INPUT));

	return name == NULL || rw_fail(err, RW_BUG, "%s, line %" PRIu64
		": %s does not have the %s of the input", s->wrote.path,
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
merge(struct rw_splice *s, struct rw_err *err)
{
	bool more = true, found = true;
	uint64_t written = 0;

	for (;;) {
		if (!rw_splice_next_given(s, &more, err) ||
		    (found && !rw_splice_next_wrote(s, &found, err)))
			return false;
		if (!more && found)
			return differs(s, "is not in the input", err);
		if (!more)
			break;
		if (found && !is_same_report(s))
			return differs(s, "is out of order", err);
		if (found && !keeps_members(s, err))
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

/* The current line of GIVEN is not in WROTE. */
static bool
may_leave(struct rw_splice *s, struct rw_err *err)
{
	return !s->all || !s->given.readable || rw_fail(err, RW_BUG,
		"%s, line %" PRIu64 ": %s is not in %s", s->given.path,
		s->given.reader.number, rw_record_label(&s->given.record),
		s->wrote.path);
}

/* The documents show what --lookup takes from the ledger: earlier months, and
 * what a correction replaces. Nothing in these members names their follower, so
 * only the tool's own checksum shows that they have not been exchanged. */
static bool
is_from_ledger(const struct rw_splice *s, struct rw_err *err)
{
	return s->outcome == NULL || s->stage == NULL ||
		strcmp(s->stage, "lookup") != 0 || rw_outcome_file_agrees(
		s->outcome, s->given.sum, s->wrote.sum, err);
}

static bool
choose(struct rw_splice *s, struct rw_err *err)
{
	bool more = true, found = true;

	while (rw_splice_next_wrote(s, &found, err) && found) {
		do {
			if (!rw_splice_next_given(s, &more, err))
				return false;
			if (!more)
				return differs(s, "is not in the input, or is "
					"out of order", err);
		} while (!is_same_report(s) && may_leave(s, err));
		if (!is_same_report(s) || !keeps_members(s, err))
			return false;
	}
	if (found)
		return false;
	while (rw_splice_next_given(s, &more, err) && more)
		if (!may_leave(s, err))
			return false;
	return !more && rw_splice_check_outcome(s, err) &&
		is_from_ledger(s, err);
}

/* ---- all of them, in any order ------------------------------------------- */

/* rw-mail writes a line when its mail has an outcome. */
static bool
match(struct rw_splice *s, struct rw_relay_lines *lines, struct rw_err *err)
{
	struct rw_buf names = {0};
	bool more = true, found = true;
	size_t missing;

	while (rw_splice_next_given(s, &more, err) && more)
		rw_relay_lines_add(lines, &s->given.record);
	while (!more && rw_splice_next_wrote(s, &found, err) && found)
		if (!s->wrote.readable || !rw_relay_lines_come(lines,
		    rw_splice_identity(&s->wrote.record.line)))
			return differs(s, "is not in the input, differs from "
				"the input, or is a duplicate", err);
	if (more || found)
		return false;
	missing = rw_relay_lines_missing(lines, false, &names);
	if (missing > 0)
		rw_fail(err, RW_DATA, "%zu of %zu are missing: %s", missing,
			lines->count, rw_buf_text(&names));
	rw_buf_free(&names);
	return missing == 0 && (s->outcome == NULL || rw_outcome_file_agrees(
		s->outcome, s->given.sum, s->wrote.sum, err));
}

static bool
match_mailed(struct rw_splice *s, struct rw_err *err)
{
	struct rw_relay_lines lines = {0};
	bool good = match(s, &lines, err);

	rw_relay_lines_free(&lines);
	return good;
}

/* ---- the tool -------------------------------------------------------------- */

static bool
run(struct rw_splice *s, const struct rw_common *common, char **paths,
	struct rw_err *err)
{
	const struct rw_period *period = common->has_period ?
		&common->period : NULL;

	if (!rw_splice_lines_open(&s->given, paths[0], true, period, err) ||
	    !rw_splice_lines_open(&s->wrote, paths[1], s->subset, period, err))
		return false;
	if (s->mailed)
		return match_mailed(s, err);
	if (s->rehearsed)
		return rw_splice_compare_sets(s, err);
	return s->subset ? choose(s, err) : merge(s, err);
}

/* For the readers of the outcome: the number of lines in GIVEN and WROTE, the
 * number of lines that are only in GIVEN, and the month. */
static void
tell_outcome(const struct rw_splice *s)
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
tell_difference(const struct rw_splice *s, struct rw_err *err)
{
	if (err->kind == RW_DATA && s->is_whole)
		err->kind = RW_BUG;
	if (err->kind == RW_BUG && s->stage != NULL)
		rw_err_prefix(err, "%s lost, repeated or reordered reports",
			rw_stage_of(s->stage).tool);
	rw_say(err->kind == RW_DATA && !s->rehearsed ? RW_NOTICE : RW_ERROR,
		"%s", err->message);
}

/* What each stage of rw-report may do, when it has ended with this status. With
 * 0, and for some with 1, it says that it has read its input to the end. */
static void
choose_mode(struct rw_splice *s)
{
	const char *stage = s->stage != NULL ? s->stage : "";
	bool is_gen = strcmp(stage, "gen") == 0;

	if (s->ended == NULL)
		return;
	s->mailed = strcmp(stage, "mail") == 0;
	s->subset = s->subset || strcmp(stage, "list") == 0 ||
		strcmp(stage, "lookup") == 0;
	s->is_whole = strcmp(s->ended, "0") == 0 ||
		(strcmp(s->ended, "1") == 0 && (is_gen || s->mailed));
	if (!s->subset && !(s->mailed && s->is_whole))
		s->outcome = NULL;
}

static bool
agree(const struct rw_splice *s, int operands, struct rw_err *err)
{
	return (operands == 2 && !(s->subset && s->rehearsed) &&
		!(s->mailed && (s->subset || s->rehearsed)) &&
		(s->outcome == NULL || s->subset || s->mailed) &&
		(!s->all || s->subset)) ||
		rw_fail(err, RW_USAGE, "expected GIVEN WROTE, and at most "
		"one of --subset, --mailed and --rehearsed; see --help");
}

int
main(int argc, char **argv)
{
	struct rw_splice s = {0};
	const struct rw_option options[] = {
		{"subset", RW_OPTION_FLAG, &s.subset, NULL,
			"WROTE may leave reports out; write nothing"},
		{"outcome", RW_OPTION_TEXT, &s.outcome, "FILE",
			"with --subset or --mailed: the tool's own counts "
			"must agree"},
		{"all", RW_OPTION_FLAG, &s.all, NULL,
			"with --subset: only unreadable lines may be left out"},
		{"whole", RW_OPTION_FLAG, &s.is_whole, NULL,
			"the first reports of GIVEN alone are a difference"},
		{"mailed", RW_OPTION_FLAG, &s.mailed, NULL,
			"WROTE is rw-mail's, which sets an outcome only"},
		{"stage", RW_OPTION_TEXT, &s.stage, "NAME",
			"in messages, name the tool of this stage"},
		{"ended", RW_OPTION_TEXT, &s.ended, "STATUS",
			"with --stage: choose --subset, --whole, --mailed and "
			"--outcome as this stage requires"},
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

	choose_mode(&s);
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
