/*
 * The reports due of a month, out of the trading platform's MongoDB.
 *
 * Collections of MONGO_DB_NAME: followers (_id a string or an ObjectId, email,
 * iban, commission_pct, enabled, and if they like name and currency) and
 * daily_pnl (date "YYYY-MM-DD" or "YYYYMMDD", follower_id, total_pnl). Both are
 * read once, in the order of the followers, side by side: memory does not grow
 * with their number. An index on daily_pnl (follower_id, date) spares the
 * server the sorting; one that sorts otherwise than by bytes is RW_CONFIG.
 *
 * Amounts are exact: an int and a Decimal128 as they are; a double as the
 * shortest decimal that stands for it, and, when arithmetic has left noise
 * behind its 15th digit (0.30000000000000004), rounded to these 15.
 *
 * A document of another form is named and skipped. A follower one of whose
 * days is skipped comes with an error: the sum would be wrong.
 */
#ifndef RW_WORK_FOLLOWERS_H
#define RW_WORK_FOLLOWERS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/period.h"
#include "work/record.h"
#include "work/selection.h"

struct rw_followers;

struct rw_followers_options {
	struct rw_selection *selection;	/* borrowed until the end */
	struct rw_period period;
	/* Hears of each document that was skipped, and why. */
	void (*skipped)(void *context, const struct rw_err *err);
	void *context;
};

bool
rw_followers_open(struct rw_followers **followers,
	const struct rw_followers_options *options, struct rw_err *err);

/* The next report due; it may carry an error (see above). *found is false
 * behind the last one. */
bool
rw_followers_next(struct rw_followers *followers, struct rw_record *record,
	bool *found, struct rw_err *err);

/* What it reads from, for messages. */
const char *
rw_followers_name(const struct rw_followers *followers);

/* Accepts NULL. */
void
rw_followers_close(struct rw_followers *followers);

#endif
