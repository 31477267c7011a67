/*
 * Days of P&L in the trading platform's PostgreSQL: the columns follower_id,
 * trading_date, total_pnl and is_finalized of its table pnl_daily.
 */
#ifndef RW_FOLLOWERS_PNL_POSTGRES_H
#define RW_FOLLOWERS_PNL_POSTGRES_H

#include "followers/followers.h"
#include "followers/selection.h"

struct rw_buf;
struct rw_pg;
struct rw_pg_target;

/* Borrows pg until the source is closed. Reads only the followers in selection,
 * unless they are too many. */
bool
rw_days_postgres_open(struct rw_days *days, struct rw_pg *pg,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err);

/* Appends the SQL that grants a role the minimum rights for rw-list. */
void
rw_postgres_grants(struct rw_buf *sql, const struct rw_pg_target *target);

#endif
