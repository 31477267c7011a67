/*
 * Delivery into a maildir: a message appears in new/ whole or not at all.
 *
 * Source: https://cr.yp.to/proto/maildir.html. Lines end with LF there, as
 * they do for every program that reads one.
 */
#ifndef RW_WIRE_MAILDIR_H
#define RW_WIRE_MAILDIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/mail.h"

struct rw_maildir {
	char *dir;		/* owned */
	char host[256];
	uint64_t count;
	struct rw_buf text;	/* the current message */
};

/* Does not touch the file system yet. RW_IO. */
bool
rw_maildir_open(struct rw_maildir *maildir, const char *dir,
	struct rw_err *err);

/* Makes the directory with tmp, new and cur, unless they exist. RW_IO. */
bool
rw_maildir_make(struct rw_maildir *maildir, struct rw_err *err);

/* True when making the directories, and writing to them, would succeed. *there:
 * the directory exists already. Changes nothing. RW_IO. */
bool
rw_maildir_check(struct rw_maildir *maildir, bool *there,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_maildir_close(struct rw_maildir *maildir);

/* RW_IO: the message is not in new/. RW_IN_DOUBT: it is in new/, but may not
 * survive a crash. */
bool
rw_maildir_deliver(struct rw_maildir *maildir, const struct rw_mail *mail,
	struct rw_err *err);

#endif
