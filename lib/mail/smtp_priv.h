/*
 * Shared by the files of the SMTP client. Each file calls only files that
 * precede it in this list: smtp_link.c (the state of connections and mail),
 * smtp_refusal.c (refusals that affect every message), smtp_login.c (tokens),
 * smtp_open.c (opens and closes connections), smtp_talk.c (sends messages over
 * them), smtp_client.c (implements smtp.h, and waits).
 */
#ifndef RW_MAIL_SMTP_PRIV_H
#define RW_MAIL_SMTP_PRIV_H

#include "base/budget.h"
#include "mail/smtp.h"

enum rw_smtp_link_state {
	RW_SMTP_LINK_NONE,
	RW_SMTP_LINK_CONNECTING,
	RW_SMTP_LINK_IDLE,
	RW_SMTP_LINK_BUSY,
	RW_SMTP_LINK_STATES,
};

struct rw_smtp_link {
	enum rw_smtp_link_state state;
	struct rw_smtp_connection connection;
	struct rw_dialog dialog;
	struct rw_mail *mail;		/* when busy */
	int64_t began_ms;		/* when this mail began */
	struct rw_budget budget;	/* for the mail up to its dot */
	int64_t deadline_ms;		/* when busy: of the current wait */
	unsigned token_number;		/* of the token used for the login */
};

struct pollfd;
struct curl_waitfd;

struct rw_smtp {
	struct rw_smtp_options options;
	void *multi;				/* CURLM * */
	struct rw_smtp_link *links;
	size_t counts[RW_SMTP_LINK_STATES];		/* links by state */
	struct pollfd *polls;			/* one for each link, one for
						 * input */
	struct curl_waitfd *waits;		/* the same for libcurl */
	struct rw_smtp_features features;	/* of the latest connection */
	struct rw_mail *again;			/* not sent, because its
						 * connection was dead */
	size_t again_count;
	size_t wanted;				/* mails that wait at the
						 * caller */
	bool changed;				/* the caller can stop
						 * waiting */
	bool was_reached;			/* a connection was opened */
	bool is_down;
	struct rw_budget budget;		/* for all messages */
	struct rw_err why;			/* the last failure */
	size_t failures;			/* in a row */
	size_t accepted, refused;		/* messages */
	size_t refused_alike;			/* consecutive refusals of our
						 * sender, or perhaps for lack
						 * of rights */
	size_t of_rights;			/* refused messages that may
						 * lack rights */
	bool names_relaying;			/* such a refusal names
						 * relaying */
	struct rw_err last_of_rights;
	int64_t next_try_ms;
	unsigned token_number;			/* of the current token */
	bool token_is_unproved;			/* renewed, but not yet
						 * accepted */
};

/* ---- smtp_link.c ------------------------------------------------------- */

void
rw_smtp_link_set_state(struct rw_smtp *smtp, struct rw_smtp_link *link,
	enum rw_smtp_link_state state);

void
rw_smtp_link_close(struct rw_smtp *smtp, struct rw_smtp_link *link);

/* An idle connection; NULL: all are busy. */
struct rw_smtp_link *
rw_smtp_link_idle(struct rw_smtp *smtp);

void
rw_smtp_report(struct rw_smtp *smtp, struct rw_mail *mail,
	const struct rw_err *failure);

/* Puts back a mail that was not sent, for the next connection. */
void
rw_smtp_put_again(struct rw_smtp *smtp, struct rw_mail *mail);

/* Takes a mail that was put back; NULL: there is none. */
struct rw_mail *
rw_smtp_take_again(struct rw_smtp *smtp);

/* Marks the server as down for the rest of the run, for the reason in
 * smtp->why. Mails that were put back are reported with this reason. */
void
rw_smtp_go_down(struct rw_smtp *smtp);

/* ---- smtp_refusal.c ---------------------------------------------------- */

/* Call it after each message. When the outcome shows that the server would
 * refuse all messages, the server is marked as down, and the failure is changed
 * to say so. */
void
rw_smtp_note_outcome(struct rw_smtp *smtp, const struct rw_dialog *dialog,
	const struct rw_mail *mail, struct rw_err *failure);

/* ---- smtp_login.c ------------------------------------------------------ */

/* Reads the token when one is used and none has been read yet. */
bool
rw_smtp_login_prepare(struct rw_smtp *smtp, struct rw_smtp_link *link,
	struct rw_err *err);

/* Call it after a login has failed. True when a renewed token can be tried. why
 * is the failure; it changes when the token cannot be renewed. */
bool
rw_smtp_login_renew(struct rw_smtp *smtp, const struct rw_smtp_link *link,
	struct rw_err *why);

/* ---- smtp_open.c ------------------------------------------------------- */

/* Opens connections for waiting mails, unless the last failure is too
 * recent. */
void
rw_smtp_links_open(struct rw_smtp *smtp);

/* Lets libcurl continue with the connections that are being opened. */
void
rw_smtp_links_drive(struct rw_smtp *smtp);

/* Sends QUIT on idle connections, and waits a moment for the answers. */
void
rw_smtp_links_quit(struct rw_smtp *smtp);

/* ---- smtp_talk.c ------------------------------------------------------- */

void
rw_smtp_link_start(struct rw_smtp *smtp, struct rw_smtp_link *link,
	struct rw_mail *mail);

/* Ends the current mail because the grace period has expired. */
void
rw_smtp_link_give_up(struct rw_smtp *smtp, struct rw_smtp_link *link);

/* Reads and writes what the connection allows, and checks the deadline. */
void
rw_smtp_link_talk(struct rw_smtp *smtp, struct rw_smtp_link *link);

#endif
