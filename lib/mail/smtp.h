/*
 * A mail server and the connections to it. A connection is opened when mail
 * waits, and then carries one message after another. Each message is sent once.
 * There is one exception: when a connection that has already carried a message
 * is closed without an answer to the next message, that message is sent again
 * on a new connection.
 *
 * When a connection cannot be opened, a few more attempts are made, with
 * pauses. After the last attempt the server counts as down for the rest of the
 * run.
 *
 * A server also counts as down (RW_CONFIG) when it asks for a login or TLS, or
 * when it refuses our sender before it has accepted any message, because it
 * would refuse all further messages for the same reason.
 *
 * Every wait for a server is limited. Up to its final dot a message has
 * reply_timeout_ms in total; only bytes of its text that the server accepts
 * extend this time. The answer to the dot has dot_timeout_ms. All messages
 * together have a budget of three times the sum of both, which accepted
 * messages extend. When the budget is spent, the server counts as down.
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
	RW_SMTP_MESSAGE_WORTH = 61440,	/* bytes that an accepted message adds
					 * to its own length: worth a minute */
	RW_SMTP_BUDGET = 3,		/* times both timeouts */
	RW_SMTP_REFUSALS = 20,		/* consecutive refusals, perhaps of
					 * every message, after which no more
					 * messages are sent */
};

struct rw_smtp_options {
	struct rw_smtp_server server;	/* borrowed strings */
	size_t connections;		/* the maximum at the same time */
	int64_t reply_timeout_ms;	/* to connect, and for a message up to
					 * its dot */
	int64_t dot_timeout_ms;		/* for the answer to the final dot */
	/* The milliseconds left to finish all mail after a signal; -1: no
	 * signal arrived. NULL: always -1. */
	int64_t (*grace_ms)(void);
	struct rw_mail_report report;
	const char *sender_setting;	/* see struct rw_transport_options */
	/* Reads server.token for the first connection, and again when the
	 * server refuses the token. *token is valid until the next call. NULL
	 * unless server.uses_token. */
	bool (*renew_token)(void *context, const char **token,
		struct rw_err *err);
	void *token_context;
};

struct rw_smtp;

/* Does not connect yet. RW_IO, RW_BUG. */
struct rw_smtp *
rw_smtp_new(const struct rw_smtp_options *options, struct rw_err *err);

/* Sends QUIT on idle connections, and closes all connections. Accepts NULL. */
void
rw_smtp_delete(struct rw_smtp *smtp);

/* Tells the client how many mails wait to be sent. */
void
rw_smtp_want(struct rw_smtp *smtp, size_t mails);

/* The number of mails that can be sent now. */
size_t
rw_smtp_ready(const struct rw_smtp *smtp);

/* True when the server can accept this message, according to its latest answer
 * to EHLO. RW_REFUSED: the message is longer than the server's limit or needs
 * an extension that the server lacks. Call it when rw_smtp_ready is not 0. */
bool
rw_smtp_takes(const struct rw_smtp *smtp, const struct rw_mail *mail,
	struct rw_err *err);

/* Starts a mail. Call it when rw_smtp_ready is not 0. The mail is borrowed
 * until it is reported. */
void
rw_smtp_send(struct rw_smtp *smtp, struct rw_mail *mail);

/* Waits until a mail has been reported, a connection is ready, input_fd (-1:
 * none) can be read, the server counts as down, or timeout_ms have passed. */
bool
rw_smtp_poll(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	bool *readable, struct rw_err *err);

/* True when the server counts as down; err is then the reason. */
bool
rw_smtp_is_down(const struct rw_smtp *smtp, struct rw_err *err);

/* For the end of a run, when the server does not count as down. False,
 * RW_CONFIG: the server refused all messages, probably for one reason. */
bool
rw_smtp_is_in_use(const struct rw_smtp *smtp, struct rw_err *err);

/* Asks the server whether it would accept mail from this sender and to this
 * recipient (NULL: not asked), and sends no mail. A connection must be ready.
 * RW_CONFIG for a refusal that would affect every message, RW_REFUSED,
 * RW_UNREACHABLE. */
bool
rw_smtp_probe(struct rw_smtp *smtp, const char *sender, const char *recipient,
	struct rw_err *err);

/* An idle connection, for --check; NULL: none. */
const struct rw_smtp_connection *
rw_smtp_connection(const struct rw_smtp *smtp);

#endif
