/*
 * Within a run, proves that a letter would bring its follower only the
 * follower's own report: the paths, checksums and keys of this follower, month
 * and revision, and links that rw-presign would make to these keys. This module
 * checks the members; lib/mail/letter_content.h compares the attached bytes
 * with the checksums.
 *
 * Errors: RW_DATA, naming the member, its value without a query, and what was
 * expected.
 */
#ifndef RW_TOOLS_MAIL_OWN_H
#define RW_TOOLS_MAIL_OWN_H

#include <stdbool.h>

#include "base/err.h"
#include "record/record.h"
#include "store/link_place.h"

struct rw_mail_own {
	bool is_required;	/* within a run */
	/* private */
	bool is_open;		/* places is open, from the first link on */
	struct rw_link_places places;
};

/* True when the proof is not required, or when all members belong to this
 * report. */
bool
rw_mail_own_check(struct rw_mail_own *own, struct rw_record *record,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_mail_own_free(struct rw_mail_own *own);

#endif
