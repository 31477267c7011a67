#include <stdlib.h>

#include "base/log.h"
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

static bool
smtp_is_in_use(const void *state, struct rw_err *err)
{
	const struct remote *remote = state;

	return rw_smtp_is_in_use(remote->smtp, err);
}

/* ---- the check ----------------------------------------------------------- */

/* A message with links is far shorter than this. */
enum { SMALL_LIMIT = 256 * 1024 };

static void
add_limit(const struct remote *remote,
	const struct rw_smtp_features *features, uint64_t largest,
	struct rw_buf *lines)
{
	const struct rw_smtp_server *server = &remote->settings.server;
	unsigned long long max = features->max_size;

	if (max > 0)
		rw_buf_addf(lines, "largest message: %llu bytes", max);
	if (max > 0 && max < largest)
		rw_buf_addf(lines, " (with files of RW_MAX_ATTACH it has "
			"about %llu)", (unsigned long long)largest);
	if (max > 0)
		rw_buf_adds(lines, "\n");
	if (max > 0 && max < SMALL_LIMIT)
		rw_say(RW_WARNING, "the mail server %s:%u accepts at most %llu "
			"bytes: it may refuse messages with files",
			server->host, server->port, max);
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
		rw_buf_addf(lines, "authentication: accepted, as %s%s\n",
			server->user, server->uses_token ? ", with a token" :
			"");
}

/* A temporary refusal is RW_UNREACHABLE, because the server may accept mail
 * when a run begins. */
static bool
refuse_mail(const struct remote *remote, const char *what, const char *address,
	const struct rw_err *why, struct rw_err *err)
{
	const struct rw_smtp_server *server = &remote->settings.server;

	if (why->kind != RW_REFUSED) {
		*err = *why;
		return false;
	}
	return rw_fail(err, why->retryable ? RW_UNREACHABLE : RW_CONFIG,
		"the mail server %s:%u refuses mail %s %s: %s", server->host,
		server->port, what, address, why->message);
}

/* First the sender, which a server may refuse without a login. Then the
 * recipient, which a server may refuse when it does not relay for this host. */
static bool
check_addresses(struct remote *remote,
	const struct rw_transport_question *asked, struct rw_buf *lines,
	struct rw_err *err)
{
	struct rw_err why;

	if (!rw_smtp_probe(remote->smtp, asked->sender, NULL, &why))
		return refuse_mail(remote, "from", asked->sender, &why, err);
	rw_buf_addf(lines, "sender: accepted, %s\n", asked->sender);
	if (asked->recipient == NULL)
		return true;
	if (rw_smtp_probe(remote->smtp, asked->sender, asked->recipient, &why))
		rw_buf_addf(lines, "recipient: accepted, %s\n",
			asked->recipient);
	else if (why.kind == RW_REFUSED && why.retryable)
		rw_say(RW_WARNING, "the mail server refuses mail to %s for "
			"now: %s", asked->recipient, why.message);
	else
		return refuse_mail(remote, "to", asked->recipient, &why, err);
	return true;
}

static bool
connect_once(struct remote *remote, struct rw_err *err)
{
	bool readable;

	rw_smtp_want(remote->smtp, 1);
	while (rw_smtp_ready(remote->smtp) == 0) {
		if (rw_smtp_is_down(remote->smtp, err))
			return false;
		if (!rw_smtp_poll(remote->smtp, -1, 1000, &readable, err))
			return false;
	}
	return true;
}

/* Opens one connection and asks the server. */
static bool
smtp_check(void *state, const struct rw_transport_question *asked,
	struct rw_buf *lines, struct rw_err *err)
{
	struct remote *remote = state;
	const struct rw_smtp_server *server = &remote->settings.server;
	struct rw_smtp_features features;

	if (!connect_once(remote, err))
		return false;
	features = rw_smtp_connection(remote->smtp)->features;
	describe_connection(remote, lines);
	if (features.auth && server->user == NULL)
		rw_say(RW_WARNING, "the mail server %s:%u offers AUTH, and "
			"SMTP_USER is not set: it may refuse mail without a "
			"login", server->host, server->port);
	if (!check_addresses(remote, asked, lines, err))
		return false;
	add_limit(remote, &features, asked->largest, lines);
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

static bool
renew_token(void *context, const char **token, struct rw_err *err)
{
	struct remote *remote = context;

	if (!rw_smtp_settings_renew_token(&remote->settings, err))
		return false;
	*token = remote->settings.token;
	return true;
}

static const struct rw_transport_ops smtp_ops = {
	.want = smtp_want, .ready = smtp_ready, .takes = smtp_takes,
	.send = smtp_send, .poll = smtp_poll, .is_down = smtp_is_down,
	.check = smtp_check, .is_in_use = smtp_is_in_use,
	.close = smtp_close};

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
		.report = options->report,
		.sender_setting = options->sender_setting,
		.renew_token = renew_token, .token_context = remote};

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
