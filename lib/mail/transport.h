/*
 * One interface to the transports of a letter: SMTP, a maildir, and the
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

/* The question that --check asks. */
struct rw_transport_question {
	const char *sender;
	const char *recipient;	/* who receives mail in each run; NULL: none */
	uint64_t largest;	/* bytes of the largest message */
};

struct rw_transport_ops {
	/* All mail goes into one mailbox, so that copies are not needed. */
	bool one_box;
	/* Tells the transport how many mails wait; it connects if necessary. */
	void (*want)(void *state, size_t mails);
	/* The number of mails that can be sent now. */
	size_t (*ready)(const void *state);
	/* True when the server can accept this mail; otherwise err is its final
	 * failure. */
	bool (*takes)(const void *state, const struct rw_mail *mail,
		struct rw_err *err);
	/* Starts a mail. Call it when ready is not 0. The mail is borrowed
	 * until it is reported, which may be before this function returns. */
	void (*send)(void *state, struct rw_mail *mail);
	/* Waits until a mail has been reported, more mails can be sent,
	 * input_fd (-1: none) can be read, or timeout_ms have passed. */
	bool (*poll)(void *state, int input_fd, int timeout_ms,
		bool *readable, struct rw_err *err);
	/* True when no more mail can be sent in this run; err is then the
	 * reason. */
	bool (*is_down)(const void *state, struct rw_err *err);
	/* Checks whether such mail could be sent, without sending any. Appends
	 * one line for each finding, and logs a warning for a possible
	 * failure. */
	bool (*check)(void *state, const struct rw_transport_question *asked,
		struct rw_buf *lines, struct rw_err *err);
	/* For the end of a run. False, RW_CONFIG: all outcomes together show
	 * that no mail can be sent. NULL: always true. */
	bool (*is_in_use)(const void *state, struct rw_err *err);
	void (*close)(void *state);
};

struct rw_transport {
	const struct rw_transport_ops *ops;
	void *state;
};

struct rw_transport_options {
	/* "smtp://...", "smtps://...", "maildir:DIR", "sendmail:" or
	 * "sendmail:PROGRAM"; NULL: from SMTP_URI or SMTP_HOST. */
	const char *uri;
	bool dry;		/* do not send or change anything */
	const char *sender_setting;	/* the setting that the sender is from,
					 * for messages */
	size_t connections;
	int64_t reply_timeout_ms, dot_timeout_ms;
	/* The milliseconds left to finish all mail after a signal; -1: no
	 * signal arrived. NULL: always -1. */
	int64_t (*grace_ms)(void);
	struct rw_mail_report report;
};

/* Does not connect yet. RW_CONFIG: the URI or a setting is invalid or
 * missing. */
bool
rw_transport_open(struct rw_transport *transport,
	const struct rw_transport_options *options, struct rw_err *err);

/* Accepts {0}. */
void
rw_transport_close(struct rw_transport *transport);

/* ---- the transports, for rw_transport_open ------------------------------- */

/* rest: the URI after the colon. */
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
