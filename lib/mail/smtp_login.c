/* The token for logins. It is read for the first connection, and again when the
 * server refuses it, once for each token. */
#include "mail/smtp_priv.h"

#include <stdlib.h>
#include <string.h>

static bool
read_token(struct rw_smtp *smtp, struct rw_err *err)
{
	struct rw_smtp_options *options = &smtp->options;

	if (options->renew_token(options->token_context,
	    &options->server.token, err))
		return true;
	/* The token is not read again for the next connection. */
	err->retryable = false;
	return false;
}

bool
rw_smtp_login_prepare(struct rw_smtp *smtp, struct rw_smtp_link *link,
	struct rw_err *err)
{
	const struct rw_smtp_server *server = &smtp->options.server;

	if (server->uses_token && server->token == NULL &&
	    !read_token(smtp, err))
		return false;
	link->token_number = smtp->token_number;
	return true;
}

/* If the renewed token is the same, the server would refuse it again. */
bool
rw_smtp_login_renew(struct rw_smtp *smtp, const struct rw_smtp_link *link,
	struct rw_err *why)
{
	const struct rw_smtp_server *server = &smtp->options.server;
	bool is_new;
	char *old;

	if (!rw_smtp_connect_is_refused(&link->connection))
		return false;
	if (link->token_number != smtp->token_number)
		return true;	/* renewed since then */
	if (smtp->token_is_unproved)
		return false;
	old = strdup(server->token);
	is_new = old != NULL && read_token(smtp, why) &&
		strcmp(old, server->token) != 0;
	if (old != NULL)
		explicit_bzero(old, strlen(old));
	free(old);
	smtp->token_number += is_new;
	smtp->token_is_unproved = is_new;
	return is_new;
}
