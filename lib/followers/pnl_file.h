/*
 * Days of P&L in a file, rows of followers/table.h: follower_id, date (or
 * trading_date), pnl (or total_pnl), and is_finalized if it is there: true when
 * it is not. Other columns, and days of other months, do not matter.
 *
 * The rows need no order: they are sorted here, in about 50 bytes of memory
 * for each day of the month.
 */
#ifndef RW_FOLLOWERS_PNL_FILE_H
#define RW_FOLLOWERS_PNL_FILE_H

#include "followers/followers.h"

/* Reads the whole file. path is borrowed until it is closed. RW_UNREADABLE for
 * a row that cannot be read, or is nobody's; a date or an amount that is none
 * is the day's error. */
bool
rw_days_file_open(struct rw_days *days, const char *path,
	struct rw_period period, struct rw_err *err);

#endif
