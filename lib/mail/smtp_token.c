#include "mail/smtp_token.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"
#include "wire/child.h"
#include "wire/config.h"

bool
rw_smtp_token_is_set(bool *is_set, struct rw_err *err)
{
	bool command = rw_config_text("SMTP_TOKEN_COMMAND", NULL) != NULL;
	bool direct = rw_config_text("SMTP_TOKEN", NULL) != NULL ||
		rw_config_text("SMTP_TOKEN_FILE", NULL) != NULL;

	*is_set = command || direct;
	return !(command && direct) || rw_fail(err, RW_CONFIG, "both "
		"SMTP_TOKEN and SMTP_TOKEN_COMMAND are set: expected one of "
		"them");
}

/* Characters that need no quoting in the mechanisms' messages (RFC 6750,
 * section 2.1). */
static bool
check_token(const char *token, struct rw_err *err)
{
	size_t len = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-._~+/");

	len += strspn(token + len, "=");
	return (len > 0 && token[len] == '\0') || rw_fail(err, RW_CONFIG,
		"SMTP_TOKEN is not a token: expected letters, digits and "
		"-._~+/ only");
}

/* A server may repeat the token in its answers, also in the form of AUTH
 * XOAUTH2. */
static bool
know_token(const char *token, const char *user)
{
	struct rw_buf message = {0};
	bool good;

	rw_buf_addf(&message, "user=%s\001auth=Bearer %s\001\001", user, token);
	good = message.data != NULL && rw_secret_know(token) &&
		rw_secret_know_bytes(message.data, message.len);
	if (message.data != NULL)
		explicit_bzero(message.data, message.len);
	rw_buf_free(&message);
	return good;
}

bool
rw_smtp_token_read(char **token, const char *user, struct rw_err *err)
{
	const char *command = rw_config_text("SMTP_TOKEN_COMMAND", NULL);
	char *text = NULL;

	if (command != NULL ?
	    !rw_child_line("SMTP_TOKEN_COMMAND", command, &text, err) :
	    !rw_config_secret("SMTP_TOKEN", &text, err))
		return false;
	if (text == NULL)
		return rw_fail(err, RW_CONFIG, "SMTP_TOKEN is not set");
	if (!know_token(text, user))
		rw_fail_memory(err, "SMTP_TOKEN");
	else if (check_token(text, err)) {
		rw_config_forget(*token);
		*token = text;
		return true;
	}
	rw_config_forget(text);
	return false;
}
