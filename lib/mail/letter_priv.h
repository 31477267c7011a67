/*
 * The words of a letter, between letter.c, which makes it, and letter_words.c.
 */
#ifndef RW_MAIL_LETTER_PRIV_H
#define RW_MAIL_LETTER_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "mail/letter.h"
#include "record/record.h"

/* Fills the values that do not depend on links or files. RW_DATA. */
bool
rw_letter_take_words(struct rw_letters *letters, struct rw_record *record,
	int64_t revision, struct rw_err *err);

/* Fills the subject, the text and the HTML from the values. RW_IO: no
 * memory. */
bool
rw_letter_fill_texts(struct rw_letters *letters,
	const struct rw_letter *letter, struct rw_err *err);

#endif
