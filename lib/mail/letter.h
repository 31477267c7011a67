/*
 * Makes the letter to a follower from a record: the recipient, links or files,
 * and the composed message.
 *
 * The letter has links when the record has both links, unless rw-verify found a
 * link dead. Otherwise it has the two files, which are read here and compared
 * with the checksums of rw-gen. The caller has already checked that the
 * record's paths, checksums, keys and links belong to the report
 * (tools/mail_own.h).
 *
 * Errors: RW_CONFIG while opening; RW_DATA when no letter can be made from the
 * record (retryable when a later run may have new files or links).
 */
#ifndef RW_MAIL_LETTER_H
#define RW_MAIL_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/address.h"
#include "mail/copies.h"
#include "mail/letter_cc.h"
#include "mail/letter_content.h"
#include "mail/letter_words.h"
#include "record/record.h"

struct rw_letter_options {
	const char *brand;
	const char *sender;		/* From and envelope */
	const char *reply_to;		/* NULL: none */
	const struct rw_copies *cc;	/* in Cc of each letter; NULL: none */
	const struct rw_copies *first_cc;	/* the same in letters of the
						 * first edition */
	const char *only_to;		/* recipient of all letters; NULL: each
					 * goes to its follower */
	const char *logo_url;		/* NULL: none */
	const char *template_dir;	/* NULL: the default texts */
	bool attach;			/* attach the files in addition to
					 * links */
	bool is_run;			/* in a run: the files are read and
					 * compared even when the letter has
					 * links */
	size_t max_attach;		/* bytes of both files together */
};

/* The data that all letters of a run share. */
struct rw_letters {
	bool attach;
	struct rw_address sender, reply_to, only_to;
	const struct rw_copies *cc, *first_cc;	/* borrowed; NULL: none */
	bool has_reply_to, has_only_to;
	/* The parts of the current letter. */
	struct rw_letter_content content;
	struct rw_letter_words words;
};

struct rw_letter {
	struct rw_address to;
	struct rw_letter_cc cc;		/* besides the follower */
	struct rw_buf message;		/* lines end with CRLF */
	struct rw_buf id;		/* with angle brackets */
	int64_t edition;		/* see record/mail_edition.h */
	bool links;			/* else the files are attached */
	bool fallback;			/* the files are attached because there
					 * are no links */
};

bool
rw_letters_open(struct rw_letters *letters,
	const struct rw_letter_options *options, struct rw_err *err);

/* Accepts {0}. */
void
rw_letters_close(struct rw_letters *letters);

/* letter may be {0} or used before. */
bool
rw_letter_write(struct rw_letters *letters, struct rw_record *record,
	struct rw_letter *letter, struct rw_err *err);

/* "links" or "attachments": the member delivery. */
const char *
rw_letter_delivery(const struct rw_letter *letter);

void
rw_letter_free(struct rw_letter *letter);

#endif
