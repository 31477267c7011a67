#include "wire/smtp.h"

#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* How long to wait before the next attempt, by how many failed in a row. A
 * server that was there before is given the time of a restart. */
static const int64_t first_delays_ms[] = {250, 1000};
static const int64_t later_delays_ms[] = {250, 1000, 2000, 4000, 8000};

enum { MORE_DELAY_MS = 10000, QUIT_MS = 1000, READ_SIZE = 4096 };

enum link_state {
	LINK_NONE,
	LINK_CONNECTING,
	LINK_IDLE,
	LINK_BUSY,
};

struct link {
	enum link_state state;
	struct rw_smtp_connection connection;
	struct rw_dialog dialog;
	struct rw_mail *mail;
	int64_t deadline_ms;
};

struct rw_smtp {
	struct rw_smtp_options options;
	CURLM *multi;
	struct link *links;
	struct pollfd *polls;		/* one for each link and the input */
	struct curl_waitfd *waits;	/* the same for libcurl */
	struct rw_smtp_features features;	/* as it said last */
	struct rw_mail *again;		/* given back by a dead connection */
	size_t again_count;
	size_t counts[LINK_BUSY + 1];	/* links in each state */
	size_t wanted;
	bool changed;			/* something that the caller waits
					 * for has happened */
	bool was_there;			/* it could be connected to, once */
	bool is_down;
	struct rw_err why;		/* the last failure to connect */
	size_t failures;		/* in a row */
	int64_t next_try_ms;
};

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
		smtp->counts[LINK_NONE] = n;
	}
	if (smtp == NULL || smtp->links == NULL || smtp->polls == NULL ||
	    smtp->waits == NULL) {
		rw_fail(err, RW_IO, "no memory for %zu connections", n);
	} else if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
		smtp->multi = curl_multi_init();
		if (smtp->multi != NULL && curl_multi_setopt(smtp->multi,
		    CURLMOPT_MAXCONNECTS, (long)(2 * n)) == CURLM_OK)
			return smtp;
		rw_fail(err, RW_IO, "no memory for libcurl");
	} else {
		rw_fail(err, RW_BUG, "libcurl cannot be used");
	}
	rw_smtp_delete(smtp);
	return NULL;
}

static void
set_state(struct rw_smtp *smtp, struct link *link, enum link_state state)
{
	smtp->counts[link->state]--;
	smtp->counts[state]++;
	link->state = state;
}

static void
close_link(struct rw_smtp *smtp, struct link *link)
{
	rw_smtp_disconnect(&link->connection, smtp->multi);
	rw_dialog_free(&link->dialog);
	link->mail = NULL;
	set_state(smtp, link, LINK_NONE);
}

/* A server that hears nothing but the end of the connection logs it as an
 * error; one that is slow to say goodbye is not waited for. */
static void
say_goodbye(struct rw_smtp *smtp)
{
	int64_t end = rw_clock_monotonic_ms() + QUIT_MS;
	const char *why;
	char bytes[512];
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == LINK_IDLE && rw_smtp_put(
		    &smtp->links[i].connection, "QUIT\r\n", 6, &why) != 6)
			close_link(smtp, &smtp->links[i]);
	for (i = 0; i < smtp->options.connections; i++) {
		struct link *link = &smtp->links[i];
		struct pollfd answer = {link->connection.fd, POLLIN, 0};
		int64_t left = end - rw_clock_monotonic_ms();

		if (link->state == LINK_IDLE && left > 0 &&
		    poll(&answer, 1, (int)left) > 0)
			rw_smtp_get(&link->connection, bytes, sizeof bytes,
				&why);
	}
}

void
rw_smtp_delete(struct rw_smtp *smtp)
{
	size_t i;

	if (smtp == NULL)
		return;
	if (smtp->multi != NULL) {
		say_goodbye(smtp);
		for (i = 0; i < smtp->options.connections; i++)
			close_link(smtp, &smtp->links[i]);
		curl_multi_cleanup(smtp->multi);
	}
	free(smtp->links);
	free(smtp->polls);
	free(smtp->waits);
	free(smtp);
}

