/*
 * Within a run, the proof that a letter would bring its follower nothing but
 * the follower's own report: paths, checksums and keys of this follower, month
 * and revision, and links that rw-presign would make to these keys. What the
 * members say is checked here; lib/mail/letter_content.h compares the bytes
 * that it attaches with the checksums.
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
	bool is_open;		/* places; at the first link */
	struct rw_link_places places;
};

/* True when nothing is required, or all members are this report's own. */
bool
rw_mail_own_check(struct rw_mail_own *own, struct rw_record *record,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_mail_own_free(struct rw_mail_own *own);

#endif
