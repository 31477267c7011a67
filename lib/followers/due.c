#include "followers/due.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "followers/due_month.h"
#include "followers/due_stray.h"

struct rw_due {
	struct rw_due_options options;
	struct rw_due_counts counts;
	/* Two followers, so that the next one can be compared before the first
	 * is passed on. */
	struct rw_follower followers[2];
	struct rw_follower *now, *ahead;	/* ahead: NULL after the last */
	bool is_begun;
	struct rw_day day;			/* read but not used yet */
	bool has_day, days_ended;
	struct rw_strays strays;
	struct rw_month month;
	struct rw_err broken;		/* why the follower's figures are
					 * incomplete */
	struct rw_commission_reader commissions;
	struct rw_buf pnl;
};

/* ---- saying ------------------------------------------------------------- */

static void
say(const struct rw_due *due, enum rw_level level, const struct rw_err *what)
{
	due->options.say(due->options.context, level, what);
}

/* ---- days --------------------------------------------------------------- */

static void
break_report(struct rw_due *due, const char *date, const char *id,
	const struct rw_err *why)
{
	struct rw_err err;

	rw_fail(&err, RW_DATA, "%s of %.140s, %.20s: %s",
		due->options.days.table, id, date, why->message);
	say(due, RW_ERROR, &err);
	if (due->broken.kind == RW_OK)
		due->broken = err;
}

static void
take_day(struct rw_due *due, const struct rw_day *day)
{
	struct rw_err why;
	bool repeated;

	if (!rw_month_take(&due->month, day, &repeated, &why))
		break_report(due, day->date, day->id, &why);
	else if (repeated)
		due->counts.repeated++;
}

static void
count_day(struct rw_due *due)
{
	const struct rw_day *day = &due->day;

	due->counts.days++;
	if (day->wrong.kind != RW_OK)
		return;
	if (strcmp(day->date, due->counts.newest) > 0)
		memcpy(due->counts.newest, day->date, RW_DATE_SIZE);
	if (day->is_open)
		due->counts.open++;
	else if (strcmp(day->date, due->counts.newest_final) > 0)
		memcpy(due->counts.newest_final, day->date, RW_DATE_SIZE);
}

/* Makes sure that due->day is the next day, if there is one. */
static bool
look_at_day(struct rw_due *due, struct rw_err *err)
{
	bool found;

	if (due->has_day || due->days_ended)
		return true;
	if (!due->options.days.next(due->options.days.self, &due->day, &found,
	    err))
		return false;
	due->has_day = found;
	due->days_ended = !found;
	if (found)
		count_day(due);
	return true;
}

/* Moves to the follower (NULL: to the end) and reads the follower's days. */
static bool
gather_days(struct rw_due *due, const char *id, struct rw_err *err)
{
	int order;

	rw_month_begin(&due->month);
	due->broken.kind = RW_OK;
	for (;;) {
		if (!look_at_day(due, err))
			return false;
		if (!due->has_day)
			return true;
		order = id == NULL || due->day.id[0] == '\0' ? -1 :
			strcmp(due->day.id, id);
		if (order > 0)
			return true;
		if (order == 0)
			take_day(due, &due->day);
		else if (!rw_strays_pass(&due->strays, &due->options,
		    &due->day, &due->counts, err))
			return false;
		due->has_day = false;
	}
}

/* In the current month, days need not be final. */
static void
check_final(struct rw_due *due, const char *id)
{
	const struct rw_err why = {.kind = RW_DATA, .message =
		"the platform has not finalised that day"};
	const char *date;
	size_t at = 0;

	if (!due->options.is_over || due->options.accept)
		return;
	while ((date = rw_month_open(&due->month, &at)) != NULL)
		break_report(due, date, id, &why);
}

static bool
write_days(struct rw_due *due, struct rw_record *record, struct rw_err *err)
{
	rw_buf_reset(&due->pnl);
	rw_month_write(&due->month, &due->pnl);
	if (!rw_buf_ok(&due->pnl, "a month of figures", err))
		return false;
	rw_line_set(&record->line, RW_M_DAILY_PNL, due->pnl.data,
		due->pnl.len);
	return true;
}

/* ---- followers ---------------------------------------------------------- */

static bool
read_ahead(struct rw_due *due, struct rw_err *err)
{
	struct rw_follower *free_one = due->now == &due->followers[0] ?
		&due->followers[1] : &due->followers[0];
	bool found;

	if (!due->options.followers.next(due->options.followers.self, free_one,
	    &found, err))
		return false;
	due->ahead = found ? free_one : NULL;
	return true;
}

/* Reads the next follower to due->now; NULL after the last one. A second
 * follower with the same id is skipped, and makes the report of the first one
 * an error, because it is unknown which of the two is right. */
static bool
next_follower(struct rw_due *due, struct rw_err *err)
{
	if (!due->is_begun && !read_ahead(due, err))
		return false;
	due->is_begun = true;
	due->now = due->ahead;
	if (due->now == NULL)
		return true;
	for (;;) {
		if (!read_ahead(due, err))
			return false;
		if (due->ahead == NULL || due->now->id[0] == '?' ||
		    strcmp(due->ahead->id, due->now->id) != 0)
			return true;
		if (due->now->left_out[0] != '\0' &&
		    due->ahead->left_out[0] != '\0')
			continue;
		due->now->left_out[0] = '\0';
		rw_fail(&due->now->wrong, RW_DATA, "duplicate id");
	}
}

