/*
 * What a corrected report says in the mail: the member correction of the line,
 * as text with a table.
 */
#ifndef RW_MAIL_LETTER_CORRECTION_H
#define RW_MAIL_LETTER_CORRECTION_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/record.h"

/* Appends the sentence and a line for each change, without the last line feed;
 * nothing for a report that corrects none. RW_DATA for a member of another
 * form. */
bool
rw_letter_add_correction(struct rw_buf *out, struct rw_record *record,
	struct rw_err *err);

#endif
