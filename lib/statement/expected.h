/*
 * Compares the statement's figures with the figures that another system
 * computed for the same report: the input members expected_total_pnl,
 * expected_commission and expected_commission_pct.
 */
#ifndef RW_STATEMENT_EXPECTED_H
#define RW_STATEMENT_EXPECTED_H

#include "record/record.h"
#include "statement/statement.h"

/* Reads the members. RW_DATA for a member that is not a valid amount. */
bool
rw_expected_read(struct rw_expected *expected, struct rw_record *record,
	struct rw_err *err);

/* RW_DATA, with both figures, when two figures differ by at least one minor
 * unit of the currency. A commission that was first rounded to four decimals
 * counts as equal. With the fee model hwm only the P&L is compared. */
bool
rw_expected_check(const struct rw_expected *expected,
	const struct rw_statement *statement, struct rw_err *err);

#endif