static void
leave_out(struct rw_due *due, const struct rw_follower *follower)
{
	bool has_days = due->month.seen > 0, is_asked;
	struct rw_err err;

	if (!rw_selection_has(due->options.selection, follower->id,
	    due->options.period))
		return;
	is_asked = due->options.selection->named;
	due->counts.left_out++;
	if (is_asked)
		rw_fail(&err, RW_DATA, "follower %.140s was asked for and is "
			"left out: %s", follower->id, follower->left_out);
	else
		rw_fail(&err, RW_DATA, "follower %.140s is left out: %s%s",
			follower->id, follower->left_out, has_days ?
			"; there are days of that month" : "");
	if (is_asked)
		say(due, RW_ERROR, &err);
	else if (!has_days || rw_due_ignores(&due->options, follower->id))
		say(due, RW_INFO, &err);
	else if (rw_due_names(&due->options,
	    ++due->counts.left_out_with_days))
		say(due, RW_WARNING, &err);
}

/* Compares the follower with the platform's own figures of the month. */
static bool
cross_check(struct rw_due *due, struct rw_follower *follower,
	struct rw_err *err)
{
	const struct rw_commission *row;
	struct rw_err why;

	if (!rw_commission_find(&due->commissions, follower->id, &row, err))
		return false;
	if (row == NULL || rw_commission_apply(row, &follower->record, &why))
		return true;
	due->counts.differing++;
	rw_err_prefix(&why, "commission_monthly of %.140s%s", follower->id,
		due->options.accept ? ", accepted" : "");
	say(due, due->options.accept ? RW_WARNING : RW_ERROR, &why);
	if (!due->options.accept && due->broken.kind == RW_OK)
		due->broken = why;
	return true;
}

/* Counted before the shard is applied, because a gate judges the whole
 * month. */
static bool
count_in_gate(struct rw_due *due, bool is_asked, struct rw_err *err)
{
	if (due->options.gate == NULL || (due->options.selection->named &&
	    !is_asked))
		return true;
	return rw_gate_add(due->options.gate, due->options.period,
		rw_month_days(&due->month), err);
}

/* Reports the fault of a follower. False: no line can name the follower. */
static bool
withhold(struct rw_due *due, struct rw_follower *follower)
{
	rw_err_prefix(&follower->wrong, "follower %.140s", follower->id);
	say(due, RW_ERROR, &follower->wrong);
	due->broken = follower->wrong;
	return rw_record_is_id(follower->id);
}

/* Days that seem to belong to this follower, and were already reported. */
static void
find_astray(struct rw_due *due, const char *id)
{
	const char *why = rw_strays_of(&due->strays, id);

	if (why != NULL && due->broken.kind == RW_OK)
		rw_fail(&due->broken, RW_DATA, "%s", why);
}

/* *is_due is false when no line is made for this follower. */
static bool
make_report(struct rw_due *due, struct rw_follower *follower, bool *is_due,
	struct rw_err *err)
{
	struct rw_record *record = &follower->record;
	char month[RW_PERIOD_SIZE];
	bool is_asked;

	*is_due = false;
	/* A follower without a usable id has no place in the order, and no
	 * days. */
	if (follower->id[0] != '?' && !gather_days(due, follower->id, err))
		return false;
	if (follower->left_out[0] != '\0') {
		leave_out(due, follower);
		return true;
	}
	is_asked = rw_selection_has(due->options.selection, follower->id,
		due->options.period);
	if (follower->wrong.kind == RW_OK &&
	    !count_in_gate(due, is_asked, err))
		return false;
	if (!is_asked)
		return true;
	if (follower->wrong.kind != RW_OK && !withhold(due, follower))
		return true;
	find_astray(due, follower->id);
	check_final(due, follower->id);
	rw_period_text(month, due->options.period);
	rw_line_set_string(&record->line, RW_M_REPORT_PERIOD, month);
	if (!write_days(due, record, err) || !cross_check(due, follower, err))
		return false;
	if (due->broken.kind != RW_OK) {
		rw_record_set_error(record, "rw-list", &due->broken);
		due->counts.failed++;
	}
	due->counts.due++;
	*is_due = true;
	return true;
}

/* Counts the days after the last follower. No id begins with 0xff. */
static bool
pass_rest(struct rw_due *due, struct rw_err *err)
{
	const struct rw_commission *row;

	if (!gather_days(due, NULL, err) ||
	    !rw_commission_find(&due->commissions, "\xff", &row, err))
		return false;
	due->counts.commissions = due->commissions.rows;
	return true;
}

bool
rw_due_next(struct rw_due *due, struct rw_record **record, struct rw_err *err)
{
	bool is_due = false;

	*record = NULL;
	while (!is_due) {
		if (!next_follower(due, err))
			return false;
		if (due->now == NULL)
			return pass_rest(due, err);
		if (!make_report(due, due->now, &is_due, err))
			return false;
	}
	*record = &due->now->record;
	return true;
}

/* ---- the whole ---------------------------------------------------------- */

bool
rw_due_new(struct rw_due **due, const struct rw_due_options *options,
	struct rw_err *err)
{
	*due = calloc(1, sizeof **due);
	if (*due == NULL)
		return rw_fail_memory(err, "the reports due");
	(*due)->options = *options;
	(*due)->commissions.source = options->commissions;
	return true;
}

const struct rw_due_counts *
rw_due_counts(const struct rw_due *due)
{
	return &due->counts;
}

void
rw_due_free(struct rw_due *due)
{
	if (due == NULL)
		return;
	rw_follower_free(&due->followers[0]);
	rw_follower_free(&due->followers[1]);
	rw_buf_free(&due->pnl);
	rw_strays_free(&due->strays);
	free(due);
}
