/*
 * What the journals of one run say now of the claims that rw-mail had: whoever
 * is told an outcome can compare it. rw-mail, which may still be at work, syncs
 * each outcome before it tells it.
 *
 * Errors: RW_IO, and RW_CONFIG when there is no place for state.
 */
#ifndef RW_JOURNAL_PROOF_H
#define RW_JOURNAL_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum rw_proof {
	RW_PROOF_NONE,		/* no journal begins it */
	RW_PROOF_BEGUN,
	RW_PROOF_SENT,
	RW_PROOF_FAILED,
	RW_PROOF_IN_DOUBT,
};

struct rw_journal_proof {
	char *dir, *run_id;	/* owned */
	/* Each journal is kept open: it may be settled and removed by another
	 * run while we still ask. */
	struct rw_proof_file {
		char *name;	/* owned */
		int fd;
		off_t at;	/* behind the last whole line read */
	} *files;
	size_t file_count;
	struct rw_proof_claim {
		uint64_t hash;	/* of the claim; 0: empty */
		enum rw_proof proof;
	} *claims;
	size_t count, room;	/* room is a power of two */
};

/* proof is {0}; run_id is that of the run. */
bool
rw_journal_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err);

/* Reads what was added since the last call. */
bool
rw_journal_proof_read(struct rw_journal_proof *proof, struct rw_err *err);

/* The last that was read of the claim. */
enum rw_proof
rw_journal_proof_of(const struct rw_journal_proof *proof, const char *claim);

/* Whether the file of the run is there, and every journal that it names: only
 * then does a journal that does not have a mail say that it was not sent. */
bool
rw_journal_proof_is_whole(const struct rw_journal_proof *proof);

/* Accepts {0}. */
void
rw_journal_proof_close(struct rw_journal_proof *proof);

#endif
