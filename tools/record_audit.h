/*
 * What rw-record --audit has to say: the reports that were due and were not
 * sent, by what became of them, and those that another run has claimed.
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
	uint64_t elsewhere;		/* also of runs that are not named */
};

/* Reads the lines of reports that were not revised, because nothing has changed;
 * path: NULL for none. RW_CONFIG, RW_IO, RW_UNREADABLE. */
bool
rw_record_audit_open(struct rw_record_audit *audit, const char *path,
	struct rw_err *err);

/* Of a line that came to rw_ledger_audit. RW_FATE_NOT_AGAIN becomes
 * RW_FATE_UNCHANGED when it is one of those. */
void
rw_record_audit_note(struct rw_record_audit *audit,
	struct rw_ledger_item *item);

/* Says it, and returns what it counts as: RW_LOCKED when others have reports,
 * RW_DATA when some were not sent. */
enum rw_kind
rw_record_audit_tell(const struct rw_record_audit *audit);

void
rw_record_audit_free(struct rw_record_audit *audit);

#endif
