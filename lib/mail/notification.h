/*
 * Delivery status notifications: what a mail server reports about a mail that
 * it has accepted. Only the message itself counts, not what is nested in its
 * parts: it is multipart/report with the report type delivery-status and has a
 * part message/delivery-status.
 *
 * Sources: RFC 3464 (the fields), RFC 6522 (multipart/report), RFC 6533
 * (addresses outside ASCII), RFC 3463 (codes).
 */
#ifndef RW_MAIL_NOTIFICATION_H
#define RW_MAIL_NOTIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/period.h"
#include "mail/message_id.h"

/* Of a notification only the beginning is read, which has all but the end of
 * the mail that it may return. */
enum { RW_NOTIFICATION_MOST = 512 * 1024 };

enum { RW_NOTIFICATION_RECIPIENTS = 16 };	/* more are not read */

#define RW_BOUNCE_CODE_SIZE 12	/* "5.999.999" and a NUL */

enum rw_notified {
	RW_NOTIFIED_UNCLEAR,	/* no known action, or it and the code disagree */
	RW_NOTIFIED_DELIVERED,	/* or relayed, or expanded */
	RW_NOTIFIED_DELAYED,	/* the server goes on trying */
	RW_NOTIFIED_FAILED,
};

struct rw_notified_recipient {
	enum rw_notified what;
	char code[RW_BOUNCE_CODE_SIZE];	/* of a failure: "5.1.1" */
	/* rw_recipient_sum of the final and of the original recipient; "":
	 * there is none. */
	char sums[2][RW_SHA256_HEX];
};

struct rw_notification {
	struct rw_buf to;	/* what its header says about where it went,
				 * as it came, in lines */
	int64_t date;		/* seconds since 1970; -1: there is none */
	/* The Message-ID of the mail that it is about, if rw-mail made it;
	 * else both are "". */
	char period[RW_PERIOD_SIZE], sum[RW_MESSAGE_SUM_SIZE];
	struct rw_notified_recipient recipients[RW_NOTIFICATION_RECIPIENTS];
	size_t count;
};

/* Call once, before the first. */
void
rw_notification_init(void);

/* Reads a message. False: it is not a delivery status notification, or memory
 * is exhausted; why says which. notification may be {0} or used before. */
bool
rw_notification_parse(struct rw_notification *notification, const char *bytes,
	size_t len, struct rw_err *why);

void
rw_notification_free(struct rw_notification *notification);

#endif
