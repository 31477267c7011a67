/*
 * Days of P&L in a file, rows of followers/table.h: follower_id, date (or
 * trading_date), pnl (or total_pnl), and optionally is_finalized, by default
 * true. Other columns, and days of other months, are ignored.
 *
 * The rows may be in any order: they are sorted here, in about 50 bytes of
 * memory for each day of the month.
 */
#ifndef RW_FOLLOWERS_PNL_FILE_H
#define RW_FOLLOWERS_PNL_FILE_H

#include "followers/followers.h"

/* Reads the whole file. path is borrowed until the source is closed.
 * RW_UNREADABLE for a row that cannot be read or has no id; a malformed date or
 * amount is an error of the day. */
bool
rw_days_file_open(struct rw_days *days, const char *path,
	struct rw_period period, struct rw_err *err);

#endif
