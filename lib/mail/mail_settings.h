/*
 * What rw-mail is told, by its options and by the environment: who sends, who
 * gets copies, how the letters look and which way they go.
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

struct rw_mail_settings {
	/* The options; set by the caller. */
	const char *transport;		/* NULL: as the environment says */
	const char *to;			/* NULL: each to its follower */
	const char *rate;		/* "5/s"; NULL: as fast as it goes */
	bool attach;
	bool dry;			/* nothing will be sent: touch nothing */
	size_t connections;

	/* RW_ADMIN_COPY; set by rw_mail_settings_read. */
	const char *copy_to;		/* a copy of each; NULL: none */
	const char *summary_to;		/* one mail at the end; NULL: none */
	struct rw_letter_options letters;
	/* Without sender, stopped, ended and context. */
	struct rw_delivery_options delivery;
};

bool
rw_mail_settings_read(struct rw_mail_settings *settings, struct rw_err *err);

#endif
