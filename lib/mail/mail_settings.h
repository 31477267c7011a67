/*
 * The settings of rw-mail, from its options and the environment: sender,
 * copies, texts and transport.
 *
 * Errors: RW_CONFIG, and RW_USAGE for an option.
 */
#ifndef RW_MAIL_MAIL_SETTINGS_H
#define RW_MAIL_MAIL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "mail/delivery.h"
#include "mail/letter.h"
#include "mail/pace.h"
#include "mail/verp.h"

struct rw_mail_settings {
	/* The options; set by the caller. */
	const char *transport;		/* NULL: from the environment */
	const char *to;			/* NULL: each letter to its follower */
	const char *rate;		/* "5/s"; NULL: no limit */
	bool attach;
	bool dry;			/* do not send or change anything */
	size_t connections;

	/* RW_ADMIN_COPY; set by rw_mail_settings_read. */
	struct rw_copies admins;	/* the caller frees them */
	const struct rw_copies *copy_to;	/* of each letter; NULL: none */
	const struct rw_copies *cc;	/* named in each letter; NULL: none */
	const struct rw_copies *first_cc;	/* in the first edition, whose
						 * default was cc */
	const struct rw_copies *summary_to;	/* at the end of the run; NULL:
						 * none */
	struct rw_verp verp;		/* the caller closes it */
	struct rw_pace pace;		/* the caller frees it */
	struct rw_letter_options letters;
	/* All but stopped, ended, context and, unless RW_ENVELOPE_FROM is set,
	 * sender. */
	struct rw_delivery_options delivery;
};

bool
rw_mail_settings_read(struct rw_mail_settings *settings, struct rw_err *err);

#endif
