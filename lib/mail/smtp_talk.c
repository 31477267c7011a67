#include "mail/smtp_priv.h"

#include "base/boot.h"
#include "base/clock.h"

enum { READ_SIZE = 4096 };

/* Up to the dot the whole message has a budget, which only bytes of its text
 * extend. The time also ends at the last moment at which the final dot may be
 * sent. */
static int64_t
text_left_ms(struct rw_smtp_link *link, int64_t now_ms)
{
	int64_t left = rw_budget_left_ms(&link->budget, now_ms), end;

	if (link->mail->end_by_ms == 0)
		return left;
	end = link->mail->end_by_ms - rw_boot_clock_ms();
	return end < 0 ? 0 : end < left ? end : left;
}

static void
set_deadline(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	int64_t now = rw_clock_monotonic_ms();

	link->deadline_ms = now + (link->dialog.stage == RW_SMTP_DOT ?
		smtp->options.dot_timeout_ms : text_left_ms(link, now));
}

static void
end_slow_server(struct rw_smtp *smtp)
{
	if (smtp->is_down)
		return;
	rw_fail(&smtp->why, RW_UNREACHABLE, "the mail server %s:%u is too "
		"slow: the time for all messages has run out",
		smtp->options.server.host, smtp->options.server.port);
	rw_smtp_go_down(smtp);
}

/* The time that a message took is subtracted from the budget of all messages,
 * whatever its outcome; an accepted message adds to it. */
static void
account_time(struct rw_smtp *smtp, const struct rw_smtp_link *link,
	bool accepted)
{
	int64_t now = rw_clock_monotonic_ms();

	rw_budget_pause(&smtp->budget, now);
	rw_budget_spend(&smtp->budget, now - link->began_ms);
	if (accepted)
		rw_budget_earn(&smtp->budget, link->mail->len +
			RW_SMTP_MESSAGE_WORTH);
	if (rw_budget_left_ms(&smtp->budget, now) == 0)
		end_slow_server(smtp);
}

static void
end_mail(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	struct rw_mail *mail = link->mail;
	struct rw_err failure = link->dialog.failure;
	bool again = link->dialog.untouched;

	account_time(smtp, link, failure.kind == RW_OK);
	rw_smtp_note_outcome(smtp, &link->dialog, mail, &failure);
	mail->deferred = link->dialog.defers;
	link->mail = NULL;
	if (link->dialog.broken)
		rw_smtp_link_close(smtp, link);
	else
		rw_smtp_link_set_state(smtp, link, RW_SMTP_LINK_IDLE);
	if (again && !smtp->is_down) {
		rw_smtp_put_again(smtp, mail);
	} else {
		rw_smtp_report(smtp, mail, failure.kind == RW_OK ? NULL :
			&failure);
	}
}

/* True when the final dot would be sent too late. This is the last moment at
 * which the message can be withheld. */
static bool
is_late(const struct rw_smtp_link *link)
{
	return link->mail->end_by_ms != 0 &&
		rw_dialog_is_ending(&link->dialog) &&
		rw_boot_clock_ms() > link->mail->end_by_ms;
}

/* Sends the pending output until it would block. */
static void
put_output(struct rw_smtp *smtp, struct rw_smtp_link *link, const char **lost)
{
	const char *bytes;
	size_t len;
	ssize_t n = 0;

	while (*lost == NULL &&
	    (len = rw_dialog_output(&link->dialog, &bytes)) > 0) {
		if (is_late(link)) {
			rw_dialog_withhold(&link->dialog);
			return;
		}
		n = rw_smtp_put(&link->connection, bytes, len, lost);
		if (n <= 0)
			return;
		if (link->dialog.stage == RW_SMTP_BODY)
			rw_budget_earn(&link->budget, (uint64_t)n);
		rw_dialog_sent(&link->dialog, (size_t)n);
		set_deadline(smtp, link);
	}
}

static void
get_input(struct rw_smtp *smtp, struct rw_smtp_link *link, const char **lost)
{
	char bytes[READ_SIZE];
	ssize_t n;

	while (link->dialog.stage != RW_SMTP_ENDED && (n = rw_smtp_get(
	    &link->connection, bytes, sizeof bytes, lost)) > 0) {
		enum rw_smtp_stage before = link->dialog.stage;

		rw_dialog_input(&link->dialog, bytes, (size_t)n);
		if (link->dialog.stage != before)
			set_deadline(smtp, link);
	}
}

/* The deadline and the lease that it derives from are measured by different
 * clocks, and both are read in whole milliseconds. */
static void
give_up_waiting(struct rw_smtp_link *link)
{
	if (link->dialog.stage < RW_SMTP_DOT && link->mail->end_by_ms != 0 &&
	    rw_boot_clock_ms() + 1 >= link->mail->end_by_ms)
		rw_dialog_withhold(&link->dialog);
	else
		rw_dialog_lost(&link->dialog, "the server did not answer in "
			"time");
}

/* A server that closes the connection in the middle of the text may have sent
 * the reason. Its answer is read before the connection counts as lost. */
void
rw_smtp_link_talk(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	const char *put_lost = NULL, *get_lost = NULL;

	get_input(smtp, link, &get_lost);
	if (get_lost == NULL)
		put_output(smtp, link, &put_lost);
	if (put_lost != NULL)
		get_input(smtp, link, &get_lost);
	if (put_lost != NULL || get_lost != NULL)
		rw_dialog_lost(&link->dialog, get_lost != NULL ? get_lost :
			put_lost);
	else if (link->dialog.stage != RW_SMTP_ENDED &&
	    rw_clock_monotonic_ms() >= link->deadline_ms)
		give_up_waiting(link);
	if (link->dialog.stage == RW_SMTP_ENDED)
		end_mail(smtp, link);
}

void
rw_smtp_link_give_up(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	rw_dialog_lost(&link->dialog, "rw-mail was stopped");
	end_mail(smtp, link);
}

void
rw_smtp_link_start(struct rw_smtp *smtp, struct rw_smtp_link *link,
	struct rw_mail *mail)
{
	const char *lost = NULL;

	link->mail = mail;
	link->began_ms = rw_clock_monotonic_ms();
	rw_budget_start(&link->budget, smtp->options.reply_timeout_ms,
		RW_SMTP_LEAST_RATE, link->began_ms);
	rw_smtp_link_set_state(smtp, link, RW_SMTP_LINK_BUSY);
	rw_dialog_start(&link->dialog, mail);
	set_deadline(smtp, link);
	put_output(smtp, link, &lost);
	if (lost != NULL)
		rw_smtp_link_talk(smtp, link);
}
