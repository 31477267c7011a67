/*
 * The settings of reports from the environment: RW_BRAND, RW_LOGO, RW_PAPER,
 * RW_FONT_DIR, those of record/issuer.h, RW_COMMISSION_CHECK, SOURCE_DATE_EPOCH,
 * DEFAULT_COMMISSION_PERCENTAGE, MARKET_CLOSE_TIMEZONE. rw-gen(1) defines them.
 *
 * Errors: RW_CONFIG, naming the variable; RW_USAGE for the fee model's name.
 */
#ifndef RW_STATEMENT_REPORT_SETTINGS_H
#define RW_STATEMENT_REPORT_SETTINGS_H

#include "statement/report.h"
#include "statement/input.h"

/* out NULL: "reports" in the state directory. */
bool
rw_report_settings_load(struct rw_report_settings *settings, const char *out,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_report_settings_free(struct rw_report_settings *settings);

bool
rw_statement_defaults_load(struct rw_statement_defaults *defaults,
	const char *model, struct rw_err *err);

#endif
