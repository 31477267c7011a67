/*
 * The rows of a month in the trading platform's table commission_monthly, in
 * the PostgreSQL that has its pnl_daily.
 */
#ifndef RW_FOLLOWERS_COMMISSION_POSTGRES_H
#define RW_FOLLOWERS_COMMISSION_POSTGRES_H

#include "followers/commission.h"
#include "followers/selection.h"

struct rw_pg;

/* The columns that are read, for GRANT. */
#define RW_COMMISSION_COLUMNS "follower_id, year, month, monthly_pnl, " \
	"commission_pct, commission_amount, commission_currency, " \
	"follower_iban, follower_email, is_paid, payment_date, " \
	"payment_reference"

/* Borrows pg until the source is closed. RW_CONFIG, which mentions
 * RW_COMMISSION_CHECK, when the table or a column is missing or cannot be
 * read. */
bool
rw_commissions_postgres_open(struct rw_commissions *commissions,
	struct rw_pg *pg, const struct rw_selection *selection,
	struct rw_period period, struct rw_err *err);

#endif
