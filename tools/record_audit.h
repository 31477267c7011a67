/*
 * The result of rw-record --audit: the reports that were due and were not sent,
 * grouped by their fate, and the reports that other runs have claimed.
 */
#ifndef RW_TOOLS_RECORD_AUDIT_H
#define RW_TOOLS_RECORD_AUDIT_H

#include "base/buf.h"
#include "base/err.h"
#include "record_words.h"
#include "followers/selection.h"
#include "ledger/ledger.h"

enum { RW_AUDIT_RUNS = 8 };

struct rw_record_audit {
	struct rw_selection unchanged;	/* reports that were not revised */
	uint64_t lines;
	struct rw_record_names left[RW_FATE_COUNT];
	struct rw_audit_run {
		struct rw_buf run_id, host;
		int64_t lease_until;	/* the latest one */
		uint64_t n;
	} runs[RW_AUDIT_RUNS];
	size_t run_count;
	uint64_t elsewhere;		/* including claims of runs that are not
					 * named */
};

/* Reads the lines of reports that were not revised because they were unchanged.
 * path may be NULL. RW_CONFIG, RW_IO, RW_UNREADABLE. */
bool
rw_record_audit_open(struct rw_record_audit *audit, const char *path,
	struct rw_err *err);

/* Notes the fate that rw_ledger_audit gave a line. RW_FATE_NOT_AGAIN becomes
 * RW_FATE_UNCHANGED when the report is one of the unchanged ones. */
void
rw_record_audit_note(struct rw_record_audit *audit,
	struct rw_ledger_item *item);

/* Reports the result, and returns its kind: RW_LOCKED when other runs have
 * claimed reports, RW_DATA when some reports were not sent. */
enum rw_kind
rw_record_audit_tell(const struct rw_record_audit *audit);

void
rw_record_audit_free(struct rw_record_audit *audit);

#endif
