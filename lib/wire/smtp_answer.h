/*
 * A server's answers in an SMTP dialogue: the features in the answer to EHLO;
 * the end and the code of an answer; the subject of a refusal.
 *
 * Sources: RFC 5321, section 4.2; RFC 3463 (enhanced codes); RFC 4954 (530, 534,
 * 535 and 538); RFC 3207 (530 before STARTTLS).
 */
#ifndef RW_WIRE_SMTP_ANSWER_H
#define RW_WIRE_SMTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* The features in the answer to EHLO. */
struct rw_smtp_features {
	bool pipelining, size, utf8, auth, starttls;
	uint64_t max_size;	/* bytes; 0: no limit is given */
	char mechanisms[128];	/* for AUTH, separated by blanks; truncated if
				 * longer */
};

/* Adds one line of the answer, without its code ("SIZE 1000"). */
void
rw_smtp_note_feature(struct rw_smtp_features *features, const char *line);

enum rw_smtp_stage {
	RW_SMTP_RSET,
	RW_SMTP_MAIL,
	RW_SMTP_RCPT,
	RW_SMTP_DATA,
	RW_SMTP_BODY,	/* sending the text */
	RW_SMTP_DOT,	/* all of the text is sent */
	RW_SMTP_ENDED,
};

/* The subject of a refusal. */
enum rw_smtp_subject {
	RW_SMTP_OF_MESSAGE,	/* this message or its recipient */
	RW_SMTP_OF_LOGIN,	/* every message: a login or TLS is missing */
	RW_SMTP_OF_SENDER,	/* every message: our address or our host */
	RW_SMTP_OF_RIGHTS,	/* perhaps every message: our rights, such as
				 * relaying; perhaps only this recipient's
				 * rules */
};

/* The length of the complete answer at the start of in; 0 when it is
 * incomplete. *last is the offset of the answer's last line. */
size_t
rw_smtp_answer_len(const struct rw_buf *in, size_t *last);

/* "250-2.0.0 kept\r\n250 and more\r\n" becomes "250-2.0.0 kept 250 and more".
 * Returns the code of the line that begins at last; 0 when it is not valid. */
int
rw_smtp_answer_flatten(char *answer, size_t len, size_t last);

/* True for a code that asks for a login or for TLS. */
bool
rw_smtp_is_about_login(int code);

/* The subject of a refusal with this code and text in answer to that command.
 * utf8: the message needs SMTPUTF8. */
enum rw_smtp_subject
rw_smtp_subject(enum rw_smtp_stage stage, int code, const char *answer,
	bool utf8);

/* True when the text mentions relaying. */
bool
rw_smtp_names_relaying(const char *answer);

#endif
