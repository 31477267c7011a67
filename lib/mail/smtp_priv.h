/*
 * Shared by the files of the SMTP client, each of which calls those before it:
 * smtp_link.c (the state of connections and mail), smtp_refusal.c (what refusals
 * say about the server), smtp_login.c (tokens), smtp_open.c (connections come and
 * go), smtp_talk.c (messages over them), and smtp_client.c, which implements
 * smtp.h and waits.
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
	int64_t began_ms;		/* with this mail */
	struct rw_budget budget;	/* of the mail up to its dot */
	int64_t deadline_ms;		/* when busy: of the current wait */
	unsigned token_number;		/* of the token that it logs in with */
};

struct pollfd;
struct curl_waitfd;

struct rw_smtp {
	struct rw_smtp_options options;
	void *multi;				/* CURLM * */
	struct rw_smtp_link *links;
	size_t counts[RW_SMTP_LINK_STATES];		/* links by state */
	struct pollfd *polls;			/* for each link, and input */
	struct curl_waitfd *waits;		/* the same for libcurl */
	struct rw_smtp_features features;	/* of the latest connection */
	struct rw_mail *again;			/* returned unsent by a
						 * dead connection */
	size_t again_count;
	size_t wanted;				/* mails that the caller has */
	bool changed;				/* the caller need not wait
						 * any longer */
	bool was_reached;			/* a connection was opened */
	bool is_down;
	struct rw_budget budget;		/* of all messages */
	struct rw_err why;			/* the last failure */
	size_t failures;			/* in a row */
	size_t accepted, refused;		/* messages */
	size_t refused_alike;			/* in a row: of our sender, or
						 * perhaps of our rights */
	size_t of_rights;			/* of those refused */
	bool names_relaying;			/* one of those does */
	struct rw_err last_of_rights;
	int64_t next_try_ms;
	unsigned token_number;			/* of the current token */
	bool token_is_unproved;			/* renewed, and not accepted yet */
};

/* ---- smtp_link.c ------------------------------------------------------- */

void
rw_smtp_link_set_state(struct rw_smtp *smtp, struct rw_smtp_link *link,
	enum rw_smtp_link_state state);

void
rw_smtp_link_close(struct rw_smtp *smtp, struct rw_smtp_link *link);

/* NULL: all are busy. */
struct rw_smtp_link *
rw_smtp_link_idle(struct rw_smtp *smtp);

void
rw_smtp_report(struct rw_smtp *smtp, struct rw_mail *mail,
	const struct rw_err *failure);

/* A mail that no server has seen yet goes to the next connection. */
void
rw_smtp_put_again(struct rw_smtp *smtp, struct rw_mail *mail);

/* NULL: no mail was put back. */
struct rw_mail *
rw_smtp_take_again(struct rw_smtp *smtp);

/* The server counts as down for the rest of the run, for the reason in
 * smtp->why; mail that was put back is reported with it. */
void
rw_smtp_go_down(struct rw_smtp *smtp);

/* ---- smtp_refusal.c ---------------------------------------------------- */

/* After each message: what its outcome says about the server, which goes down
 * when it would refuse all messages. Changes the failure to say so. */
void
rw_smtp_note_outcome(struct rw_smtp *smtp, const struct rw_dialog *dialog,
	const struct rw_mail *mail, struct rw_err *failure);

/* ---- smtp_login.c ------------------------------------------------------ */

/* Sees to it that there is a token, when one is used. */
bool
rw_smtp_login_prepare(struct rw_smtp *smtp, struct rw_smtp_link *link,
	struct rw_err *err);

/* After the link could not log in: true when another token can be tried. why
 * is the failure; it changes when the token cannot be renewed. */
bool
rw_smtp_login_renew(struct rw_smtp *smtp, const struct rw_smtp_link *link,
	struct rw_err *why);

/* ---- smtp_open.c ------------------------------------------------------- */

/* Opens connections for the waiting mails, unless the last failure is too
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

/* Ends the current mail: the grace period has expired. */
void
rw_smtp_link_give_up(struct rw_smtp *smtp, struct rw_smtp_link *link);

/* Reads and writes what the connection allows, and checks the deadline. */
void
rw_smtp_link_talk(struct rw_smtp *smtp, struct rw_smtp_link *link);

#endif
