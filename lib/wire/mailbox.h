/*
 * Reads mail that others have delivered: a maildir, or a stream in mbox format
 * or with one message. Of each message only the beginning is kept. Nothing in
 * the mailbox is changed.
 *
 * Sources: https://cr.yp.to/proto/maildir.html; RFC 4155 (mbox).
 */
#ifndef RW_WIRE_MAILBOX_H
#define RW_WIRE_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A message, and a name for it; both borrowed for the call. False, with err
 * set, ends the reading. */
typedef bool rw_mailbox_visit(void *context, const char *name,
	const char *bytes, size_t len, struct rw_err *err);

struct rw_mailbox_reader {
	size_t most;	/* bytes of a message; the rest is skipped */
	rw_mailbox_visit *visit;
	void *context;
};

/* Messages in dir/new and dir/cur, by name. A link, or what is not a file, is
 * skipped, and so is a message that another program removes meanwhile.
 * RW_CONFIG: it is not a maildir. RW_IO. */
bool
rw_mailbox_read_dir(const char *dir, const struct rw_mailbox_reader *reader,
	struct rw_err *err);

/* To the end of the stream. A line that begins with "From " after an empty
 * line, or at the start, begins a message. RW_IO. */
bool
rw_mailbox_read_stream(int fd, const char *name,
	const struct rw_mailbox_reader *reader, struct rw_err *err);

/* The same of a file. RW_IO when it cannot be read, RW_CONFIG when it is not
 * a regular file. */
bool
rw_mailbox_read_file(const char *path, const struct rw_mailbox_reader *reader,
	struct rw_err *err);

#endif
