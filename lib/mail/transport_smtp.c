#include <stdlib.h>

#include "mail/smtp.h"
#include "mail/smtp_settings.h"
#include "mail/transport.h"

struct remote {
	struct rw_smtp_settings settings;
	struct rw_smtp *smtp;
	int64_t timeout_ms;
};

static void
smtp_want(void *state, size_t mails)
{
	struct remote *remote = state;

	rw_smtp_want(remote->smtp, mails);
}

static size_t
smtp_ready(const void *state)
{
	const struct remote *remote = state;

	return rw_smtp_ready(remote->smtp);
}

static bool
smtp_takes(const void *state, const struct rw_mail *mail, struct rw_err *err)
{
	const struct remote *remote = state;

	return rw_smtp_takes(remote->smtp, mail, err);
}

static void
smtp_send(void *state, struct rw_mail *mail)
{
	struct remote *remote = state;

	rw_smtp_send(remote->smtp, mail);
}

static bool
smtp_poll(void *state, int input_fd, int timeout_ms, bool *readable,
	struct rw_err *err)
{
	struct remote *remote = state;

	return rw_smtp_poll(remote->smtp, input_fd, timeout_ms, readable, err);
}

static bool
smtp_is_down(const void *state, struct rw_err *err)
{
	const struct remote *remote = state;

	return rw_smtp_is_down(remote->smtp, err);
}

static void
add_limit(struct rw_buf *lines, const struct rw_smtp_features *features)
{
	if (features->max_size > 0)
		rw_buf_addf(lines, "largest message: %llu bytes\n",
			(unsigned long long)features->max_size);
	rw_buf_addf(lines, "addresses outside ASCII: %s\n",
		features->utf8 ? "yes" : "no (no SMTPUTF8)");
}

static void
describe_connection(const struct remote *remote, struct rw_buf *lines)
{
	const struct rw_smtp_server *server = &remote->settings.server;
	const struct rw_smtp_connection *connection =
		rw_smtp_connection(remote->smtp);

	if (connection == NULL)
		return;
	rw_buf_addf(lines, "resolved: %s is %s\n", server->host,
		connection->address);
	rw_buf_addf(lines, "connected: port %u\n", server->port);
	if (server->tls == RW_SMTP_PLAIN)
		rw_buf_adds(lines, "TLS: none (SMTP_TLS=false)\n");
	else
		rw_buf_addf(lines, "TLS: verified, %s\n", connection->cipher);
	if (server->user == NULL)
		rw_buf_adds(lines, "authentication: none\n");
	else
		rw_buf_addf(lines, "authentication: accepted, as %s\n",
			server->user);
	add_limit(lines, &connection->features);
}

/* Opens one connection, and closes it. */
static bool
smtp_check(void *state, struct rw_buf *lines, struct rw_err *err)
{
	struct remote *remote = state;
	bool readable;

	rw_smtp_want(remote->smtp, 1);
	while (rw_smtp_ready(remote->smtp) == 0) {
		if (rw_smtp_is_down(remote->smtp, err))
			return false;
		if (!rw_smtp_poll(remote->smtp, -1, 1000, &readable, err))
			return false;
	}
	describe_connection(remote, lines);
	return rw_buf_ok(lines, "the report of --check", err);
}

static void
smtp_close(void *state)
{
	struct remote *remote = state;

	rw_smtp_delete(remote->smtp);
	rw_smtp_settings_free(&remote->settings);
	free(remote);
}

static const struct rw_transport_ops smtp_ops = {
	.want = smtp_want, .ready = smtp_ready, .takes = smtp_takes,
	.send = smtp_send, .poll = smtp_poll, .is_down = smtp_is_down,
	.check = smtp_check, .close = smtp_close};

bool
rw_transport_smtp(struct rw_transport *transport, const char *uri,
	const struct rw_transport_options *options, struct rw_err *err)
{
	struct remote *remote = calloc(1, sizeof *remote);
	struct rw_smtp_options smtp = {
		.connections = options->connections,
		.reply_timeout_ms = options->reply_timeout_ms,
		.dot_timeout_ms = options->dot_timeout_ms,
		.grace_ms = options->grace_ms,
		.report = options->report};

	if (remote == NULL)
		return rw_fail_memory(err, "the transport");
	*transport = (struct rw_transport){&smtp_ops, remote};
	if (!rw_smtp_settings_read(&remote->settings, uri, err))
		return false;
	smtp.server = remote->settings.server;
	smtp.server.timeout_ms = options->reply_timeout_ms;
	remote->smtp = rw_smtp_new(&smtp, err);
	return remote->smtp != NULL;
}
