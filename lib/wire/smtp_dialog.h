/*
 * The dialogue that transfers one message: MAIL, RCPT, DATA, the text, the dot.
 * Pure: bytes from the server are the input, bytes for the server are the
 * output, and at the end the outcome of the message is known exactly. A message
 * is in doubt when its final dot was sent and the answer never arrived. A
 * message that was interrupted earlier was not accepted, because a server must
 * not keep an incomplete text.
 *
 * Sources: RFC 5321, sections 3.3, 4.2 and 4.5.2 (dots); RFC 2920
 * (PIPELINING); RFC 1870 (SIZE); RFC 6531 (SMTPUTF8).
 */
#ifndef RW_WIRE_SMTP_DIALOG_H
#define RW_WIRE_SMTP_DIALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/mail.h"
#include "wire/smtp_answer.h"

struct rw_dialog {
	struct rw_smtp_features features;
	const struct rw_mail *mail;	/* NULL: no message */
	enum rw_smtp_stage stage;	/* the awaited answer */
	enum rw_smtp_stage last;	/* the last command sent or queued in
					 * out */
	struct rw_buf out;		/* bytes to send */
	size_t sent;			/* bytes of out already sent */
	size_t at;			/* offset in the text up to which out
					 * has it */
	struct rw_buf in;		/* an incomplete answer */
	bool used;			/* an earlier message used the
					 * connection */
	bool dirty;			/* the server still has an open
					 * transaction */
	bool undoes;			/* a probe was accepted, and RSET was
					 * sent */

	/* The outcome, when stage is RW_SMTP_ENDED. */
	struct rw_err failure;		/* kind RW_OK: accepted */
	enum rw_smtp_subject subject;	/* of a refusal */
	bool defers;			/* the refusal is 421 or 450 to RCPT or
					 * to the text */
	bool names_relaying;		/* the refusal's text mentions
					 * relaying */
	bool untouched;			/* the connection was lost before the
					 * server answered about this message; a
					 * new connection can be used */
	bool broken;			/* the connection cannot be used
					 * again */
};

/* Starts on a new connection to a server with these features. dialog must be
 * {0} or freed; it has no message yet. */
void
rw_dialog_open(struct rw_dialog *dialog,
	const struct rw_smtp_features *features);

void
rw_dialog_free(struct rw_dialog *dialog);

/* Begins a message, which is borrowed until the end. For a probe, no text is
 * sent: it ends with RSET after the answer to MAIL, or to RCPT if it has a
 * recipient. A refusal because login or TLS is missing is RW_CONFIG. */
void
rw_dialog_start(struct rw_dialog *dialog, const struct rw_mail *mail);

/* The bytes to send next; 0: none at present. Returns the same bytes again
 * until rw_dialog_sent has confirmed them. */
size_t
rw_dialog_output(struct rw_dialog *dialog, const char **bytes);

void
rw_dialog_sent(struct rw_dialog *dialog, size_t len);

/* Bytes from the server. */
void
rw_dialog_input(struct rw_dialog *dialog, const char *bytes, size_t len);

/* True when the bytes from rw_dialog_output end the message: after the last
 * byte, the server may accept it. */
bool
rw_dialog_is_ending(const struct rw_dialog *dialog);

/* Ends the dialogue without sending the end of the message: RW_LOCKED, because
 * it is too late. The connection must be closed. */
void
rw_dialog_withhold(struct rw_dialog *dialog);

/* Ends the dialogue because the connection is lost, or the server did not
 * answer in time; why is the reason ("connection reset by peer"). */
void
rw_dialog_lost(struct rw_dialog *dialog, const char *why);

#endif
