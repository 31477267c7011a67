/* Refusals that would affect every message. Their cause is a setting, not the
 * report that was refused first. */
#include "mail/smtp_priv.h"

/* The advice in the message: the setting to check. */
static const char *
login_advice(const struct rw_smtp *smtp)
{
	const struct rw_smtp_server *server = &smtp->options.server;

	if (server->tls == RW_SMTP_PLAIN && smtp->features.starttls)
		return "SMTP_TLS is false, and the server offers STARTTLS";
	if (server->user == NULL)
		return "SMTP_USER is not set";
	return server->uses_token ? "check SMTP_USER and SMTP_TOKEN" :
		"check SMTP_USER and SMTP_PASSWORD";
}

static const char *
rights_advice(const struct rw_smtp *smtp)
{
	if (smtp->options.server.user != NULL)
		return "check whether SMTP_USER and REPORT_SENDER_EMAIL are "
			"allowed to send";
	if (smtp->features.auth)
		return "SMTP_USER is not set, and the server offers AUTH";
	return "check whether this host is allowed to send";
}

/* Turns the failure of one message into the failure of all messages. */
static void
fail_all(struct rw_smtp *smtp, const char *advice, struct rw_err *failure)
{
	struct rw_err one = *failure;

	rw_fail(failure, RW_CONFIG, "the mail server %s:%u refuses all mail: "
		"%.350s (%s)", smtp->options.server.host,
		smtp->options.server.port, one.message, advice);
	failure->retryable = true;
	if (smtp->is_down)
		return;
	smtp->why = *failure;
	rw_smtp_go_down(smtp);
}

/* Before the server has accepted any message, one refusal of the sender is
 * enough. Later a refusal may mean that a limit on messages was reached. */
static void
note_sender(struct rw_smtp *smtp, const struct rw_mail *mail,
	struct rw_err *failure)
{
	struct rw_buf advice = {0};

	if (smtp->accepted > 0 && smtp->refused_alike < RW_SMTP_REFUSALS)
		return;
	rw_buf_addf(&advice, "%s is %s", smtp->options.sender_setting,
		mail->sender);
	fail_all(smtp, rw_buf_text(&advice), failure);
	rw_buf_free(&advice);
}

/* A recipient's server may refuse with the same words, so that several refusals
 * are needed. */
static void
note_rights(struct rw_smtp *smtp, const struct rw_dialog *dialog,
	struct rw_err *failure)
{
	smtp->of_rights++;
	smtp->names_relaying |= dialog->names_relaying;
	smtp->last_of_rights = *failure;
	if (smtp->accepted == 0 && smtp->refused_alike >= RW_SMTP_REFUSALS)
		fail_all(smtp, rights_advice(smtp), failure);
}

void
rw_smtp_note_outcome(struct rw_smtp *smtp, const struct rw_dialog *dialog,
	const struct rw_mail *mail, struct rw_err *failure)
{
	if (failure->kind == RW_OK) {
		smtp->accepted += !mail->probe;
		smtp->refused_alike = 0;
		return;
	}
	if (failure->kind != RW_REFUSED && failure->kind != RW_CONFIG)
		return;
	smtp->refused++;
	smtp->refused_alike++;
	if (dialog->subject == RW_SMTP_OF_LOGIN)
		fail_all(smtp, login_advice(smtp), failure);
	else if (dialog->subject == RW_SMTP_OF_SENDER)
		note_sender(smtp, mail, failure);
	else if (dialog->subject == RW_SMTP_OF_RIGHTS)
		note_rights(smtp, dialog, failure);
	else
		smtp->refused_alike = 0;
}

bool
rw_smtp_is_in_use(const struct rw_smtp *smtp, struct rw_err *err)
{
	if (smtp->is_down || smtp->accepted > 0 || smtp->of_rights == 0 ||
	    smtp->of_rights < smtp->refused ||
	    (smtp->of_rights == 1 && !smtp->names_relaying))
		return true;
	return rw_fail(err, RW_CONFIG, "the mail server %s:%u refused all "
		"mail, %zu messages: %.300s (%s)", smtp->options.server.host,
		smtp->options.server.port, smtp->of_rights,
		smtp->last_of_rights.message, rights_advice(smtp));
}
