/*
 * Whether the reports of a month are plausible as a whole, before anything is
 * uploaded or mailed: a month that is not over, a month without P&L, too many
 * followers without a day, too few reports or days.
 *
 * A gate judges the whole month: the reports of all shards are counted. It does
 * not judge single reports, which have their own errors.
 */
#ifndef RW_FOLLOWERS_GATE_H
#define RW_FOLLOWERS_GATE_H

#include "base/buf.h"
#include "base/period.h"
#include "record/record.h"

/* The gates on empty days apply from this many reports on. */
enum { RW_GATE_LEAST = 10 };

struct rw_gate_options {
	bool allow_empty, allow_unfinished;
	bool selected;		/* followers are selected by name: no gate on
				 * empty days */
	uint64_t expect_min;	/* reports of this run; 0: any number */
	uint64_t expect_days;	/* days of the month with P&L; 0: any number */
	/* From rw_gate_read_settings. */
	uint64_t max_empty;	/* percent of the reports */
	const char *zone;	/* borrowed from the environment */
	struct rw_period last;	/* the last complete month in zone */
};

struct rw_gate_month {
	struct rw_period period;
	uint64_t due, empty;	/* reports, and reports without a day */
	uint32_t days;		/* days with P&L: bits 1 to 31; see below */
};

struct rw_gate {
	struct rw_gate_month *months;	/* in the order of their first report */
	size_t count;
	/* Hashes of the reports that were seen; 0 is an empty slot. */
	uint64_t *seen;
	size_t seen_count, seen_room;	/* room: a power of two */
};

/* RW_MAX_EMPTY (percent, by default 50) and MARKET_CLOSE_TIMEZONE. now is in
 * seconds since 1970. RW_CONFIG. */
bool
rw_gate_read_settings(struct rw_gate_options *options, int64_t now,
	struct rw_err *err);

/* Bit 0 of days: an entry that is not a day. */
#define RW_GATE_OTHER UINT32_C(1)

/* Counts a report; days as in rw_gate_month. RW_IO: no memory. */
bool
rw_gate_add(struct rw_gate *gate, struct rw_period period, uint32_t days,
	struct rw_err *err);

/* Whether the report has been asked about before; from now on it has. A report
 * is counted once, however often its line comes. */
bool
rw_gate_has_seen(struct rw_gate *gate, const char *follower_id,
	struct rw_period period);

/* The days of the record's own month in daily_pnl. rw-gen reports malformed
 * entries. */
uint32_t
rw_gate_days(struct rw_record *record);

/* How many days there are. */
unsigned
rw_gate_day_count(uint32_t days);

/* Appends to why a line for each closed gate, with the option that opens it.
 * due: the number of reports of this run, including unreadable lines. */
void
rw_gate_judge(const struct rw_gate *gate,
	const struct rw_gate_options *options, uint64_t due,
	struct rw_buf *why);

/* Accepts {0}. */
void
rw_gate_free(struct rw_gate *gate);

#endif
