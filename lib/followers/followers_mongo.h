/*
 * Followers, and days if they are there, in the trading platform's MongoDB.
 *
 * Collections of MONGO_DB_NAME: followers (_id a string or an ObjectId, email,
 * iban, commission_pct, enabled or status, and if they like name, currency,
 * locale and cc) and daily_pnl (date "YYYY-MM-DD" or "YYYYMMDD", follower_id,
 * total_pnl). Each is read once, by two cursors, one for ObjectIds and one for
 * the rest, which are merged by text: MongoDB sorts all ObjectIds behind all
 * strings. An index on daily_pnl (follower_id, date) spares the server the
 * sorting; one that sorts otherwise than by bytes is RW_CONFIG.
 *
 * Amounts are exact: an int and a Decimal128 as they are; a double as the
 * shortest decimal that stands for it, and, when arithmetic has left noise
 * behind its 15th digit (0.30000000000000004), rounded to these 15.
 */
#ifndef RW_FOLLOWERS_FOLLOWERS_MONGO_H
#define RW_FOLLOWERS_FOLLOWERS_MONGO_H

#include "followers/followers.h"
#include "followers/selection.h"

struct rw_mongo;

/* Both borrow mongo and selection until they are closed. */
bool
rw_followers_mongo_open(struct rw_followers *followers,
	struct rw_mongo *mongo, const struct rw_selection *selection,
	struct rw_err *err);

/* RW_CONFIG when daily_pnl has a document without a follower_id in that month,
 * or begins with one: the figures of the whole platform are nobody's. */
bool
rw_days_mongo_open(struct rw_days *days, struct rw_mongo *mongo,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err);

#endif
