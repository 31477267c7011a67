/*
 * Delivery through the system's sendmail program, sendmail -i -f SENDER --
 * RECIPIENT. The message is complete before the program starts, so that the
 * program cannot read a part of a message after a crash here. It gets
 * descriptors 0 to 2 and a few environment variables, none of which contains a
 * secret.
 *
 * Source of its exit statuses: sysexits.h(3head).
 */
#ifndef RW_WIRE_SENDMAIL_H
#define RW_WIRE_SENDMAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/mail.h"

#define RW_SENDMAIL_PROGRAM "/usr/sbin/sendmail"

struct rw_sendmail {
	char *program;		/* owned */
	char **environment;	/* owned: the program's environment */
	int64_t timeout_ms;	/* then it is killed; the mail is in doubt */
	/* The milliseconds left to the program after we got a signal; -1: no
	 * signal. NULL: the same as always -1. Set by the caller. */
	int64_t (*grace_ms)(void);
	struct rw_buf text;	/* the current message */
};

/* RW_CONFIG when the program cannot be run. */
bool
rw_sendmail_open(struct rw_sendmail *sendmail, const char *program,
	int64_t timeout_ms, struct rw_err *err);

/* Accepts {0}. */
void
rw_sendmail_close(struct rw_sendmail *sendmail);

/* Waits for the program. RW_REFUSED by its status, retryable for temporary
 * ones; RW_IN_DOUBT when the program was killed; RW_IO. */
bool
rw_sendmail_deliver(struct rw_sendmail *sendmail, const struct rw_mail *mail,
	struct rw_err *err);

#endif
