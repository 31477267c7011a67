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
#include "base/text.h"
#include "cli.h"
#include "filter.h"
#include "wire/config.h"
#include "work/delivery.h"
#include "work/letter.h"

#define MEGABYTE ((uint64_t)1024 * 1024)

struct mail {
	const char *transport, *to, *rate;
	bool attach, print;
	size_t connections;
	bool sends;	/* else it prints, or says what it would do */
	struct rw_letters letters;
	struct rw_delivery delivery;
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
}

/* Nobody would hear of what was sent when nobody reads our output. */
static bool
is_stopped(void *context)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	(void)context;
	return stop_signal != 0 || (poll(&out, 1, 0) > 0 &&
		(out.revents & (POLLERR | POLLNVAL)) != 0);
}

/* ---- one record -------------------------------------------------------- */

/* A report that could not be stored or linked is mailed all the same; what
 * another tool found wrong is wrong for us too. */
static bool
is_for_us(struct rw_record *record)
{
	static const char *const ours[] = {"rw-put", "rw-presign",
		"rw-verify"};
	const char *tool = rw_record_error_tool(record);
	size_t i;

	for (i = 0; tool != NULL && i < sizeof ours / sizeof *ours; i++)
		if (strcmp(tool, ours[i]) == 0)
			return true;
	return tool == NULL;
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

static bool
show(struct rw_job *job, const struct rw_letter *letter, bool print,
	struct rw_err *err)
{
	if (print && !rw_file_write_all(STDOUT_FILENO, letter->message.data,
	    letter->message.len, "standard output", err))
		return false;
	if (!print)
		rw_say(RW_WARNING, "%s: would send %s to %s, %zu bytes",
			rw_record_label(&job->record), letter->links ?
			"links" : "attachments",
			rw_address_text(&letter->to), letter->message.len);
	rw_job_pass(job);
	return true;
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct mail *mail = context;
	struct rw_delivery_item *item = item_of(job);
	struct rw_err failure;

	if (item == NULL)
		return rw_fail(err, RW_IO, "no memory");
	if (!is_for_us(&job->record)) {
		rw_job_pass(job);
		return true;
	}
	if (!rw_letter_write(&mail->letters, &job->record, &item->letter,
	    &failure)) {
		rw_line_set_bool(&job->record.line, RW_M_EMAIL_SENT, false);
		rw_job_fail(job, &failure);
		return true;
	}
	if (!mail->sends)
		return show(job, &item->letter, mail->print, err);
	if (item->letter.fallback)
		rw_log_event("Using email attachments (MinIO not available)");
	item->context = job;
	rw_delivery_add(&mail->delivery, item, &job->record);
	return true;
}

static void
ended(void *context, struct rw_delivery_item *item,
	const struct rw_err *failure)
{
	(void)context;
	if (failure == NULL)
		rw_job_pass(item->context);
	else
		rw_job_fail(item->context, failure);
}

static bool
poll_delivery(void *context, int input_fd, struct rw_err *err)
{
	struct mail *mail = context;

	return rw_delivery_poll(&mail->delivery, input_fd, err);
}

/* ---- settings ---------------------------------------------------------- */

static bool
need(const char *name, const char **value, struct rw_err *err)
{
	*value = rw_config_text(name, NULL);
	return *value != NULL || rw_fail(err, RW_CONFIG, "%s is not set",
		name);
}

/* "5/s", "300/m", "1000/h", to microseconds between two. */
static bool
read_rate(const char *rate, int64_t *interval_us, struct rw_err *err)
{
	static const struct {
		char unit;
		int64_t us;
	} units[] = {{'s', 1000000}, {'m', 60000000}, {'h', 3600000000}};
	const char *slash = rate == NULL ? NULL : strchr(rate, '/');
	char number[16] = "";
	uint64_t n = 0;
	size_t i;

	*interval_us = 0;
	if (rate == NULL)
		return true;
	if (slash != NULL && (size_t)(slash - rate) < sizeof number)
		memcpy(number, rate, (size_t)(slash - rate));
	for (i = 0; i < 3; i++)
		if (rw_text_to_u64(number, 1000000, &n) && n > 0 &&
		    slash[1] == units[i].unit && slash[2] == '\0') {
			*interval_us = units[i].us / (int64_t)n;
			return true;
		}
	return rw_fail(err, RW_USAGE, "--rate is \"%.40s\": expected a "
		"number with /s, /m or /h", rate);
}

static bool
open_letters(struct mail *mail, const char *copy_to, struct rw_err *err)
{
	struct rw_letter_options options = {
		.brand = rw_config_text("RW_BRAND", "SpreadPilot"),
		.reply_to = rw_config_text("RW_REPLY_TO", NULL),
		.template_dir = rw_config_text("RW_TEMPLATE_DIR", NULL),
		.copy_to = copy_to, .only_to = mail->to,
		.attach = mail->attach};
	uint64_t max;

	if (!need("REPORT_SENDER_EMAIL", &options.sender, err) ||
	    !rw_config_u64("RW_MAX_ATTACH", 20 * MEGABYTE, 1,
	    1024 * MEGABYTE, &max, err))
		return false;
	options.max_attach = (size_t)max;
	return rw_letters_open(&mail->letters, &options, err);
}

static bool
open_delivery(struct mail *mail, const char *copy_to, struct rw_err *err)
{
	struct rw_delivery_options options = {
		.sender = rw_address_text(&mail->letters.sender),
		.copy_to = copy_to, .staged = mail->to != NULL,
		.run_id = rw_config_text("RW_RUN_ID", NULL),
		.transport = {.uri = mail->transport != NULL ?
			mail->transport :
			rw_config_text("RW_MAIL_TRANSPORT", NULL),
			.connections = mail->connections},
		.stopped = is_stopped, .ended = ended, .context = mail};
	uint64_t reply_s, dot_s;

	/* The command line is for everybody to see. */
	if (mail->transport != NULL && strncmp(mail->transport, "smtp", 4) == 0
	    && strchr(mail->transport, '@') != NULL)
		return rw_fail(err, RW_USAGE, "--transport with a user or a "
			"password: set SMTP_USER and SMTP_PASSWORD instead");
	if (!read_rate(mail->rate, &options.interval_us, err) ||
	    !rw_config_seconds("RW_SMTP_TIMEOUT", 300, &reply_s, err) ||
	    !rw_config_seconds("RW_SMTP_DOT_TIMEOUT", 600, &dot_s, err))
		return false;
	options.transport.reply_timeout_ms = (int64_t)reply_s * 1000;
	options.transport.dot_timeout_ms = (int64_t)dot_s * 1000;
	return rw_delivery_open(&mail->delivery, &options, err);
}

/* Who gets a copy of each mail: RW_ADMIN_COPY. */
static bool
read_copies(const char **copy_to, struct rw_err *err)
{
	const char *how = rw_config_text("RW_ADMIN_COPY", "cc");

	*copy_to = rw_config_text("ADMIN_EMAIL", NULL);
	if (strcmp(how, "none") == 0)
		*copy_to = NULL;
	else if (strcmp(how, "cc") != 0)
		return rw_fail(err, RW_CONFIG, "RW_ADMIN_COPY is \"%.40s\": "
			"expected cc or none", how);
	return true;
}

static bool
open_all(struct mail *mail, struct rw_err *err)
{
	const char *copy_to;

	return read_copies(&copy_to, err) &&
		open_letters(mail, copy_to, err) &&
		(!mail->sends ||
		open_delivery(mail, copy_to, err));
}

/* ---- the whole --------------------------------------------------------- */

static enum rw_kind
run(struct mail *mail, const struct rw_common *common)
{
	struct rw_filter filter = {.context = mail,
		.window = mail->sends ? 2 * mail->connections : 1,
		.as_done = true, .takes_failed = true, .mute = mail->print,
		.stop = &stop_signal, .begin = begin, .poll = poll_delivery,
		.forget = forget};
	enum rw_kind worst;
	struct rw_err err;

	worst = rw_filter_run(&filter, common, NULL);
	if (mail->sends &&
	    !rw_delivery_finish(&mail->delivery, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		worst = rw_kind_worse(worst, err.kind);
	}
	return worst;
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
	struct mail mail = {.connections = 4};
	const struct rw_option options[] = {
		{"transport", RW_OPTION_TEXT, &mail.transport, "URI",
			"smtp://HOST, smtps://HOST, maildir:DIR, sendmail:"},
		{"to", RW_OPTION_TEXT, &mail.to, "ADDRESS",
			"send everything there; nothing counts as sent"},
		{"attach", RW_OPTION_FLAG, &mail.attach, NULL,
			"attach the files even when there are links"},
		{"print", RW_OPTION_FLAG, &mail.print, NULL,
			"write the messages instead of sending them"},
		{"rate", RW_OPTION_TEXT, &mail.rate, "N/s",
			"at most so many a second (/m, /h)"},
		{"j", RW_OPTION_COUNT, &mail.connections, "N",
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
	mail.sends = !mail.print && (!common.dry_run || common.check);
	if (!open_all(&mail, &err))
		return rw_cli_fail(&err);
	catch_signals();
	worst = common.check ? check(&mail) : run(&mail, &common);
	if (mail.sends)
		rw_delivery_close(&mail.delivery);
	rw_letters_close(&mail.letters);
	return rw_cli_finish(worst);
}
