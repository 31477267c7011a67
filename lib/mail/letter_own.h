/*
 * Within a run, the proof that a letter would bring its follower nothing but
 * the follower's own report: paths, checksums and keys of this follower, month
 * and revision, links that rw-presign would make to these keys, and files with
 * these checksums. For letter.c and letter_content.c alone.
 *
 * Errors: RW_DATA, naming the member, its value without a query, and what was
 * expected.
 */
#ifndef RW_MAIL_LETTER_OWN_H
#define RW_MAIL_LETTER_OWN_H

#include <stdbool.h>

#include "base/err.h"
#include "store/link_place.h"
#include "record/record.h"

struct rw_letter_own {
	bool is_required;	/* within a run */
	/* private */
	bool is_open;		/* places; at the first link */
	struct rw_link_places places;
};

/* What the members say; the files are not looked at. */
bool
rw_letter_own_check(struct rw_letter_own *own, struct rw_record *record,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_letter_own_free(struct rw_letter_own *own);

#endif
