/*
 * The mail to the administrator at the end of a run: the number of reports that
 * were sent, and each failure with its reason.
 */
#ifndef RW_MAIL_SUMMARY_H
#define RW_MAIL_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/record.h"

struct rw_summary {
	uint64_t links, attachments;	/* sent */
	uint64_t failed, in_doubt;
	uint64_t copies_failed;		/* to addresses in cc */
	struct rw_buf failures;		/* one line each, up to a limit */
	uint64_t left_out;		/* failures beyond the limit */
	char first[RW_PERIOD_SIZE], last[RW_PERIOD_SIZE];	/* periods */
};

/* Counts the outcome of a record. failure NULL: the mail was sent. */
void
rw_summary_note(struct rw_summary *summary, struct rw_record *record,
	bool links, const struct rw_err *failure);

/* Counts a copy that about, a report, did not get to an address in cc. why is
 * a sentence. */
void
rw_summary_note_copy(struct rw_summary *summary, const char *about,
	const char *why);

/* Accepts {0}. */
void
rw_summary_free(struct rw_summary *summary);

/* Appends the whole mail from sender to recipient. run_id may be NULL. */
bool
rw_summary_compose(const struct rw_summary *summary, const char *brand,
	const char *sender, const char *recipient, const char *run_id,
	struct rw_buf *out, struct rw_err *err);

#endif
