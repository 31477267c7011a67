#include "record_proof.h"

#include <string.h>

#include "base/log.h"
#include "journal/run_file.h"

#define CONTRADICTED "rw-mail says that it was "

bool
rw_record_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err)
{
	return run_id == NULL || rw_journal_proof_open(proof, run_id, err);
}

static bool
agrees(enum rw_fate fate, enum rw_proof proof)
{
	if (fate == RW_FATE_SENT)
		return proof == RW_PROOF_SENT;
	return fate == RW_FATE_IN_DOUBT || (proof != RW_PROOF_SENT &&
		proof != RW_PROOF_IN_DOUBT);
}

static void
put_in_doubt(struct rw_record *record, enum rw_fate fate)
{
	struct rw_err doubt;

	rw_fail(&doubt, RW_BUG, CONTRADICTED "%s, and its journal does not "
		"say so: in doubt", fate == RW_FATE_SENT ? "sent" :
		"not sent");
	rw_line_set_string(&record->line, RW_M_STATE, "in_doubt");
	rw_line_set_bool(&record->line, RW_M_EMAIL_SENT, false);
	rw_record_set_error(record, "rw-record", &doubt);
}

void
rw_record_proof_check(struct rw_journal_proof *proof, struct rw_job **jobs,
	size_t n)
{
	const char *claim;
	struct rw_err err;
	enum rw_fate fate;
	size_t i;

	if (proof->dir == NULL)
		return;
	if (!rw_journal_proof_read(proof, &err))
		rw_say(RW_ERROR, "%s", err.message);
	for (i = 0; i < n; i++) {
		struct rw_record *record = &jobs[i]->record;

		fate = rw_claim_fate(record);
		if (rw_record_optional_string(record, RW_M_CLAIM, NULL, &claim,
		    &err) && rw_journal_run_is_of(claim) &&
		    !agrees(fate, rw_journal_proof_of(proof, claim)) &&
		    rw_journal_proof_is_whole(proof))
			put_in_doubt(record, fate);
	}
}

static bool
was_put_in_doubt(struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);

	return tool != NULL && strcmp(tool, "rw-record") == 0 &&
		strncmp(rw_record_error_message(record), CONTRADICTED,
		strlen(CONTRADICTED)) == 0;
}

bool
rw_record_proof_fails(struct rw_job *job, const struct rw_ledger_item *item)
{
	struct rw_record *record = &job->record;

	if (!was_put_in_doubt(record))
		return false;
	if (item->known && rw_entry_state(rw_ledger_item_entry(item)) ==
	    RW_STATE_SENT) {
		rw_line_remove(&record->line, RW_M_ERROR);
		rw_line_set_string(&record->line, RW_M_STATE, "sent");
		rw_line_set_bool(&record->line, RW_M_EMAIL_SENT, true);
		return false;
	}
	rw_say_about(RW_ERROR, rw_record_label(record), "%s",
		rw_record_error_message(record));
	return true;
}
