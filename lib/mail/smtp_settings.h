/*
 * The settings of the mail server: SMTP_HOST, SMTP_PORT, SMTP_USER,
 * SMTP_PASSWORD and SMTP_TLS. One URI can replace all of them but SMTP_TLS:
 *
 *	smtp://USER:PASSWORD@HOST:PORT	STARTTLS, port 587
 *	smtps://HOST			TLS from the first byte, port 465
 *
 * SMTP_TLS=false disables TLS. A password or a token is then sent only to a
 * server on this host.
 */
#ifndef RW_MAIL_SMTP_SETTINGS_H
#define RW_MAIL_SMTP_SETTINGS_H

#include <stdbool.h>

#include "base/err.h"
#include "wire/smtp_connect.h"

struct rw_smtp_settings {
	struct rw_smtp_server server;	/* borrows from the members below;
					 * timeout_ms is not set */
	char *host, *user, *password;	/* owned */
	char *token;			/* owned; read when it is needed */
};

/* uri NULL: reads SMTP_HOST and the other variables. RW_CONFIG. */
bool
rw_smtp_settings_read(struct rw_smtp_settings *settings, const char *uri,
	struct rw_err *err);

/* Reads or renews the token, server.token. RW_CONFIG, RW_UNREACHABLE. */
bool
rw_smtp_settings_renew_token(struct rw_smtp_settings *settings,
	struct rw_err *err);

/* Accepts {0}. Erases password and token. */
void
rw_smtp_settings_free(struct rw_smtp_settings *settings);

#endif
