#include "relay_check.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "record/members.h"

/* The members that --claim passes on unchanged. */
#define KEPT (RW_GROUP(RW_G_INPUT) | RW_GROUP(RW_G_FIGURES) | \
	RW_GROUP(RW_G_FILES) | RW_GROUP(RW_G_STORED) | RW_GROUP(RW_G_LINK))

/* Marks a line that replaces a report that --claim leaves out. */
enum { LEFT_MEMBERS = 3 };

/* ---- faults ---------------------------------------------------------------- */

/* Only the first fault is reported. Its stage gets no further claims. */
static void
blame(struct rw_relay *relay, enum rw_relay_name which,
	const struct rw_err *why)
{
	if (relay->bug.kind == RW_OK)
		rw_fail(&relay->bug, RW_BUG, "%s lost, repeated or reordered "
			"reports: %s%s", relay->stages[which].who,
			why->message, relay->passed == 0 ?
			"; nobody was mailed" : "");
	if (which == RW_RELAY_CLAIM) {
		rw_relay_cut(relay, "in this batch the output of rw-record "
			"--claim differs from its input: not mailed");
		return;
	}
	rw_buf_reset(&relay->block);
	relay->is_cut = true;
}

static uint64_t
line_number(const struct rw_relay *relay, enum rw_relay_name which)
{
	return relay->stages[which].from.number;
}

static void
blame_line(struct rw_relay *relay, enum rw_relay_name which, const char *how)
{
	struct rw_err why;

	rw_fail(&why, RW_BUG, "line %" PRIu64 ": %s %s",
		line_number(relay, which), rw_record_label(&relay->record),
		how);
	blame(relay, which, &why);
}

/* Parses the current line; reports a fault of its stage when it cannot be
 * parsed. */
static bool
parse_line(struct rw_relay *relay, enum rw_relay_name which, const char *text,
	size_t len)
{
	struct rw_err why;

	relay->record.number = line_number(relay, which);
	if (text != NULL && (rw_record_parse(&relay->record, text, len,
	    relay->period, &why) || why.kind != RW_UNREADABLE))
		return true;
	rw_fail(&why, RW_BUG, "line %" PRIu64 " cannot be read",
		line_number(relay, which));
	blame(relay, which, &why);
	return false;
}

/* ---- from --claim to rw-mail ------------------------------------------------ */

static void
give_claim(struct rw_relay *relay, const char *text, size_t len,
	const struct rw_err *error)
{
	struct rw_buf line = {.max = SIZE_MAX / 4};
	struct rw_err ignored;

	relay->record.number = relay->lines.count + 1;
	(void)rw_record_parse(&relay->record, text, len, relay->period,
		&ignored);
	if (error != NULL)
		rw_record_set_error(&relay->record, "rw-relay", error);
	rw_line_add_to(&relay->record.line, &line);
	rw_relay_lines_add(&relay->lines, &relay->record);
	if (line.len > 0)
		rw_relay_stage_give(&relay->stages[RW_RELAY_MAIL], line.data,
			line.len - 1);
	rw_buf_free(&line);
}

static void
give_block(struct rw_relay *relay, const struct rw_err *error)
{
	const char *text = rw_buf_text(&relay->block), *end;

	for (; (end = strchr(text, '\n')) != NULL; text = end + 1) {
		give_claim(relay, text, (size_t)(end - text), error);
		relay->passed += error == NULL;
	}
	rw_buf_reset(&relay->block);
	relay->block_lines = 0;
}

void
rw_relay_cut(struct rw_relay *relay, const char *why)
{
	struct rw_err error;

	rw_fail(&error, RW_REFUSED, "%s", why);
	error.retryable = true;
	give_block(relay, &error);
	relay->is_cut = true;
}

/* To the next line that --claim can read. */
static void
advance(struct rw_relay *relay)
{
	struct rw_relay_stage *claim = &relay->stages[RW_RELAY_CLAIM];
	const struct rw_splice_lines *given = &relay->given;
	bool found = true;

	do {
		if (!rw_splice_lines_next(&relay->given, &found, &relay->io))
			found = false;
		if (found && given->text != NULL)
			claim->given_sum = rw_hash64(rw_hash64(
				claim->given_sum, given->text, given->len),
				"\n", 1);
	} while (found && !given->readable);
	relay->given_ended = !found;
	claim->owed += found;
}

bool
rw_relay_begin(struct rw_relay *relay, const char *given, struct rw_err *err)
{
	relay->block.max = SIZE_MAX / 4;
	if (!rw_splice_lines_open(&relay->given, given, true, relay->period,
	    err))
		return false;
	advance(relay);
	*err = relay->io;
	return relay->io.kind == RW_OK;
}

static bool
is_left_out(const struct rw_record *record)
{
	return record->line.count == LEFT_MEMBERS &&
		rw_record_has(record, RW_M_FOLLOWER_ID) &&
		rw_record_has(record, RW_M_REPORT_PERIOD) &&
		rw_record_has(record, RW_M_STATE);
}

/* True when this is the line that --claim must write next. Otherwise reports a
 * fault of --claim. */
