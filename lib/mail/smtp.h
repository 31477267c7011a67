/*
 * A mail server, and several connections to it, which are opened when mail
 * waits and then used for one message after another. Each message is sent once.
 * Only when a connection that was used before is closed without an answer to
 * the message, the message is sent on a new connection.
 *
 * A connection that cannot be opened is tried again a few times, with pauses;
 * then the server counts as down for the rest of the run.
 *
 * A server that asks for a login or TLS, or that refuses our sender before it
 * has accepted any message, counts as down as well: RW_CONFIG. It refuses what
 * follows for the same reason.
 *
 * Every wait for a server is limited. Up to its final dot a message has
 * reply_timeout_ms in all, extended only by the bytes of its text that the
 * server accepts; for the answer to the dot it has dot_timeout_ms. All messages
 * together have a budget of three times the sum of both, which accepted
 * messages extend: when it is spent, the server counts as down.
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
	RW_SMTP_MESSAGE_WORTH = 61440,	/* bytes that an accepted message earns
					 * besides its own: a minute */
	RW_SMTP_BUDGET = 3,		/* times both timeouts */
	RW_SMTP_REFUSALS = 20,		/* in a row, perhaps of every message,
					 * after which no more are sent */
};

struct rw_smtp_options {
	struct rw_smtp_server server;	/* borrowed strings */
	size_t connections;		/* at most, at once */
	int64_t reply_timeout_ms;	/* to connect, and for a message up to
					 * its dot */
	int64_t dot_timeout_ms;		/* for the answer to the final dot */
	/* The milliseconds left to end all mail after a signal; -1: no signal
	 * arrived. NULL: always -1. */
	int64_t (*grace_ms)(void);
	struct rw_mail_report report;
	/* Reads server.token, for the first connection and when the server
	 * refuses it: the new one, which is valid until the next call. NULL
	 * unless server.uses_token. */
	bool (*renew_token)(void *context, const char **token,
		struct rw_err *err);
	void *token_context;
};

struct rw_smtp;

/* Connects to nothing yet. RW_IO, RW_BUG. */
struct rw_smtp *
rw_smtp_new(const struct rw_smtp_options *options, struct rw_err *err);

/* Sends QUIT on idle connections, and closes all. Accepts NULL. */
void
rw_smtp_delete(struct rw_smtp *smtp);

/* The number of mails that wait to be sent. */
void
rw_smtp_want(struct rw_smtp *smtp, size_t mails);

/* The number of mails that can be sent now. */
size_t
rw_smtp_ready(const struct rw_smtp *smtp);

/* Whether the server accepts this message, by its latest EHLO answer:
 * RW_REFUSED when the message is longer than the server's limit or needs an
 * extension that the server lacks. Call it when rw_smtp_ready is not 0. */
bool
rw_smtp_takes(const struct rw_smtp *smtp, const struct rw_mail *mail,
	struct rw_err *err);

/* Starts a mail, when rw_smtp_ready is not 0. Borrowed until it is reported. */
void
rw_smtp_send(struct rw_smtp *smtp, struct rw_mail *mail);

/* Waits until mail was reported, a connection is ready, input_fd (-1: none) can
 * be read, the server counts as down, or timeout_ms have passed. */
bool
rw_smtp_poll(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	bool *readable, struct rw_err *err);

/* True when the server is down; err says why. */
bool
rw_smtp_is_down(const struct rw_smtp *smtp, struct rw_err *err);

/* False when the server refused all messages, for what may be the same reason:
 * RW_CONFIG. For the end, when it is not down. */
bool
rw_smtp_is_in_use(const struct rw_smtp *smtp, struct rw_err *err);

/* Whether the server would accept mail of this sender, and to this recipient
 * (NULL: not asked); sends none. A connection must be ready. RW_CONFIG for what
 * would meet every message, RW_REFUSED, RW_UNREACHABLE. */
bool
rw_smtp_probe(struct rw_smtp *smtp, const char *sender, const char *recipient,
	struct rw_err *err);

/* An idle connection, for --check; NULL: none. */
const struct rw_smtp_connection *
rw_smtp_connection(const struct rw_smtp *smtp);

#endif