static void
put_again(struct rw_smtp *smtp, struct rw_mail *mail)
{
	mail->next = smtp->again;
	smtp->again = mail;
	smtp->again_count++;
}

static struct rw_mail *
take_again(struct rw_smtp *smtp)
{
	struct rw_mail *mail = smtp->again;

	if (mail != NULL) {
		smtp->again = mail->next;
		smtp->again_count--;
	}
	return mail;
}

/* ---- connecting ---------------------------------------------------------- */

static void
report(struct rw_smtp *smtp, struct rw_mail *mail,
	const struct rw_err *failure)
{
	smtp->changed = true;
	smtp->options.report.done(smtp->options.report.context, mail, failure);
}

static void
go_down(struct rw_smtp *smtp)
{
	struct rw_mail *mail;

	smtp->is_down = true;
	smtp->changed = true;
	smtp->why.retryable = true;
	while ((mail = take_again(smtp)) != NULL)
		report(smtp, mail, &smtp->why);
}

/* While others are open, one that cannot be is no misfortune: many servers
 * allow only so many. */
static void
note_failure(struct rw_smtp *smtp, const struct rw_err *why)
{
	size_t open = smtp->counts[LINK_IDLE] + smtp->counts[LINK_BUSY];
	const int64_t *delays = smtp->was_there ? later_delays_ms :
		first_delays_ms;
	size_t most = smtp->was_there ?
		sizeof later_delays_ms / sizeof *delays :
		sizeof first_delays_ms / sizeof *delays;

	smtp->why = *why;
	smtp->next_try_ms = rw_clock_monotonic_ms();
	if (open > 0)
		smtp->next_try_ms += MORE_DELAY_MS;
	else if (!why->retryable || smtp->failures >= most)
		go_down(smtp);
	else
		smtp->next_try_ms += delays[smtp->failures++];
}

static void
open_link(struct rw_smtp *smtp, struct link *link)
{
	struct rw_err why;

	set_state(smtp, link, LINK_CONNECTING);
	if (rw_smtp_connect_start(&link->connection, smtp->multi,
	    &smtp->options.server, &why))
		return;
	close_link(smtp, link);
	note_failure(smtp, &why);
}

/* Until the first connection stands, only that one is tried. */
static void
open_links(struct rw_smtp *smtp)
{
	size_t n = smtp->options.connections, i;

	if (rw_clock_monotonic_ms() < smtp->next_try_ms)
		return;
	for (i = 0; i < n && !smtp->is_down; i++) {
		size_t coming = smtp->counts[LINK_CONNECTING];

		if (coming + smtp->counts[LINK_IDLE] >=
			smtp->wanted + smtp->again_count ||
		    (coming > 0 && (!smtp->was_there || smtp->failures > 0)))
			return;
		if (smtp->links[i].state == LINK_NONE)
			open_link(smtp, &smtp->links[i]);
	}
}

static struct link *
link_of(struct rw_smtp *smtp, CURL *easy)
{
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].connection.easy == easy)
			return &smtp->links[i];
	return NULL;
}

static void
end_connecting(struct rw_smtp *smtp, struct link *link, CURLcode code)
{
	struct rw_err why;

	if (!rw_smtp_connect_end(&link->connection, (int)code, &why)) {
		close_link(smtp, link);
		note_failure(smtp, &why);
		return;
	}
	smtp->was_there = true;
	smtp->failures = 0;
	smtp->features = link->connection.features;
	smtp->changed = true;
	rw_dialog_open(&link->dialog, &smtp->features);
	set_state(smtp, link, LINK_IDLE);
}

static void
drive_connecting(struct rw_smtp *smtp)
{
	struct CURLMsg *message;
	struct link *link;
	int n;

	if (smtp->counts[LINK_CONNECTING] == 0)
		return;
	curl_multi_perform(smtp->multi, &n);
	while ((message = curl_multi_info_read(smtp->multi, &n)) != NULL) {
		link = link_of(smtp, message->easy_handle);
		if (message->msg == CURLMSG_DONE && link != NULL)
			end_connecting(smtp, link, message->data.result);
	}
}

