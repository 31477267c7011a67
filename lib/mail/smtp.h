/*
 * A mail server, and the connections to it: opened when mail waits for them,
 * used for one message after another, several at once. No message waits for
 * another's answer. Each is sent once; only when a connection that was used
 * before went away without a word about it is it sent on a new one.
 *
 * A connection that cannot be opened is tried again, a few times, after a
 * while; then the server counts as down for the rest of the run.
 *
 * Nothing that a server does takes for ever. Up to its final dot a message has
 * reply_timeout_ms in all, and more only by the bytes of its text that the
 * server takes; for the answer to the dot it has dot_timeout_ms. What messages
 * take together is a budget, too, of three times both, which accepted ones
 * fill: when it is spent, the server counts as down.
 *
 * Source of the timeouts: RFC 5321, section 4.5.3.2.
 */
#ifndef RW_MAIL_SMTP_H
#define RW_MAIL_SMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "wire/mail.h"
#include "wire/smtp_connect.h"

enum {
	RW_SMTP_LEAST_RATE = 1024,	/* bytes of a text a second */
	RW_SMTP_MESSAGE_WORTH = 61440,	/* bytes that an accepted one counts as
					 * besides its own: a minute */
	RW_SMTP_BUDGET = 3,		/* times both timeouts */
};

struct rw_smtp_options {
	struct rw_smtp_server server;	/* borrowed strings */
	size_t connections;		/* at most, at once */
	int64_t reply_timeout_ms;	/* to connect, and for a message up to
					 * its dot */
	int64_t dot_timeout_ms;		/* for the answer to the final dot */
	/* The milliseconds in which all must be ended, since a signal came;
	 * -1: none did. NULL: always so. */
	int64_t (*grace_ms)(void);
	struct rw_mail_report report;
};

struct rw_smtp;

/* Connects to nothing yet. RW_IO, RW_BUG. */
struct rw_smtp *
rw_smtp_new(const struct rw_smtp_options *options, struct rw_err *err);

/* Says QUIT where nothing is in hand, and closes. Accepts NULL. */
void
rw_smtp_delete(struct rw_smtp *smtp);

/* So many mails wait to be sent. */
void
rw_smtp_want(struct rw_smtp *smtp, size_t mails);

/* How many can be sent now. */
size_t
rw_smtp_ready(const struct rw_smtp *smtp);

/* Whether the server, by what it said last, takes this message: RW_REFUSED
 * when it is longer than the server's limit or needs what it does not offer.
 * Ask when one is ready. */
bool
rw_smtp_takes(const struct rw_smtp *smtp, const struct rw_mail *mail,
	struct rw_err *err);

/* Starts one, when one is ready. Borrowed until it is reported. */
void
rw_smtp_send(struct rw_smtp *smtp, struct rw_mail *mail);

/* Waits until something changed: mail was reported, a connection is ready,
 * input_fd (-1: none) can be read, the server went down, or timeout_ms are
 * over. */
bool
rw_smtp_poll(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	bool *readable, struct rw_err *err);

/* True when the server is down; err says why. */
bool
rw_smtp_is_down(const struct rw_smtp *smtp, struct rw_err *err);

/* The connection that was opened last, for --check; NULL: none is open. */
const struct rw_smtp_connection *
rw_smtp_connection(const struct rw_smtp *smtp);

#endif
