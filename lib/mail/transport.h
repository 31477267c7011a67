/*
 * The ways that a letter can go, behind one interface: SMTP, a maildir, the
 * system's sendmail.
 */
#ifndef RW_MAIL_TRANSPORT_H
#define RW_MAIL_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/mail.h"

struct rw_transport_ops {
	/* One mailbox for everybody: a copy would only lie beside it. */
	bool one_box;
	/* So many mails wait: connect when that helps. */
	void (*want)(void *state, size_t mails);
	/* How many may be sent now. */
	size_t (*ready)(const void *state);
	/* True when the far end can take this one; else its final failure. */
	bool (*takes)(const void *state, const struct rw_mail *mail,
		struct rw_err *err);
	/* Starts a mail, of those that are ready; it is borrowed until it is
	 * reported, which may be before this returns. */
	void (*send)(void *state, struct rw_mail *mail);
	/* Waits until mail was reported, more can be sent, input_fd (-1: none)
	 * can be read, or timeout_ms are over. */
	bool (*poll)(void *state, int input_fd, int timeout_ms,
		bool *readable, struct rw_err *err);
	/* True when nothing more can be sent in this run; err says why. */
	bool (*is_down)(const void *state, struct rw_err *err);
	/* Sees whether mail could be sent, as far as that can be known without
	 * sending any, and appends what it found, a line each. */
	bool (*check)(void *state, struct rw_buf *lines, struct rw_err *err);
	void (*close)(void *state);
};

struct rw_transport {
	const struct rw_transport_ops *ops;
	void *state;
};

struct rw_transport_options {
	/* "smtp://...", "smtps://...", "maildir:DIR", "sendmail:" or
	 * "sendmail:PROGRAM"; NULL: what SMTP_URI or SMTP_HOST names. */
	const char *uri;
	bool dry;		/* change nothing: nothing will be sent */
	size_t connections;
	int64_t reply_timeout_ms, dot_timeout_ms;
	/* The milliseconds in which all must be ended, since a signal came;
	 * -1: none did. NULL: always so. */
	int64_t (*grace_ms)(void);
	struct rw_mail_report report;
};

/* RW_CONFIG for what is no transport, or lacks something. Nothing is
 * connected to yet. */
bool
rw_transport_open(struct rw_transport *transport,
	const struct rw_transport_options *options, struct rw_err *err);

/* Accepts {0}. */
void
rw_transport_close(struct rw_transport *transport);

/* ---- the ways, for rw_transport_open ------------------------------------- */

/* rest is what follows the colon. */
bool
rw_transport_maildir(struct rw_transport *transport, const char *rest,
	const struct rw_transport_options *options, struct rw_err *err);

bool
rw_transport_sendmail(struct rw_transport *transport, const char *rest,
	const struct rw_transport_options *options, struct rw_err *err);

/* uri NULL: from the environment. */
bool
rw_transport_smtp(struct rw_transport *transport, const char *uri,
	const struct rw_transport_options *options, struct rw_err *err);

#endif
