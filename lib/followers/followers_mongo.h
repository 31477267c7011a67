/*
 * Followers, and days if available, in the trading platform's MongoDB.
 *
 * Collections of MONGO_DB_NAME: followers (_id a string or an ObjectId, email,
 * iban, commission_pct, enabled or status, and if they like name, currency,
 * locale and cc) and daily_pnl (date "YYYY-MM-DD" or "YYYYMMDD", follower_id,
 * total_pnl). Each is read once, with two cursors, one for ObjectIds and one
 * for all other ids. They are merged by text, because MongoDB sorts all
 * ObjectIds after all strings. An index on daily_pnl (follower_id, date) saves
 * the server the sorting; an order other than by bytes is RW_CONFIG.
 *
 * Amounts are exact. An int and a Decimal128 are read unchanged. A double is
 * read as the shortest decimal that represents it; when arithmetic has left a
 * rounding error after its 15th digit (0.30000000000000004), it is rounded to
 * 15 digits.
 */
#ifndef RW_FOLLOWERS_FOLLOWERS_MONGO_H
#define RW_FOLLOWERS_FOLLOWERS_MONGO_H

#include "followers/followers.h"
#include "followers/selection.h"

struct rw_mongo;

/* Both sources borrow mongo and selection until they are closed. */
bool
rw_followers_mongo_open(struct rw_followers *followers,
	struct rw_mongo *mongo, const struct rw_selection *selection,
	struct rw_err *err);

/* RW_CONFIG when daily_pnl has a document without a follower_id in that month,
 * or begins with one: figures of the whole platform belong to no follower. */
bool
rw_days_mongo_open(struct rw_days *days, struct rw_mongo *mongo,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err);

#endif
