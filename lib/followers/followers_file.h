/*
 * Followers in a file, rows of followers/table.h: follower_id (or _id, as
 * mongoexport writes it), email, name, iban, currency, commission_pct, locale,
 * cc (in CSV a list with blanks or commas), high_water_mark, opening_balance;
 * enabled, state and status as in MongoDB, but a follower without all of these
 * gets a report.
 *
 * The rows may be in any order: they are sorted here, in memory.
 */
#ifndef RW_FOLLOWERS_FOLLOWERS_FILE_H
#define RW_FOLLOWERS_FOLLOWERS_FILE_H

#include "followers/followers.h"

/* Reads the whole file. path is borrowed until the source is closed.
 * RW_UNREADABLE for a row that cannot be read or has no id. */
bool
rw_followers_file_open(struct rw_followers *followers, const char *path,
	struct rw_err *err);

#endif
