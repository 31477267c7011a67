/*
 * The filter of rw-mail: for each record it writes the letter, and passes it to
 * the delivery, or shows it.
 */
#ifndef RW_TOOLS_MAIL_FILTER_H
#define RW_TOOLS_MAIL_FILTER_H

#include <signal.h>
#include <stdbool.h>

#include "filter.h"
#include "mail/delivery.h"
#include "mail/letter.h"
#include "mail/mail_settings.h"
#include "mail/summary.h"
#include "mail_own.h"

struct rw_mailing {
	struct rw_mail_settings settings;
	bool print;
	bool output_ended;	/* all lines are written */
	bool warned_of_order;
	const volatile sig_atomic_t *stop;
	struct rw_mail_own own;
	struct rw_letters letters;
	struct rw_delivery delivery;	/* not open with print */
	struct rw_summary summary;
};

/* Over records with mail as its context; borrowed: mail and stop. */
struct rw_filter
rw_mailing_filter(struct rw_mailing *mail, const volatile sig_atomic_t *stop);

/* For rw_delivery_options.write, with mail as its context. */
bool
rw_mailing_write(void *context, struct rw_delivery_item *item,
	struct rw_err *err);

/* For rw_delivery_options.ended, with mail as its context. */
void
rw_mailing_ended(void *context, struct rw_delivery_item *item,
	const struct rw_err *failure);

/* For rw_delivery_options.copy_failed. */
void
rw_mailing_copy_failed(void *context, const char *about, const char *recipient,
	const struct rw_err *failure);

#endif
