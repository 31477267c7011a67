#include "mail/smtp_priv.h"

#include <curl/curl.h>
#include <poll.h>

#include "base/clock.h"

/* The delays before the next attempt, by the number of consecutive failures. A
 * server that was reachable before is given enough time for a restart. */
static const int64_t first_delays_ms[] = {250, 1000};
static const int64_t later_delays_ms[] = {250, 1000, 2000, 4000, 8000};

enum { MORE_DELAY_MS = 10000, QUIT_MS = 1000 };

/* ---- connecting --------------------------------------------------------- */

/* While other connections are open, a failure to open one more is not an error,
 * because many servers limit the number of connections. */
static void
note_failure(struct rw_smtp *smtp, const struct rw_err *why)
{
	size_t open = smtp->counts[RW_SMTP_LINK_IDLE] +
		smtp->counts[RW_SMTP_LINK_BUSY];
	const int64_t *delays = smtp->was_reached ? later_delays_ms :
		first_delays_ms;
	size_t most = smtp->was_reached ?
		sizeof later_delays_ms / sizeof *delays :
		sizeof first_delays_ms / sizeof *delays;

	smtp->why = *why;
	smtp->next_try_ms = rw_clock_monotonic_ms();
	if (open > 0)
		smtp->next_try_ms += MORE_DELAY_MS;
	else if (!why->retryable || smtp->failures >= most)
		rw_smtp_go_down(smtp);
	else
		smtp->next_try_ms += delays[smtp->failures++];
}

static void
open_link(struct rw_smtp *smtp, struct rw_smtp_link *link)
{
	struct rw_err why;

	rw_smtp_link_set_state(smtp, link, RW_SMTP_LINK_CONNECTING);
	if (rw_smtp_login_prepare(smtp, link, &why) &&
	    rw_smtp_connect_start(&link->connection, smtp->multi,
	    &smtp->options.server, &why))
		return;
	rw_smtp_link_close(smtp, link);
	note_failure(smtp, &why);
}

/* Until the first connection is open, only one attempt is made at a time. */
void
rw_smtp_links_open(struct rw_smtp *smtp)
{
	size_t n = smtp->options.connections, i;

	if (rw_clock_monotonic_ms() < smtp->next_try_ms)
		return;
	for (i = 0; i < n && !smtp->is_down; i++) {
		size_t coming = smtp->counts[RW_SMTP_LINK_CONNECTING];

		if (coming + smtp->counts[RW_SMTP_LINK_IDLE] >=
			smtp->wanted + smtp->again_count ||
		    (coming > 0 && (!smtp->was_reached || smtp->failures > 0)))
			return;
		if (smtp->links[i].state == RW_SMTP_LINK_NONE)
			open_link(smtp, &smtp->links[i]);
	}
}

static struct rw_smtp_link *
link_of(struct rw_smtp *smtp, CURL *easy)
{
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].connection.easy == easy)
			return &smtp->links[i];
	return NULL;
}

static void
end_connecting(struct rw_smtp *smtp, struct rw_smtp_link *link, CURLcode code)
{
	struct rw_err why;
	bool again;

	if (!rw_smtp_connect_end(&link->connection, (int)code, &why)) {
		again = rw_smtp_login_renew(smtp, link, &why);
		rw_smtp_link_close(smtp, link);
		if (!again)
			note_failure(smtp, &why);
		return;
	}
	smtp->token_is_unproved = false;
	smtp->was_reached = true;
	smtp->failures = 0;
	smtp->features = link->connection.features;
	smtp->changed = true;
	rw_dialog_open(&link->dialog, &smtp->features);
	rw_smtp_link_set_state(smtp, link, RW_SMTP_LINK_IDLE);
}

void
rw_smtp_links_drive(struct rw_smtp *smtp)
{
	struct CURLMsg *message;
	struct rw_smtp_link *link;
	int n;

	if (smtp->counts[RW_SMTP_LINK_CONNECTING] == 0)
		return;
	curl_multi_perform(smtp->multi, &n);
	while ((message = curl_multi_info_read(smtp->multi, &n)) != NULL) {
		link = link_of(smtp, message->easy_handle);
		if (message->msg == CURLMSG_DONE && link != NULL)
			end_connecting(smtp, link, message->data.result);
	}
}

/* ---- closing ------------------------------------------------------------- */

/* A server logs a connection that ends without QUIT as an error. The wait for
 * the answer to QUIT is short. */
void
rw_smtp_links_quit(struct rw_smtp *smtp)
{
	int64_t end = rw_clock_monotonic_ms() + QUIT_MS;
	const char *why;
	char bytes[512];
	size_t i;

	for (i = 0; i < smtp->options.connections; i++)
		if (smtp->links[i].state == RW_SMTP_LINK_IDLE && rw_smtp_put(
		    &smtp->links[i].connection, "QUIT\r\n", 6, &why) != 6)
			rw_smtp_link_close(smtp, &smtp->links[i]);
	for (i = 0; i < smtp->options.connections; i++) {
		struct rw_smtp_link *link = &smtp->links[i];
		struct pollfd answer = {link->connection.fd, POLLIN, 0};
		int64_t left = end - rw_clock_monotonic_ms();

		if (link->state == RW_SMTP_LINK_IDLE && left > 0 &&
		    poll(&answer, 1, (int)left) > 0)
			rw_smtp_get(&link->connection, bytes, sizeof bytes,
				&why);
	}
}
