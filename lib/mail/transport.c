#include "mail/transport.h"

#include <string.h>

#include "wire/config.h"

static bool
open_uri(struct rw_transport *transport,
	const struct rw_transport_options *options, const char *uri,
	struct rw_err *err)
{
	if (strncmp(uri, "maildir:", 8) == 0)
		return rw_transport_maildir(transport, uri + 8, options, err);
	if (strncmp(uri, "sendmail:", 9) == 0)
		return rw_transport_sendmail(transport, uri + 9, options, err);
	if (strncmp(uri, "smtp:", 5) == 0 || strncmp(uri, "smtps:", 6) == 0)
		return rw_transport_smtp(transport, uri, options, err);
	return rw_fail(err, RW_CONFIG, "the transport (RW_MAIL_TRANSPORT) must "
		"begin with smtp:, smtps:, maildir: or sendmail:");
}

/* SMTP_URI is a secret, because it may contain a password. */
static bool
open_configured(struct rw_transport *transport,
	const struct rw_transport_options *options, struct rw_err *err)
{
	char *uri;
	bool ok;

	if (!rw_config_secret("SMTP_URI", &uri, err))
		return false;
	ok = uri != NULL ? open_uri(transport, options, uri, err) :
		rw_transport_smtp(transport, NULL, options, err);
	rw_config_forget(uri);
	return ok;
}

bool
rw_transport_open(struct rw_transport *transport,
	const struct rw_transport_options *options, struct rw_err *err)
{
	*transport = (struct rw_transport){0};
	if (options->uri != NULL ?
	    open_uri(transport, options, options->uri, err) :
	    open_configured(transport, options, err))
		return true;
	rw_transport_close(transport);
	return false;
}

void
rw_transport_close(struct rw_transport *transport)
{
	if (transport->ops != NULL)
		transport->ops->close(transport->state);
	*transport = (struct rw_transport){0};
}
