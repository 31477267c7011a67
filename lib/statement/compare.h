/*
 * A statement beside others of the same follower: the twelve months that end
 * with it, and what it corrects. Part of the statement as data.
 *
 * Errors: RW_DATA when a sum does not fit.
 */
#ifndef RW_STATEMENT_COMPARE_H
#define RW_STATEMENT_COMPARE_H

#include "statement/statement.h"

/* Fills the year and the corrections of a statement that was built. */
bool
rw_statement_compare(struct rw_statement *statement, struct rw_err *err);

#endif
