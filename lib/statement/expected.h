/*
 * The figures that somebody else computed for a report, its input members
 * expected_total_pnl, expected_commission and expected_commission_pct, against
 * the statement's own.
 */
#ifndef RW_STATEMENT_EXPECTED_H
#define RW_STATEMENT_EXPECTED_H

#include "record/record.h"
#include "statement/statement.h"

/* RW_DATA for a member that is no money. */
bool
rw_expected_read(struct rw_expected *expected, struct rw_record *record,
	struct rw_err *err);

/* RW_DATA, with both figures, when one differs in the currency's minor unit.
 * A commission that was rounded to four decimals before is no difference. With
 * the fee model hwm only the P&L is compared. */
bool
rw_expected_check(const struct rw_expected *expected,
	const struct rw_statement *statement, struct rw_err *err);

#endif