static bool
is_next_claim(struct rw_relay *relay)
{
	const char *changed;
	struct rw_buf how = {0};

	rw_buf_reset(&relay->key);
	rw_splice_add_key(&relay->record, &relay->key);
	changed = relay->given_ended || is_left_out(&relay->record) ? NULL :
		rw_splice_changed(&relay->given.record.line,
		&relay->record.line, KEPT, false);
	if (relay->given_ended)
		rw_buf_adds(&how, "is not in the input");
	else if (strcmp(rw_buf_text(&relay->key), relay->given.key) != 0)
		rw_buf_adds(&how, "is out of order");
	else if (changed != NULL)
		rw_buf_addf(&how, "does not have the %s of the input", changed);
	if (how.len > 0)
		blame_line(relay, RW_RELAY_CLAIM, rw_buf_text(&how));
	rw_buf_free(&how);
	return !relay->is_cut;
}

static void
take_claim(struct rw_relay *relay, const char *text, size_t len)
{
	if (relay->is_cut || !parse_line(relay, RW_RELAY_CLAIM, text, len) ||
	    !is_next_claim(relay))
		return;
	if (!is_left_out(&relay->record)) {
		rw_buf_add(&relay->block, text, len);
		rw_buf_addc(&relay->block, '\n');
	}
	advance(relay);
	/* The last batch waits for the end: see end_claim. */
	if (++relay->block_lines >= relay->batch && !relay->given_ended)
		give_block(relay, NULL);
}

static void
end_claim(struct rw_relay *relay)
{
	const struct rw_relay_stage *stage = &relay->stages[RW_RELAY_CLAIM];
	bool is_whole = rw_relay_stage_is_whole(stage);
	struct rw_err why;

	if (relay->is_cut || stage->was_cut)
		return;
	if (!relay->given_ended && !is_whole) {
		rw_relay_cut(relay, "rw-record --claim ended before it had "
			"claimed the whole batch: not mailed");
	} else if (!relay->given_ended) {
		rw_fail(&why, RW_BUG, "%s and all later lines are missing",
			rw_record_label(&relay->given.record));
		blame(relay, RW_RELAY_CLAIM, &why);
	} else if (is_whole && !rw_relay_stage_agrees(stage, &why)) {
		blame(relay, RW_RELAY_CLAIM, &why);
	} else {
		give_block(relay, NULL);
	}
}

/* ---- from rw-mail to --result, and from there to the file -------------------- */

static void
take_mailed(struct rw_relay *relay, const char *text, size_t len)
{
	if (!parse_line(relay, RW_RELAY_MAIL, text, len))
		return;
	if (rw_relay_lines_come(&relay->lines,
	    rw_splice_identity(&relay->record.line)))
		rw_relay_stage_give(&relay->stages[RW_RELAY_RESULT], text, len);
	else
		blame_line(relay, RW_RELAY_MAIL, "is not in the input, differs "
			"from the input, or is a duplicate");
}

static void
take_result(struct rw_relay *relay, const char *text, size_t len)
{
	struct rw_buf line = {.max = SIZE_MAX / 4};

	if (!parse_line(relay, RW_RELAY_RESULT, text, len))
		return;
	if (!rw_relay_lines_recorded(&relay->lines,
	    rw_splice_identity(&relay->record.line))) {
		blame_line(relay, RW_RELAY_RESULT, "is not in the place of its "
			"own");
		return;
	}
	rw_buf_add(&line, text, len);
	rw_buf_addc(&line, '\n');
	if (relay->io.kind == RW_OK && !rw_file_write_all(relay->done,
	    line.data, line.len, relay->done_path, &relay->io))
		relay->io.kind = RW_IO;
	rw_buf_free(&line);
}

static void
end_pass(struct rw_relay *relay, enum rw_relay_name which)
{
	const struct rw_relay_stage *stage = &relay->stages[which];
	struct rw_buf names = {0};
	struct rw_err why;
	size_t missing;

	if (!rw_relay_stage_is_whole(stage) || stage->was_cut)
		return;
	missing = rw_relay_lines_missing(&relay->lines,
		which == RW_RELAY_RESULT, &names);
	if (missing > 0)
		rw_fail(&why, RW_BUG, "%zu of %zu are missing: %s", missing,
			which == RW_RELAY_RESULT ? relay->lines.come :
			relay->lines.count, rw_buf_text(&names));
	if (missing > 0 || !rw_relay_stage_agrees(stage, &why))
		blame(relay, which, &why);
	rw_buf_free(&names);
}

/* ------------------------------------------------------------------------------ */

void
rw_relay_take(struct rw_relay *relay, enum rw_relay_name from,
	const char *text, size_t len)
{
	struct rw_relay_stage *stage = &relay->stages[from];

	stage->wrote_sum = rw_hash64(rw_hash64(stage->wrote_sum,
		text != NULL ? text : "", len), "\n", 1);
	stage->owed -= stage->owed > 0;
	switch (from) {
	case RW_RELAY_CLAIM:
		take_claim(relay, text, len);
		break;
	case RW_RELAY_MAIL:
		take_mailed(relay, text, len);
		break;
	case RW_RELAY_RESULT:
		take_result(relay, text, len);
		break;
	case RW_RELAY_STAGES:
		break;
	}
}

void
rw_relay_end(struct rw_relay *relay, enum rw_relay_name which)
{
	if (which == RW_RELAY_CLAIM)
		end_claim(relay);
	else
		end_pass(relay, which);
}
