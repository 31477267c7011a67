/*
 * The settings of the mail server: SMTP_HOST, SMTP_PORT,
 * SMTP_USER, SMTP_PASSWORD, SMTP_TLS, or all but the last in one URI.
 *
 *	smtp://USER:PASSWORD@HOST:PORT	STARTTLS, port 587
 *	smtps://HOST			TLS from the first byte, port 465
 *
 * SMTP_TLS=false disables TLS; a password or a token is then sent only to this
 * host.
 */
#ifndef RW_MAIL_SMTP_SETTINGS_H
#define RW_MAIL_SMTP_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/smtp_connect.h"

struct rw_smtp_settings {
	struct rw_smtp_server server;	/* borrows from below; timeout_ms is
					 * not set */
	char *host, *user, *password;	/* owned */
	char *token;			/* the same; read when it is needed */
};

/* uri NULL: from SMTP_HOST and the others. RW_CONFIG. */
bool
rw_smtp_settings_read(struct rw_smtp_settings *settings, const char *uri,
	struct rw_err *err);

/* Reads the token for the first time, or again: server.token. RW_CONFIG,
 * RW_UNREACHABLE. */
bool
rw_smtp_settings_renew_token(struct rw_smtp_settings *settings,
	struct rw_err *err);

/* Accepts {0}. Wipes password and token. */
void
rw_smtp_settings_free(struct rw_smtp_settings *settings);

#endif
