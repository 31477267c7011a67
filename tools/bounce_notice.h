/*
 * A message of the mailbox, classified for rw-bounce: which mail it is about,
 * and what it says about its recipients.
 */
#ifndef RW_TOOLS_BOUNCE_NOTICE_H
#define RW_TOOLS_BOUNCE_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/notification.h"
#include "mail/verp.h"

enum rw_verdict {
	RW_BOUNCE_NOTED,	/* a failure, now on the entry */
	RW_BOUNCE_KNOWN,	/* which was there before */
	RW_BOUNCE_DELAYED,	/* the server goes on trying */
	RW_BOUNCE_DELIVERED,	/* a success */
	RW_BOUNCE_SUPERSEDED,	/* about an earlier sending of the report */
	RW_BOUNCE_UNKNOWN,	/* no entry, or another recipient */
	RW_BOUNCE_FORGED,	/* its address has no valid MAC */
	RW_BOUNCE_UNRELATED,	/* not a notification, or not about our mail */
	RW_BOUNCE_MALFORMED,	/* says nothing clear */
	RW_BOUNCE_OPEN,		/* the ledger decides */
};

struct rw_notice {
	char *name;			/* owned; of the message */
	char period[RW_PERIOD_SIZE];
	char sum[RW_MESSAGE_SUM_SIZE];	/* or the beginning of it */
	bool by_address;		/* it came to the address of the mail */
	int64_t date;			/* -1: none */
	struct rw_notified_recipient recipients[RW_NOTIFICATION_RECIPIENTS];
	size_t count;
};

/* The verdict about a message; RW_BOUNCE_OPEN fills the notice, but for its
 * name. scratch is used up. */
enum rw_verdict
rw_notice_read(struct rw_notice *notice, struct rw_notification *scratch,
	struct rw_verp *verp, const char *bytes, size_t len);

/* What the notice says about the mail to the recipient with this sum (NULL: not
 * known): RW_BOUNCE_OPEN with the code of the failure, or a verdict. */
enum rw_verdict
rw_notice_judge(const struct rw_notice *notice, const char *recipient,
	const char **code);

#endif
