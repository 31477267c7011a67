/*
 * A report compared with what the ledger knows of it: with what this revision
 * was sent with, or may have been, and with the revision before.
 *
 * Both digests are known of what rw-gen made since they exist; older entries
 * are compared by their figures and currency.
 */
#ifndef RW_STATEMENT_REPORT_SENT_H
#define RW_STATEMENT_REPORT_SENT_H

#include "base/err.h"
#include "statement/statement.h"

/* RW_DATA: this revision was sent with another content than this. */
bool
rw_report_sent_has_content(const struct rw_statement *statement,
	const char *content, struct rw_err *err);

/* RW_DATA: this revision may have been sent as another document. */
bool
rw_report_sent_is_drawn(const struct rw_statement *statement,
	const char *drawn, struct rw_err *err);

/* A correction that corrects nothing. */
bool
rw_report_sent_is_unchanged(const struct rw_statement *statement,
	const char *content, const char *drawn);

#endif
