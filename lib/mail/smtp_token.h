/*
 * The token of the mail server (RFC 6750), which replaces a password:
 * SMTP_TOKEN, the content of the file SMTP_TOKEN_FILE, or the first line that
 * SMTP_TOKEN_COMMAND prints. It is read when the first connection is opened,
 * and again when the server refuses it.
 */
#ifndef RW_MAIL_SMTP_TOKEN_H
#define RW_MAIL_SMTP_TOKEN_H

#include <stdbool.h>

#include "base/err.h"

/* Whether a token is set. RW_CONFIG: more than one of the variables is set. */
bool
rw_smtp_token_is_set(bool *is_set, struct rw_err *err);

/* Replaces *token (owned; NULL: none yet) by a new token of the user.
 * RW_CONFIG, RW_UNREACHABLE. */
bool
rw_smtp_token_read(char **token, const char *user, struct rw_err *err);

#endif
