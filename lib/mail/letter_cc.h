/*
 * The member cc of a line: up to five addresses that receive a copy of the
 * letter, and that its Cc names. The letter does not depend on them: a fault of
 * cc becomes a note, and the follower receives the letter.
 */
#ifndef RW_MAIL_LETTER_CC_H
#define RW_MAIL_LETTER_CC_H

#include "base/buf.h"
#include "mail/address.h"
#include "mail/copies.h"
#include "record/record.h"

struct rw_letter_cc {
	struct rw_copies to;	/* without the follower's own address */
	struct rw_buf notes;	/* faults, each ended by LF */
};

/* Replaces the contents of cc, {0} at first, by those of the record. */
void
rw_letter_cc_take(struct rw_letter_cc *cc, struct rw_record *record,
	const struct rw_address *follower);

/* Empties cc. */
void
rw_letter_cc_free(struct rw_letter_cc *cc);

#endif
