/*
 * rw-record --result within a run: what the lines say, compared with what the
 * journal of the run's rw-mail says.
 */
#ifndef RW_TOOLS_RECORD_PROOF_H
#define RW_TOOLS_RECORD_PROOF_H

#include "base/err.h"
#include "filter.h"
#include "journal/proof.h"
#include "ledger/ledger.h"

/* run_id NULL: nothing is compared. proof is {0}. RW_IO, RW_CONFIG. */
bool
rw_record_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err);

/* Lines whose outcome the journal contradicts become lines in doubt, with an
 * error. */
void
rw_record_proof_check(struct rw_journal_proof *proof, struct rw_job **jobs,
	size_t n);

/* The line was put in doubt here, and that was recorded: says so. False when
 * that is not the case, or when the ledger has it as sent already, from a
 * journal that another run has replayed: it is sent then. */
bool
rw_record_proof_fails(struct rw_job *job, const struct rw_ledger_item *item);

#endif