/* ---- talking ----------------------------------------------------------- */

static void
set_deadline(struct rw_smtp *smtp, struct link *link)
{
	link->deadline_ms = rw_clock_monotonic_ms() +
		(link->dialog.stage == RW_SMTP_DOT ?
		smtp->options.dot_timeout_ms : smtp->options.reply_timeout_ms);
}

static void
end_mail(struct rw_smtp *smtp, struct link *link)
{
	struct rw_mail *mail = link->mail;
	struct rw_err failure = link->dialog.failure;
	bool again = link->dialog.untouched;

	link->mail = NULL;
	if (link->dialog.broken)
		close_link(smtp, link);
	else
		set_state(smtp, link, LINK_IDLE);
	if (again && !smtp->is_down) {
		put_again(smtp, mail);
	} else {
		report(smtp, mail, failure.kind == RW_OK ? NULL : &failure);
	}
}

/* Sends what there is to send, until it would block. */
static void
put(struct rw_smtp *smtp, struct link *link, const char **lost)
{
	const char *bytes;
	size_t len;
	ssize_t n = 0;

	while (*lost == NULL &&
	    (len = rw_dialog_output(&link->dialog, &bytes)) > 0) {
		n = rw_smtp_put(&link->connection, bytes, len, lost);
		if (n <= 0)
			return;
		rw_dialog_sent(&link->dialog, (size_t)n);
		set_deadline(smtp, link);
	}
}

static void
get(struct rw_smtp *smtp, struct link *link, const char **lost)
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

/* The last words of a server that hangs up in the middle of the text say why:
 * they are read before the loss counts. */
static void
talk(struct rw_smtp *smtp, struct link *link)
{
	const char *put_lost = NULL, *get_lost = NULL;

	put(smtp, link, &put_lost);
	get(smtp, link, &get_lost);
	if (put_lost == NULL && get_lost == NULL)
		put(smtp, link, &put_lost);
	if (put_lost != NULL || get_lost != NULL)
		rw_dialog_lost(&link->dialog, get_lost != NULL ? get_lost :
			put_lost);
	else if (link->dialog.stage != RW_SMTP_ENDED &&
	    rw_clock_monotonic_ms() >= link->deadline_ms)
		rw_dialog_lost(&link->dialog, "the server did not answer in "
			"time");
	if (link->dialog.stage == RW_SMTP_ENDED)
		end_mail(smtp, link);
}

static void
start_mail(struct rw_smtp *smtp, struct link *link, struct rw_mail *mail)
{
	const char *lost = NULL;

	link->mail = mail;
	set_state(smtp, link, LINK_BUSY);
	rw_dialog_start(&link->dialog, mail);
	set_deadline(smtp, link);
	put(smtp, link, &lost);
	if (lost != NULL)
		talk(smtp, link);
}

static struct link *
idle_link(struct rw_smtp *smtp)
{
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == LINK_IDLE)
			return &smtp->links[i];
	return NULL;
}

/* Should that connection be dead as well, it is closed like the first; a new
 * one does not give a message back. */
static void
send_again(struct rw_smtp *smtp)
{
	struct rw_mail *mail;
	struct link *link;

	while (smtp->again != NULL && (link = idle_link(smtp)) != NULL) {
		mail = take_again(smtp);
		start_mail(smtp, link, mail);
	}
}

/* ---- waiting ----------------------------------------------------------- */

/* The time until something is due, at most timeout_ms. */
static int
wait_ms(const struct rw_smtp *smtp, int timeout_ms)
{
	int64_t now = rw_clock_monotonic_ms(), due = now + timeout_ms;
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == LINK_BUSY &&
		    smtp->links[i].deadline_ms < due)
			due = smtp->links[i].deadline_ms;
	if (smtp->next_try_ms > now && smtp->next_try_ms < due)
		due = smtp->next_try_ms;
	return due > now ? (int)(due - now) : 0;
}

