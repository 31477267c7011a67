#include "mail_filter.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

static struct rw_delivery_item *
item_of(struct rw_job *job)
{
	if (job->data == NULL)
		job->data = calloc(1, sizeof(struct rw_delivery_item));
	return job->data;
}

static void
forget_item(void *data)
{
	rw_delivery_item_free(data);
	free(data);
}

static void
fail_mail(struct rw_mailing *mail, struct rw_job *job,
	const struct rw_err *failure)
{
	rw_summary_note(&mail->summary, &job->record, false, failure);
	rw_line_set_bool(&job->record.line, RW_M_EMAIL_SENT, false);
	rw_job_fail(job, failure);
}

/* A fault of cc says nothing about the report: it is noted, and the copy is
 * never tried again. */
static void
note_copy(struct rw_mailing *mail, const char *about, const char *why)
{
	rw_say_about(RW_WARNING, about, "%s", why);
	rw_summary_note_copy(&mail->summary, about, why);
}

static void
note_cc(struct rw_mailing *mail, struct rw_record *record,
	const struct rw_letter_cc *cc)
{
	const char *at = rw_buf_text(&cc->notes), *end;

	for (; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		struct rw_buf why = {0};

		rw_buf_add(&why, at, (size_t)(end - at));
		note_copy(mail, rw_record_label(record), rw_buf_text(&why));
		rw_buf_free(&why);
	}
}

void
rw_mailing_copy_failed(void *context, const char *about, const char *recipient,
	const struct rw_err *failure)
{
	struct rw_buf why = {0};

	rw_buf_addf(&why, "the copy to %s was not sent, and is not tried "
		"again: %s", recipient, failure->message);
	note_copy(context, about, rw_buf_text(&why));
	rw_buf_free(&why);
}

static bool
print_letter(struct rw_job *job, const struct rw_letter *letter,
	struct rw_err *err)
{
	rw_job_pass(job);
	return rw_file_write_all(STDOUT_FILENO, letter->message.data,
		letter->message.len, "standard output", err);
}

static void
show_plan(struct rw_job *job, const struct rw_letter *letter)
{
	rw_say_about(RW_NOTICE, rw_record_label(&job->record),
		"would send %s to %s, %zu bytes", rw_letter_delivery(letter),
		rw_address_text(&letter->to), letter->message.len);
	rw_line_set_bool(&job->record.line, RW_M_EMAIL_SENT, false);
	rw_line_set_string(&job->record.line, RW_M_MESSAGE_ID,
		rw_buf_text(&letter->id));
	rw_line_set_string(&job->record.line, RW_M_DELIVERY,
		rw_letter_delivery(letter));
	rw_job_would_send(job);
}

/* Lines that can still be read are passed on, with the true outcome. */
static bool
is_mail_stopped(const struct rw_mailing *mail, struct rw_err *failure)
{
	if (!*mail->stop)
		return false;
	rw_fail(failure, RW_REFUSED, "rw-mail was stopped before it sent "
		"this");
	failure->retryable = true;
	return true;
}

/* Within a run only claimed lines are mailed. */
static bool
is_claimed(const struct rw_mailing *mail, const struct rw_record *record,
	struct rw_err *err)
{
	return mail->settings.to != NULL ||
		!mail->own.is_required ||
		rw_record_has(record, RW_M_CLAIM) || rw_fail(err, RW_BUG,
		"the line has no claim of this run: not mailed");
}

/* In a pipeline typed by hand, stored files without links probably mean that
 * rw-presign is missing. The warning appears once. */
static void
warn_of_order(struct rw_mailing *mail, struct rw_record *record)
{
	bool stored = false;
	struct rw_err err;

	if (mail->warned_of_order || mail->settings.letters.is_run ||
	    rw_record_error_tool(record) != NULL ||
	    !rw_record_optional_bool(record, RW_M_MINIO_UPLOAD, &stored,
	    &err) || !stored)
		return;
	mail->warned_of_order = true;
	rw_say_about(RW_WARNING, rw_record_label(record), "its files are "
		"stored, but it has no links, so they are attached: run "
		"rw-presign first");
}

