/*
 * The settings of the mail server: SMTP_HOST, SMTP_PORT,
 * SMTP_USER, SMTP_PASSWORD, SMTP_TLS, or all but the last in one URI.
 *
 *	smtp://USER:PASSWORD@HOST:PORT	STARTTLS, port 587
 *	smtps://HOST			TLS from the first byte, port 465
 *
 * SMTP_TLS=false disables TLS; a password is then sent only to this host.
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
};

/* uri NULL: from SMTP_HOST and the others. RW_CONFIG. */
bool
rw_smtp_settings_read(struct rw_smtp_settings *settings, const char *uri,
	struct rw_err *err);

/* Accepts {0}. Wipes the password. */
void
rw_smtp_settings_free(struct rw_smtp_settings *settings);

#endif