static void
prepare(struct rw_smtp *smtp, int input_fd)
{
	size_t n = smtp->options.connections, i;
	const char *bytes;

	for (i = 0; i < n; i++) {
		struct link *link = &smtp->links[i];
		bool talks = link->state == LINK_IDLE ||
			link->state == LINK_BUSY;
		bool more = link->state == LINK_BUSY &&
			rw_dialog_output(&link->dialog, &bytes) > 0;

		smtp->polls[i] = (struct pollfd){
			.fd = talks ? link->connection.fd : -1,
			.events = more ? POLLIN | POLLOUT : POLLIN};
	}
	smtp->polls[n] = (struct pollfd){.fd = input_fd, .events = POLLIN};
}

/* While libcurl is connecting it waits for its own sockets and for ours. */
static bool
wait_with_libcurl(struct rw_smtp *smtp, int timeout_ms)
{
	size_t n = smtp->options.connections + 1, i;
	unsigned used = 0;
	bool ok;

	for (i = 0; i < n; i++)
		if (smtp->polls[i].fd >= 0)
			smtp->waits[used++] = (struct curl_waitfd){
				.fd = smtp->polls[i].fd,
				.events = (short)(CURL_WAIT_POLLIN |
				((smtp->polls[i].events & POLLOUT) != 0 ?
				CURL_WAIT_POLLOUT : 0))};
	ok = curl_multi_poll(smtp->multi, smtp->waits, used, timeout_ms,
		NULL) == CURLM_OK;
	for (i = n, used = ok ? used : 0; i-- > 0 && used > 0;)
		if (smtp->polls[i].fd >= 0)
			smtp->polls[i].revents = smtp->waits[--used].revents;
	return ok;
}

static bool
wait(struct rw_smtp *smtp, int input_fd, int timeout_ms, struct rw_err *err)
{
	prepare(smtp, input_fd);
	if (smtp->counts[LINK_CONNECTING] > 0)
		return wait_with_libcurl(smtp, timeout_ms) ||
			rw_fail(err, RW_BUG, "libcurl cannot wait");
	if (poll(smtp->polls, smtp->options.connections + 1, timeout_ms) >= 0
	    || errno == EINTR)
		return true;
	return rw_fail_errno(err, RW_IO, "cannot wait for the mail server");
}

static void
serve(struct rw_smtp *smtp)
{
	int64_t now = rw_clock_monotonic_ms();
	size_t i;

	for (i = 0; i < smtp->options.connections; i++) {
		struct link *link = &smtp->links[i];
		bool ready = smtp->polls[i].fd >= 0 &&
			smtp->polls[i].revents != 0;

		/* A server has nothing to say to a connection that waits,
		 * but that it ends it. */
		if (link->state == LINK_IDLE && ready)
			close_link(smtp, link);
		else if (link->state == LINK_BUSY &&
		    (ready || now >= link->deadline_ms))
			talk(smtp, link);
	}
}

bool
rw_smtp_poll(struct rw_smtp *smtp, int input_fd, int timeout_ms,
	bool *readable, struct rw_err *err)
{
	int64_t end = rw_clock_monotonic_ms() + timeout_ms, left;

	smtp->changed = false;
	do {
		open_links(smtp);
		left = smtp->changed ? 0 : end - rw_clock_monotonic_ms();
		if (!wait(smtp, input_fd, left > 0 ? wait_ms(smtp, (int)left) :
		    0, err))
			return false;
		*readable = smtp->polls[smtp->options.connections].revents
			!= 0;
		serve(smtp);
		drive_connecting(smtp);
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
	return smtp->again != NULL ? 0 : smtp->counts[LINK_IDLE];
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
			"and the mail server takes %llu", mail->len,
			(unsigned long long)f->max_size);
	return true;
}

void
rw_smtp_send(struct rw_smtp *smtp, struct rw_mail *mail)
{
	struct link *link = idle_link(smtp);

	if (link != NULL) {
		start_mail(smtp, link, mail);
		return;
	}
	put_again(smtp, mail);
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
		if (smtp->links[i].state == LINK_IDLE)
			return &smtp->links[i].connection;
	return NULL;
}
