#include "followers/gate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "wire/config.h"

enum { FIRST_SEEN = 1024 };

bool
rw_gate_read_settings(struct rw_gate_options *options, int64_t now,
	struct rw_err *err)
{
	options->zone = rw_config_text("MARKET_CLOSE_TIMEZONE",
		"America/New_York");
	return rw_config_u64("RW_MAX_EMPTY", 50, 0, 100, &options->max_empty,
		err) && rw_period_last(now, options->zone, &options->last,
		err);
}

/* ---- counting ------------------------------------------------------------ */

static bool
is_same_month(struct rw_period a, struct rw_period b)
{
	return a.year == b.year && a.month == b.month;
}

/* Finds or adds the month; nearly always it is the month of the last report.
 * NULL: no memory. */
static struct rw_gate_month *
find_month(struct rw_gate *gate, struct rw_period period)
{
	struct rw_gate_month *months;
	size_t i = gate->count;

	while (i > 0 && !is_same_month(gate->months[i - 1].period, period))
		i--;
	if (i > 0)
		return &gate->months[i - 1];
	months = reallocarray(gate->months, gate->count + 1, sizeof *months);
	if (months == NULL)
		return NULL;
	gate->months = months;
	months[gate->count] = (struct rw_gate_month){.period = period};
	return &months[gate->count++];
}

/* Its slot, or the empty one for it: at least half of the slots are. */
static uint64_t *
find_seen(const struct rw_gate *gate, uint64_t hash)
{
	size_t mask = gate->seen_room - 1, i = (size_t)hash & mask;

	while (gate->seen[i] != 0 && gate->seen[i] != hash)
		i = (i + 1) & mask;
	return &gate->seen[i];
}

/* Want of memory ends the process (base/memory.c). */
static void
grow_seen(struct rw_gate *gate)
{
	struct rw_gate grown = {.seen_room = gate->seen_room == 0 ?
		FIRST_SEEN : 2 * gate->seen_room};
	size_t i;

	grown.seen = calloc(grown.seen_room, sizeof *grown.seen);
	for (i = 0; i < gate->seen_room; i++)
		if (gate->seen[i] != 0)
			*find_seen(&grown, gate->seen[i]) = gate->seen[i];
	free(gate->seen);
	gate->seen = grown.seen;
	gate->seen_room = grown.seen_room;
}

bool
rw_gate_has_seen(struct rw_gate *gate, const char *follower_id,
	struct rw_period period)
{
	char month[RW_PERIOD_SIZE];
	uint64_t hash, *slot;

	rw_period_text(month, period);
	hash = rw_hash64(RW_HASH64_START, month, strlen(month));
	hash = rw_hash64(hash, follower_id, strlen(follower_id)) | 1;
	if (2 * gate->seen_count >= gate->seen_room)
		grow_seen(gate);
	slot = find_seen(gate, hash);
	if (*slot == hash)
		return true;
	*slot = hash;
	gate->seen_count++;
	return false;
}

bool
rw_gate_add(struct rw_gate *gate, struct rw_period period, uint32_t days,
	struct rw_err *err)
{
	struct rw_gate_month *month = find_month(gate, period);

	if (month == NULL)
		return rw_fail_memory(err, "a month");
	month->due++;
	month->empty += days == 0;
	month->days |= days;
	return true;
}

uint32_t
rw_gate_days(struct rw_record *record)
{
	struct rw_json days = rw_line_get(&record->line, RW_M_DAILY_PNL);
	struct rw_json name, value;
	struct rw_date date;
	uint32_t found = 0;
	struct rw_err err;
	const char *text;
	size_t at = 0;

	if (rw_json_type(days) != RW_JSON_OBJECT)
		return 0;
	while (rw_json_next(days, &at, &name, &value)) {
		found |= RW_GATE_OTHER;
		text = rw_json_string(name, &record->line.arena, &err);
		if (text != NULL && rw_date_parse(text, strlen(text), &date,
		    &err) && rw_date_is_in(date, record->period))
			found |= UINT32_C(1) << date.day;
	}
	return found;
}

unsigned
rw_gate_day_count(uint32_t days)
{
	unsigned n = 0;

	for (days &= ~RW_GATE_OTHER; days != 0; days &= days - 1)
		n++;
	return n;
}

/* ---- judging ------------------------------------------------------------- */

static int
months_since(struct rw_period from, struct rw_period to)
{
	return (to.year - from.year) * 12 + to.month - from.month;
}

static void
judge_end(const struct rw_gate_month *month, const char *name,
	const struct rw_gate_options *options, struct rw_buf *why)
{
	int ahead = months_since(options->last, month->period);

	if (options->allow_unfinished || ahead <= 0)
		return;
	if (ahead == 1)
		rw_buf_addf(why, "%s is not over in %s (MARKET_CLOSE_TIMEZONE)"
			"; to send it now, use --allow-unfinished\n", name,
			options->zone);
	else
		rw_buf_addf(why, "%s is in the future; to send it now, use "
			"--allow-unfinished\n", name);
}

static void
judge_empty(const struct rw_gate_month *month, const char *name,
	const struct rw_gate_options *options, struct rw_buf *why)
{
	if (options->allow_empty || options->selected ||
	    month->due < RW_GATE_LEAST)
		return;
	if (month->empty == month->due)
		rw_buf_addf(why, "none of %" PRIu64 " followers has a day in "
			"%s; if this is correct, use --allow-empty\n",
			month->due, name);
	else if (month->empty * 100 > options->max_empty * month->due)
		rw_buf_addf(why, "%" PRIu64 " of %" PRIu64 " followers have "
			"no day in %s, more than %" PRIu64 " percent "
			"(RW_MAX_EMPTY); if this is correct, use "
			"--allow-empty\n", month->empty, month->due, name,
			options->max_empty);
}

static void
judge_days(const struct rw_gate_month *month, const char *name,
	const struct rw_gate_options *options, struct rw_buf *why)
{
	unsigned days = rw_gate_day_count(month->days);

	if (days < options->expect_days)
		rw_buf_addf(why, "%s has P&L on %u days, at least %" PRIu64
			" were expected (--expect-days)\n", name, days,
			options->expect_days);
}

void
rw_gate_judge(const struct rw_gate *gate,
	const struct rw_gate_options *options, uint64_t due,
	struct rw_buf *why)
{
	char name[RW_PERIOD_SIZE];
	size_t i;

	if (due < options->expect_min)
		rw_buf_addf(why, "%" PRIu64 " reports are due, at least %"
			PRIu64 " were expected (--expect-min)\n", due,
			options->expect_min);
	for (i = 0; i < gate->count; i++) {
		rw_period_text(name, gate->months[i].period);
		judge_end(&gate->months[i], name, options, why);
		judge_empty(&gate->months[i], name, options, why);
		judge_days(&gate->months[i], name, options, why);
	}
}

void
rw_gate_free(struct rw_gate *gate)
{
	free(gate->months);
	free(gate->seen);
	*gate = (struct rw_gate){0};
}
