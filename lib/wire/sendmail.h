/*
 * Delivery through the system's sendmail program, sendmail -i -f SENDER --
 * RECIPIENT. The message is complete before the program starts, so that a
 * crash here can never make it take half of one. It gets the descriptors 0 to 2
 * and a few variables of the environment, none of which holds a secret.
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
	char **environment;	/* owned: what the program gets of ours */
	int64_t timeout_ms;	/* then it is killed, and in doubt */
	/* The milliseconds in which it must have ended, since a signal came to
	 * us; -1: none did. NULL: always so. The caller's to set. */
	int64_t (*grace_ms)(void);
	struct rw_buf text;	/* the message in hand */
};

/* RW_CONFIG when the program cannot be run. */
bool
rw_sendmail_open(struct rw_sendmail *sendmail, const char *program,
	int64_t timeout_ms, struct rw_err *err);

/* Accepts {0}. */
void
rw_sendmail_close(struct rw_sendmail *sendmail);

/* Waits for the program. RW_REFUSED by its status, retryable for those that
 * are temporary; RW_IN_DOUBT when it was killed; RW_IO. */
bool
rw_sendmail_deliver(struct rw_sendmail *sendmail, const struct rw_mail *mail,
	struct rw_err *err);

#endif
