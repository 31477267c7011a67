/*
 * rw-mail: sends each follower the report, with links or with the files, and
 * says truthfully what came of it.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli.h"
#include "filter.h"
#include "work/delivery.h"
#include "work/mail_settings.h"
#include "work/summary.h"

struct mail {
	struct rw_mail_settings settings;
	bool print;
	bool output_ended;	/* all lines are written */
	struct rw_letters letters;
	struct rw_delivery delivery;
	struct rw_summary summary;
};

static volatile sig_atomic_t stop_signal;

static void
note_signal(int number)
{
	stop_signal = number;
}

/* No SA_RESTART: whoever waits shall wake up. */
static void
catch_signals(void)
{
	struct sigaction action = {.sa_handler = note_signal};

	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* Nobody would hear of what was sent when nobody reads our output. */
static bool
is_stopped(void *context)
{
	const struct mail *mail = context;
	struct pollfd out = {.fd = STDOUT_FILENO};

	if (stop_signal != 0 || mail->output_ended)
		return stop_signal != 0;
	return poll(&out, 1, 0) > 0 &&
		(out.revents & (POLLERR | POLLNVAL)) != 0;
}

/* ---- one record -------------------------------------------------------- */

/* What the line says of a mail is of another day. */
static void
forget_outcome(struct rw_line *line)
{
	static const char *const members[] = {RW_M_EMAIL_SENT,
		RW_M_SENT_TIMESTAMP, RW_M_MESSAGE_ID, RW_M_DELIVERY,
		RW_M_STATE};
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		rw_line_remove(line, members[i]);
}

static struct rw_delivery_item *
item_of(struct rw_job *job)
{
	if (job->data == NULL)
		job->data = calloc(1, sizeof(struct rw_delivery_item));
	return job->data;
}

static void
forget(void *data)
{
	rw_delivery_item_free(data);
	free(data);
}

static void
fail(struct mail *mail, struct rw_job *job, const struct rw_err *failure)
{
	rw_summary_note(&mail->summary, &job->record, false, failure);
	rw_line_set_bool(&job->record.line, RW_M_EMAIL_SENT, false);
	rw_job_fail(job, failure);
}

/* What an earlier run said of this record is not true of this one. */
static void
forget_earlier(struct rw_line *line)
{
	rw_line_remove(line, RW_M_SENT_TIMESTAMP);
	rw_line_remove(line, RW_M_MESSAGE_ID);
	rw_line_remove(line, RW_M_DELIVERY);
}

static bool
print(struct rw_job *job, const struct rw_letter *letter, struct rw_err *err)
{
	rw_job_pass(job);
	return rw_file_write_all(STDOUT_FILENO, letter->message.data,
		letter->message.len, "standard output", err);
}

static void
tell(struct rw_job *job, const struct rw_letter *letter)
{
	rw_say(RW_NOTICE, "%s: would send %s to %s, %zu bytes",
		rw_record_label(&job->record), rw_letter_delivery(letter),
		rw_address_text(&letter->to), letter->message.len);
	rw_line_set_bool(&job->record.line, RW_M_EMAIL_SENT, false);
	rw_line_set_string(&job->record.line, RW_M_MESSAGE_ID,
		rw_buf_text(&letter->id));
	rw_line_set_string(&job->record.line, RW_M_DELIVERY,
		rw_letter_delivery(letter));
	rw_job_pass(job);
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct mail *mail = context;
	struct rw_delivery_item *item = item_of(job);
	struct rw_err failure;

	if (item == NULL)
		return rw_fail(err, RW_IO, "no memory");
	forget_outcome(&job->record.line);
	if (mail->settings.dry || mail->settings.to != NULL)
		rw_line_set_string(&job->record.line, RW_M_STATE, "rehearsed");
	if (!rw_record_may_be_mailed(&job->record)) {
		rw_job_pass(job);
		return true;
	}
	if ((!mail->settings.dry && !mail->print &&
	    !rw_record_is_real(&job->record, &failure)) ||
	    !rw_letter_write(&mail->letters, &job->record, &item->letter,
	    &failure)) {
		forget_earlier(&job->record.line);
		fail(mail, job, &failure);
		return true;
	}
	if (mail->print)
		return print(job, &item->letter, err);
	if (item->letter.fallback)
		rw_log_event("Using email attachments (MinIO not available)");
	if (mail->settings.dry) {
		tell(job, &item->letter);
		return true;
	}
	item->context = job;
	rw_delivery_add(&mail->delivery, item, &job->record);
	return true;
}

static void
ended(void *context, struct rw_delivery_item *item,
	const struct rw_err *failure)
{
	struct mail *mail = context;

	if (failure != NULL) {
		fail(mail, item->context, failure);
		return;
	}
	rw_summary_note(&mail->summary, item->record, item->letter.links,
		NULL);
	rw_job_pass(item->context);
}

static bool
poll_delivery(void *context, int input_fd, struct rw_err *err)
{
	struct mail *mail = context;

	return rw_delivery_poll(&mail->delivery, input_fd, err);
}

/* ---- the whole --------------------------------------------------------- */

static bool
open_mail(struct mail *mail, struct rw_err *err)
{
	struct rw_delivery_options *options = &mail->settings.delivery;

	if (!rw_mail_settings_read(&mail->settings, err) ||
	    !rw_letters_open(&mail->letters, &mail->settings.letters, err))
		return false;
	options->sender = rw_address_text(&mail->letters.sender);
	options->stopped = is_stopped;
	options->ended = ended;
	options->context = mail;
	if (mail->print ||
	    rw_delivery_open(&mail->delivery, options, err))
		return true;
	rw_letters_close(&mail->letters);
	return false;
}

static void
send_summary(struct mail *mail)
{
	const struct rw_mail_settings *settings = &mail->settings;
	const struct rw_summary *s = &mail->summary;
	struct rw_buf message = {0};
	struct rw_err err;

	if (settings->summary_to == NULL || settings->to != NULL ||
	    settings->dry ||
	    s->links + s->attachments + s->failed + s->in_doubt == 0)
		return;
	if (rw_summary_compose(s, mail->letters.brand,
	    settings->delivery.sender, settings->summary_to,
	    settings->delivery.run_id, &message, &err))
		rw_delivery_add_copy(&mail->delivery, settings->summary_to,
			&message);
	else
		rw_say(RW_WARNING, "no summary: %s", err.message);
	rw_buf_free(&message);
}

static enum rw_kind
run(struct mail *mail, const struct rw_common *common)
{
	struct rw_filter filter = {.context = mail,
		.window = mail->print ? 1 : 2 * mail->settings.connections,
		.as_done = true, .takes_failed = true, .mute = mail->print,
		.stop = &stop_signal, .begin = begin, .poll = poll_delivery,
		.forget = forget};
	enum rw_kind worst = rw_filter_run(&filter, common, NULL);
	struct rw_err err;

	if (mail->print)
		return worst;
	mail->output_ended = true;
	send_summary(mail);
	if (!rw_delivery_finish(&mail->delivery, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		worst = rw_kind_worse(worst, err.kind);
	}
	rw_say(RW_INFO, "the journal was synced %llu times",
		(unsigned long long)mail->delivery.journal.syncs);
	return worst;
}

/* As if the signal had had its way: the caller shall know. */
static void
obey_signal(void)
{
	if (stop_signal == 0)
		return;
	rw_say(RW_WARNING, "stopped by a signal; what was being sent was "
		"finished");
	rw_log_close();
	signal(stop_signal, SIG_DFL);
	raise(stop_signal);
}

static enum rw_kind
check(struct mail *mail)
{
	struct rw_transport *transport = &mail->delivery.transport;
	struct rw_buf lines = {0};
	struct rw_err err;
	bool ok = transport->ops->check(transport->state, &lines, &err);

	if (ok)
		fputs(rw_buf_text(&lines), stdout);
	else
		rw_say(RW_ERROR, "%s", err.message);
	rw_buf_free(&lines);
	return rw_kind_worse(ok ? RW_OK : err.kind, rw_cli_close_stdout());
}

int
main(int argc, char **argv)
{
	struct mail mail = {.settings.connections = 4};
	const struct rw_option options[] = {
		{"transport", RW_OPTION_TEXT, &mail.settings.transport, "URI",
			"smtp://HOST, smtps://HOST, maildir:DIR, sendmail:"},
		{"to", RW_OPTION_TEXT, &mail.settings.to, "ADDRESS",
			"send everything there; nothing counts as sent"},
		{"attach", RW_OPTION_FLAG, &mail.settings.attach, NULL,
			"attach the files even when there are links"},
		{"print", RW_OPTION_FLAG, &mail.print, NULL,
			"write the messages instead of sending them"},
		{"rate", RW_OPTION_TEXT, &mail.settings.rate, "N/s",
			"at most so many a second (/m, /h)"},
		{"j", RW_OPTION_COUNT, &mail.settings.connections, "N",
			"connections at once (4)"},
		{0}};
	const struct rw_cli cli = {.tool = "rw-mail",
		.purpose = "Send each follower the report by mail.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	mail.settings.dry = common.dry_run || common.check;
	mail.print = mail.print && !common.check;
	if (!open_mail(&mail, &err))
		return rw_cli_fail(&err);
	catch_signals();
	worst = common.check ? check(&mail) : run(&mail, &common);
	if (!mail.print)
		rw_delivery_close(&mail.delivery);
	rw_letters_close(&mail.letters);
	rw_summary_free(&mail.summary);
	obey_signal();
	return rw_cli_finish(worst);
}
