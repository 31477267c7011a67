/*
 * The token of the mail server (RFC 6750), in place of a password: SMTP_TOKEN, the
 * file that SMTP_TOKEN_FILE names, or the first line that SMTP_TOKEN_COMMAND
 * prints. It is read when the first connection is opened, and again when the
 * server refuses it.
 */
#ifndef RW_MAIL_SMTP_TOKEN_H
#define RW_MAIL_SMTP_TOKEN_H

#include <stdbool.h>

#include "base/err.h"

/* Whether one is set. RW_CONFIG: more than one is. */
bool
rw_smtp_token_is_set(bool *is_set, struct rw_err *err);

/* Replaces *token (owned; NULL: none yet). user is whose token it is. RW_CONFIG,
 * RW_UNREACHABLE. */
bool
rw_smtp_token_read(char **token, const char *user, struct rw_err *err);

#endif
