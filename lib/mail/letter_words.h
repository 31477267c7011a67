/*
 * The words of a letter: the values that follow from the record and the
 * settings, and the texts that they fill.
 */
#ifndef RW_MAIL_LETTER_WORDS_H
#define RW_MAIL_LETTER_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/message_text.h"
#include "record/issuer.h"
#include "record/record.h"

struct rw_letter_words {
	const char *brand;		/* borrowed, as the next two */
	const char *reply_to;		/* NULL: none */
	const char *logo_url;		/* NULL: none */
	struct rw_issuer issuer;
	struct rw_texts texts;
	/* Of the current letter. */
	struct rw_buf subject, text, html;
};

/* Borrows the texts. Reads the settings of the issuer (record/issuer.h).
 * reply_to and logo_url may be NULL. template_dir NULL: the default texts.
 * RW_CONFIG. */
bool
rw_letter_words_open(struct rw_letter_words *words, const char *brand,
	const char *reply_to, const char *logo_url, const char *template_dir,
	struct rw_err *err);

/* Fills the values that do not depend on links or files. RW_DATA. */
bool
rw_letter_words_take(const struct rw_letter_words *words,
	struct rw_buf values[RW_TEXT_VALUES], struct rw_record *record,
	int64_t revision, struct rw_err *err);

/* Fills the subject, the text and the HTML from the values, in an edition
 * (record/mail_edition.h). RW_IO: no memory. */
bool
rw_letter_words_fill(struct rw_letter_words *words,
	const struct rw_buf values[RW_TEXT_VALUES], int64_t edition,
	bool has_links, struct rw_err *err);

void
rw_letter_words_reset(struct rw_letter_words *words);

/* Accepts {0}. */
void
rw_letter_words_close(struct rw_letter_words *words);

#endif
