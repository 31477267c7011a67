/*
 * The dialogue that transfers one message: MAIL, RCPT, DATA, the text, the dot.
 * Pure: bytes from the server go in, bytes for it come out, and at the end the
 * outcome of the message is known exactly. A message is in doubt when its final
 * dot was sent and the answer never arrived; a message that was lost earlier
 * was not accepted, since a server must not keep a text that has no end.
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
	const struct rw_mail *mail;	/* NULL: none in hand */
	enum rw_smtp_stage stage;	/* the answer that is awaited */
	enum rw_smtp_stage last;	/* the last command that is out or on
					 * its way */
	struct rw_buf out;		/* to be sent */
	size_t sent;			/* of it */
	size_t at;			/* of the text: where out ends */
	struct rw_buf in;		/* an answer that is not whole yet */
	bool used;			/* a message was begun before this one */
	bool dirty;			/* the server still holds a transaction */
	bool undoes;			/* a probe was accepted, and RSET is out */

	/* The end, when stage is RW_SMTP_ENDED. */
	struct rw_err failure;		/* kind RW_OK: accepted */
	enum rw_smtp_subject subject;	/* of a refusal */
	bool names_relaying;		/* the refusal's text does */
	bool untouched;			/* the connection went before the
					 * server had said anything about this
					 * message: another one will do */
	bool broken;			/* the connection is of no more use */
};

/* A new connection, whose server has said features. dialog must be {0} or
 * freed; nothing is in hand. */
void
rw_dialog_open(struct rw_dialog *dialog,
	const struct rw_smtp_features *features);

void
rw_dialog_free(struct rw_dialog *dialog);

/* Takes a message in hand; it is borrowed until the end. Of a probe no text is
 * sent: it ends with RSET after the answer to MAIL, or to RCPT if it has a
 * recipient. A refusal for want of a login or of TLS is RW_CONFIG. */
void
rw_dialog_start(struct rw_dialog *dialog, const struct rw_mail *mail);

/* The bytes to send next; 0: none now. Ask with the same bytes again until
 * rw_dialog_sent has taken them all. */
size_t
rw_dialog_output(struct rw_dialog *dialog, const char **bytes);

void
rw_dialog_sent(struct rw_dialog *dialog, size_t len);

/* Bytes from the server. */
void
rw_dialog_input(struct rw_dialog *dialog, const char *bytes, size_t len);

/* What rw_dialog_output gives now ends the message: with its last byte the
 * server may have it for good. */
bool
rw_dialog_is_ending(const struct rw_dialog *dialog);

/* Leaves that unsaid and ends the dialogue: RW_LOCKED, since it is too late.
 * The connection has to be closed. */
void
rw_dialog_withhold(struct rw_dialog *dialog);

/* The connection is gone, or the server did not answer in time; why names it
 * ("connection reset by peer"). Ends the dialogue. */
void
rw_dialog_lost(struct rw_dialog *dialog, const char *why);

#endif
