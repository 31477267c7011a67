/*
 * rw-mail: sends each follower the report, with links or with the files, and
 * reports the true outcome.
 */
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "cli.h"
#include "mail_filter.h"
#include "stop.h"

/* When the reader of standard output has exited, outcomes cannot be passed on.
 * Then no more mail may be sent. */
static bool
is_stopped(void *context)
{
	const struct rw_mailing *mail = context;
	struct pollfd out = {.fd = STDOUT_FILENO};

	if (*rw_stop_flag() != 0 || mail->output_ended)
		return *rw_stop_flag() != 0;
	return poll(&out, 1, 0) > 0 &&
		(out.revents & (POLLERR | POLLNVAL)) != 0;
}

static bool
open_mail(struct rw_mailing *mail, struct rw_err *err)
{
	struct rw_delivery_options *options = &mail->settings.delivery;

	if (!rw_mail_settings_read(&mail->settings, err) ||
	    !rw_letters_open(&mail->letters, &mail->settings.letters, err))
		return false;
	mail->own.is_required = mail->settings.letters.is_run;
	if (options->sender == NULL)
		options->sender = rw_address_text(&mail->letters.sender);
	options->stopped = is_stopped;
	options->transport.grace_ms = rw_stop_grace_ms;
	options->write = rw_mailing_write;
	options->ended = rw_mailing_ended;
	options->copy_failed = rw_mailing_copy_failed;
	options->context = mail;
	if (mail->print ||
	    rw_delivery_open(&mail->delivery, options, err))
		return true;
	rw_letters_close(&mail->letters);
	return false;
}

static void
send_summary(struct rw_mailing *mail)
{
	const struct rw_mail_settings *settings = &mail->settings;
	const struct rw_summary *s = &mail->summary;
	struct rw_buf message = {0};
	struct rw_err err;
	size_t i;

	if (settings->summary_to == NULL || settings->to != NULL ||
	    settings->dry ||
	    s->links + s->attachments + s->failed + s->in_doubt == 0)
		return;
	if (!rw_summary_compose(s, mail->letters.words.brand,
	    rw_address_text(&mail->letters.sender),
	    settings->summary_to->list.data,
	    settings->delivery.run_id, &message, &err))
		rw_say(RW_WARNING, "no summary: %s", err.message);
	for (i = 0; message.len > 0 && i < settings->summary_to->count; i++)
		rw_delivery_add_copy(&mail->delivery,
			settings->summary_to->each[i], &message);
	rw_buf_free(&message);
}

static enum rw_kind
run_mailing(struct rw_mailing *mail, const struct rw_common *common)
{
	struct rw_filter filter = rw_mailing_filter(mail, rw_stop_flag());
	enum rw_kind worst = rw_filter_run(&filter, common, NULL);
	struct rw_err err;
	bool good;

	if (mail->print)
		return worst;
	mail->output_ended = true;
	/* The summary has the outcomes of all copies. */
	good = rw_delivery_finish(&mail->delivery, &err);
	if (good)
		send_summary(mail);
	if (!good || !rw_delivery_finish(&mail->delivery, &err) ||
	    !rw_delivery_is_in_use(&mail->delivery, &err)) {
		rw_say_failure(NULL, &err);
		worst = rw_kind_worse(worst, err.kind);
	}
	rw_say(RW_INFO, "the journal was synced %llu times",
		(unsigned long long)mail->delivery.journal.syncs);
	return worst;
}

/* The text in base64, in lines of 76 characters. */
static uint64_t
message_len(size_t files)
{
	enum { LINE = 76, BYTES = LINE / 4 * 3, END = 2 };

	return (files / BYTES + 1) * (LINE + END);
}

/* One that a mail could have: a server may refuse the + in it. */
static bool
make_sender(struct rw_mailing *mail, struct rw_buf *sender,
	struct rw_err *err)
{
	const struct rw_delivery_options *options = &mail->settings.delivery;

	if (options->verp != NULL)
		return rw_verp_add(options->verp,
			"<2000-01.000000000000000000000000@localhost>", sender,
			err);
	rw_buf_adds(sender, options->sender);
	return rw_buf_ok(sender, "an address", err);
}

static enum rw_kind
check_transport(struct rw_mailing *mail)
{
	struct rw_transport *transport = &mail->delivery.transport;
	const struct rw_mail_settings *settings = &mail->settings;
	struct rw_buf lines = {0}, sender = {0};
	struct rw_transport_question asked = {
		.recipient = settings->admins.count > 0 ?
			settings->admins.each[0] : NULL,
		.largest = message_len(settings->letters.max_attach)};
	struct rw_err err;
	bool ok = make_sender(mail, &sender, &err);

	asked.sender = rw_buf_text(&sender);
	ok = ok && transport->ops->check(transport->state, &asked, &lines,
		&err);

	if (ok)
		fputs(rw_buf_text(&lines), stdout);
	else
		rw_say(RW_ERROR, "%s", err.message);
	rw_buf_free(&lines);
	rw_buf_free(&sender);
	return rw_kind_worse(ok ? RW_OK : err.kind, rw_cli_close_stdout());
}

static void
free_settings(struct rw_mail_settings *settings)
{
	rw_copies_free(&settings->admins);
	rw_verp_close(&settings->verp);
	rw_pace_free(&settings->pace);
}

static void
free_mailing(struct rw_mailing *mail)
{
	rw_letters_close(&mail->letters);
	free_settings(&mail->settings);
	rw_mail_own_free(&mail->own);
	rw_summary_free(&mail->summary);
}

int
main(int argc, char **argv)
{
	struct rw_option_count connections = {.n = 4};
	struct rw_mailing mail = {0};
	const struct rw_option options[] = {
		{"transport", RW_OPTION_TEXT, &mail.settings.transport, "URI",
			"smtp://HOST, smtps://HOST, maildir:DIR, sendmail:"},
		{"to", RW_OPTION_TEXT, &mail.settings.to, "ADDRESS",
			"send all mail to ADDRESS; nothing counts as sent"},
		{"attach", RW_OPTION_FLAG, &mail.settings.attach, NULL,
			"attach the files even if there are links"},
		{"print", RW_OPTION_FLAG, &mail.print, NULL,
			"write the messages instead of sending them"},
		{"rate", RW_OPTION_TEXT, &mail.settings.rate, "N/s",
			"at most N mails a second (/m, /h)"},
		{"j", RW_OPTION_COUNT, &connections, "N",
			"connections at once (4)"},
		{0}};
	const struct rw_cli cli = {.tool = "rw-mail",
		.purpose = "Sends each follower the report by mail.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	mail.settings.connections = connections.n;
	mail.settings.dry = common.dry_run || common.check;
	mail.print = mail.print && !common.check;
	/* A check has nothing to finish. */
	if (!open_mail(&mail, &err) ||
	    (!common.check && !rw_stop_catch(&err))) {
		free_settings(&mail.settings);
		return rw_cli_fail(&err);
	}
	worst = common.check ? check_transport(&mail) :
		run_mailing(&mail, &common);
	if (!mail.print)
		rw_delivery_close(&mail.delivery);
	free_mailing(&mail);
	rw_stop_obey();
	return rw_cli_finish(worst);
}
