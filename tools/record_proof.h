/*
 * rw-record --result within a run: compares the outcomes in the lines with the
 * outcomes in the journal of the run's rw-mail.
 */
#ifndef RW_TOOLS_RECORD_PROOF_H
#define RW_TOOLS_RECORD_PROOF_H

#include "base/err.h"
#include "filter.h"
#include "journal/proof.h"
#include "ledger/ledger.h"

/* run_id NULL: nothing is compared. proof must be {0}. RW_IO, RW_CONFIG. */
bool
rw_record_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err);

/* Lines whose outcome the journal contradicts become lines in doubt, with an
 * error. */
void
rw_record_proof_check(struct rw_journal_proof *proof, struct rw_job **jobs,
	size_t n);

/* Reports a line that this module put in doubt and the ledger recorded as such.
 * False for other lines, and when the ledger already has the report as sent,
 * because another run has replayed the journal. */
bool
rw_record_proof_fails(struct rw_job *job, const struct rw_ledger_item *item);

#endif
