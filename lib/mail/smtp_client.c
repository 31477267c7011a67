#include "mail/smtp_priv.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/clock.h"

/* ---- opening and closing ----------------------------------------------- */

struct rw_smtp *
rw_smtp_new(const struct rw_smtp_options *options, struct rw_err *err)
{
	struct rw_smtp *smtp = calloc(1, sizeof *smtp);
	size_t n = options->connections;

	if (smtp != NULL) {
		smtp->options = *options;
		smtp->links = calloc(n, sizeof *smtp->links);
		smtp->polls = calloc(n + 1, sizeof *smtp->polls);
		smtp->waits = calloc(n + 1, sizeof *smtp->waits);
		smtp->counts[RW_SMTP_LINK_NONE] = n;
		rw_budget_start(&smtp->budget, RW_SMTP_BUDGET *
			(options->reply_timeout_ms + options->dot_timeout_ms),
			RW_SMTP_LEAST_RATE, rw_clock_monotonic_ms());
	}
	if (smtp == NULL || smtp->links == NULL || smtp->polls == NULL ||
	    smtp->waits == NULL) {
		rw_fail_memory(err, "%zu connections", n);
	} else if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		smtp->multi = curl_multi_init();
		if (smtp->multi != NULL && curl_multi_setopt(smtp->multi,
		    CURLMOPT_MAXCONNECTS, (long)(2 * n)) == CURLM_OK)
			return smtp;
		rw_fail_memory(err, "libcurl");
	} else {
		rw_fail(err, RW_BUG, "libcurl cannot be used");
	}
	rw_smtp_delete(smtp);
	return NULL;
}

void
rw_smtp_delete(struct rw_smtp *smtp)
{
	size_t i;

	if (smtp == NULL)
		return;
	if (smtp->multi != NULL) {
		rw_smtp_links_quit(smtp);
		for (i = 0; i < smtp->options.connections; i++)
			rw_smtp_link_close(smtp, &smtp->links[i]);
		curl_multi_cleanup(smtp->multi);
	}
	free(smtp->links);
	free(smtp->polls);
	free(smtp->waits);
	free(smtp);
}

/* ---- waiting ----------------------------------------------------------- */

/* The time until the next deadline, at most timeout_ms. */
static int
wait_ms(const struct rw_smtp *smtp, int timeout_ms)
{
	int64_t now = rw_clock_monotonic_ms(), due = now + timeout_ms;
	int64_t grace = smtp->options.grace_ms == NULL ? -1 :
		smtp->options.grace_ms();
	size_t i;

	if (grace > 0 && now + grace < due)
		due = now + grace;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == RW_SMTP_LINK_BUSY &&
		    smtp->links[i].deadline_ms < due)
			due = smtp->links[i].deadline_ms;
	if (smtp->next_try_ms > now && smtp->next_try_ms < due)
		due = smtp->next_try_ms;
	return due > now ? (int)(due - now) : 0;
}

static void
prepare_polls(struct rw_smtp *smtp, int input_fd)
{
	size_t n = smtp->options.connections, i;
	const char *bytes;

	for (i = 0; i < n; i++) {
		struct rw_smtp_link *link = &smtp->links[i];
		bool talks = link->state == RW_SMTP_LINK_IDLE ||
			link->state == RW_SMTP_LINK_BUSY;
		bool more = link->state == RW_SMTP_LINK_BUSY &&
			rw_dialog_output(&link->dialog, &bytes) > 0;

		smtp->polls[i] = (struct pollfd){
			.fd = talks ? link->connection.fd : -1,
			.events = more ? POLLIN | POLLOUT : POLLIN};
	}
	smtp->polls[n] = (struct pollfd){.fd = input_fd, .events = POLLIN};
}

/* While libcurl is connecting, it waits for its own sockets and for ours, but
 * it does not report POLLHUP, which is the only event at the end of a pipe. */
static bool
wait_with_libcurl(struct rw_smtp *smtp, int timeout_ms)
{
	size_t n = smtp->options.connections + 1, i;
	unsigned used = 0;

	for (i = 0; i < n; i++)
		if (smtp->polls[i].fd >= 0)
			smtp->waits[used++] = (struct curl_waitfd){
				.fd = smtp->polls[i].fd,
				.events = (short)(CURL_WAIT_POLLIN |
				((smtp->polls[i].events & POLLOUT) != 0 ?
				CURL_WAIT_POLLOUT : 0))};
	return curl_multi_poll(smtp->multi, smtp->waits, used, timeout_ms,
		NULL) == CURLM_OK && poll(smtp->polls, n, 0) >= 0;
}

