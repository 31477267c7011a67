/*
 * Reads the input of a statement from a record.
 *
 * Errors: RW_DATA, naming the member and what was expected: daily_pnl is
 * missing, is not an object, or has a day that is not a date, is outside the
 * month, is a duplicate (in either form), or is not a decimal; a currency that
 * ISO 4217 does not have; a wrong IBAN; a name with control characters; an
 * issue date before the last day of the month.
 */
#ifndef RW_STATEMENT_INPUT_H
#define RW_STATEMENT_INPUT_H

#include "record/record.h"
#include "statement/statement.h"

struct rw_statement_defaults {
	enum rw_fee_model model;
	const char *zone;
	/* For a record without commission_pct, which is an error otherwise. */
	bool has_rate;
	int64_t rate;
	bool checks;		/* expected_* is read */
	int64_t max_change;	/* RW_MAX_CHANGE; 0: not set */
	struct rw_payee payee;
};

/* input is borrowed from record and defaults. */
bool
rw_statement_read(struct rw_statement_input *input, struct rw_record *record,
	const struct rw_statement_defaults *defaults, struct rw_err *err);

#endif