/* The administrator hears of each report that is not mailed, whichever tool
 * failed. */
static void
note_failed_before(struct rw_mailing *mail, struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);
	const char *message = rw_record_error_message(record);
	struct rw_err failure;

	rw_fail(&failure, RW_DATA, "%s: %s", tool,
		message != NULL ? message : "no message");
	rw_summary_note(&mail->summary, record, false, &failure);
}

static bool
begin_mail(void *context, struct rw_job *job, struct rw_err *err)
{
	struct rw_mailing *mail = context;
	struct rw_delivery_item *item = item_of(job);
	struct rw_err failure;

	if (item == NULL)
		return rw_fail_memory(err, "a mail");
	/* The members of an earlier mail do not apply any more. */
	rw_record_forget_mail(&job->record);
	rw_line_remove(&job->record.line, RW_M_STATE);
	if (mail->settings.dry || mail->settings.to != NULL)
		rw_line_set_string(&job->record.line, RW_M_STATE, "rehearsed");
	if (!rw_record_may_be_mailed(&job->record)) {
		note_failed_before(mail, &job->record);
		rw_job_pass(job);
		return true;
	}
	if (is_mail_stopped(mail, &failure) ||
	    (!mail->settings.dry && !mail->print &&
	    (!is_claimed(mail, &job->record, &failure) ||
	    !rw_record_is_real(&job->record, &failure))) ||
	    !rw_mail_own_check(&mail->own, &job->record, &failure) ||
	    !rw_letter_write(&mail->letters, &job->record, &item->letter,
	    &failure)) {
		fail_mail(mail, job, &failure);
		return true;
	}
	note_cc(mail, &job->record, &item->letter.cc);
	if (mail->print)
		return print_letter(job, &item->letter, err);
	if (item->letter.fallback)
		warn_of_order(mail, &job->record);
	if (item->letter.fallback)
		rw_log_event("Using email attachments (MinIO not available)");
	if (mail->settings.dry) {
		show_plan(job, &item->letter);
		return true;
	}
	item->context = job;
	rw_delivery_add(&mail->delivery, item, &job->record);
	return true;
}

void
rw_mailing_ended(void *context, struct rw_delivery_item *item,
	const struct rw_err *failure)
{
	struct rw_mailing *mail = context;

	if (failure != NULL) {
		fail_mail(mail, item->context, failure);
		return;
	}
	rw_log_event("%s: mailed %s%s%s, Message-ID %s",
		rw_record_label(item->record),
		rw_letter_delivery(&item->letter),
		mail->settings.to != NULL ? " to " : "",
		mail->settings.to != NULL ? mail->settings.to : "",
		rw_buf_text(&item->letter.id));
	rw_summary_note(&mail->summary, item->record, item->letter.links,
		NULL);
	rw_job_pass(item->context);
}

bool
rw_mailing_write(void *context, struct rw_delivery_item *item,
	struct rw_err *err)
{
	struct rw_mailing *mail = context;

	return rw_letter_write(&mail->letters, item->record, &item->letter,
		err);
}

static bool
poll_delivery(void *context, int input_fd, struct rw_err *err)
{
	struct rw_mailing *mail = context;

	return rw_delivery_poll(&mail->delivery, input_fd, err);
}

static bool
is_delivery_full(void *context)
{
	const struct rw_mailing *mail = context;

	return rw_delivery_is_full(&mail->delivery);
}

struct rw_filter
rw_mailing_filter(struct rw_mailing *mail, const volatile sig_atomic_t *stop)
{
	mail->stop = stop;
	return (struct rw_filter){.context = mail,
		.window = mail->print ? 1 : 2 * mail->settings.connections +
			RW_DELIVERY_WAITING,
		.as_done = true, .takes_failed = true, .mute = mail->print,
		.stop = stop, .clears = true, .begin = begin_mail,
		.is_full = mail->print || mail->settings.dry ? NULL :
			is_delivery_full,
		.poll = poll_delivery, .forget = forget_item};
}