static bool
wait_for_events(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	struct rw_err *err)
{
	prepare_polls(smtp, input_fd);
	if (smtp->counts[RW_SMTP_LINK_CONNECTING] > 0)
		return wait_with_libcurl(smtp, timeout_ms) ||
			errno == EINTR ||
			rw_fail(err, RW_BUG, "libcurl cannot wait");
	if (poll(smtp->polls, smtp->options.connections + 1, timeout_ms) >= 0
	    || errno == EINTR)
		return true;
	return rw_fail_errno(err, RW_IO, "cannot wait for the mail server");
}

static void
serve_links(struct rw_smtp *smtp)
{
	int64_t now = rw_clock_monotonic_ms();
	size_t i;

	for (i = 0; i < smtp->options.connections; i++) {
		struct rw_smtp_link *link = &smtp->links[i];
		bool ready = smtp->polls[i].fd >= 0 &&
			smtp->polls[i].revents != 0;

		/* On an idle connection a server only announces its end. */
		if (link->state == RW_SMTP_LINK_IDLE && ready)
			rw_smtp_link_close(smtp, link);
		else if (link->state == RW_SMTP_LINK_BUSY &&
		    (ready || now >= link->deadline_ms))
			rw_smtp_link_talk(smtp, link);
	}
}

/* If this connection is dead as well, it is closed like the first one. A new
 * connection never puts a message back. */
static void
send_again(struct rw_smtp *smtp)
{
	struct rw_mail *mail;
	struct rw_smtp_link *link;

	while (smtp->again != NULL &&
	    (link = rw_smtp_link_idle(smtp)) != NULL) {
		mail = rw_smtp_take_again(smtp);
		rw_smtp_link_start(smtp, link, mail);
	}
}

/* Ends the mails that have begun and refuses the other mails, because the grace
 * period has expired. */
static void
give_up(struct rw_smtp *smtp)
{
	size_t i;

	if (!smtp->is_down) {
		rw_fail(&smtp->why, RW_REFUSED, "rw-mail was stopped before "
			"it sent this");
		rw_smtp_go_down(smtp);
	}
	for (i = 0; i < smtp->options.connections; i++) {
		struct rw_smtp_link *link = &smtp->links[i];

		if (link->state == RW_SMTP_LINK_BUSY)
			rw_smtp_link_give_up(smtp, link);
		else if (link->state == RW_SMTP_LINK_CONNECTING)
			rw_smtp_link_close(smtp, link);
	}
}

bool
rw_smtp_poll(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	bool *readable, struct rw_err *err)
{
	int64_t end = rw_clock_monotonic_ms() + timeout_ms, left;

	smtp->changed = false;
	do {
		if (smtp->options.grace_ms != NULL &&
		    smtp->options.grace_ms() == 0)
			give_up(smtp);
		rw_smtp_links_open(smtp);
		left = smtp->changed ? 0 : end - rw_clock_monotonic_ms();
		if (!wait_for_events(smtp, input_fd, left > 0 ?
		    wait_ms(smtp, (int)left) : 0, err))
			return false;
		*readable = smtp->polls[smtp->options.connections].revents
			!= 0;
		serve_links(smtp);
		rw_smtp_links_drive(smtp);
		send_again(smtp);
	} while (!smtp->changed && !*readable && left > 0);
	return true;
}

/* ---- for the caller ------------------------------------------------------ */

void
rw_smtp_want(struct rw_smtp *smtp, size_t mails)
{
	smtp->wanted = mails;
}

size_t
rw_smtp_ready(const struct rw_smtp *smtp)
{
	return smtp->again != NULL ? 0 : smtp->counts[RW_SMTP_LINK_IDLE];
}

bool
rw_smtp_takes(const struct rw_smtp *smtp, const struct rw_mail *mail,
	struct rw_err *err)
{
	const struct rw_smtp_features *f = &smtp->features;

	if (mail->needs_utf8 && !f->utf8)
		return rw_fail(err, RW_REFUSED, "the mail server cannot send "
			"to %s: it does not offer SMTPUTF8", mail->recipient);
	if (f->max_size > 0 && mail->len > f->max_size)
		return rw_fail(err, RW_REFUSED, "the message has %zu bytes, "
			"but the mail server accepts at most %llu", mail->len,
			(unsigned long long)f->max_size);
	return true;
}

void
rw_smtp_send(struct rw_smtp *smtp, struct rw_mail *mail)
{
	struct rw_smtp_link *link = rw_smtp_link_idle(smtp);

	if (smtp->wanted > 0)
		smtp->wanted--;
	if (link != NULL) {
		rw_smtp_link_start(smtp, link, mail);
		return;
	}
	rw_smtp_put_again(smtp, mail);
}

bool
rw_smtp_is_down(const struct rw_smtp *smtp, struct rw_err *err)
{
	if (smtp->is_down && err != NULL)
		*err = smtp->why;
	return smtp->is_down;
}

const struct rw_smtp_connection *
rw_smtp_connection(const struct rw_smtp *smtp)
{
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == RW_SMTP_LINK_IDLE)
			return &smtp->links[i].connection;
	return NULL;
}
