/*
 * Reads the outcome of claims from the journals of one run, so that an outcome
 * on a line can be checked. rw-mail may still be running; it syncs each outcome
 * to the journal before it reports it.
 *
 * Errors: RW_IO, and RW_CONFIG when no state directory is known.
 */
#ifndef RW_JOURNAL_PROOF_H
#define RW_JOURNAL_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum rw_proof {
	RW_PROOF_NONE,		/* no journal has a begin for it */
	RW_PROOF_BEGUN,
	RW_PROOF_SENT,
	RW_PROOF_FAILED,
	RW_PROOF_IN_DOUBT,
};

struct rw_journal_proof {
	char *dir, *run_id;	/* owned */
	/* Each journal is kept open, because another run may settle and remove
	 * it before we have finished. */
	struct rw_proof_file {
		char *name;	/* owned */
		int fd;
		off_t at;	/* end of the last whole line read */
	} *files;
	size_t file_count;
	struct rw_proof_claim {
		uint64_t hash;	/* of the claim; 0: empty */
		enum rw_proof proof;
	} *claims;
	size_t count, room;	/* room is a power of two */
};

/* proof is {0}. run_id: the id of the run. */
bool
rw_journal_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err);

/* Reads the lines that were added since the last call. */
bool
rw_journal_proof_read(struct rw_journal_proof *proof, struct rw_err *err);

/* The latest state of the claim that was read. */
enum rw_proof
rw_journal_proof_of(const struct rw_journal_proof *proof, const char *claim);

/* True when the file of the run and every journal that it names exist. Only
 * then does a mail that is missing in the journals prove that it was not
 * sent. */
bool
rw_journal_proof_is_whole(const struct rw_journal_proof *proof);

/* Accepts {0}. */
void
rw_journal_proof_close(struct rw_journal_proof *proof);

#endif
