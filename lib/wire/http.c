#include "wire/http.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/secret.h"
#include "wire/http_curl_priv.h"
#include "wire/proxy.h"

struct rw_http {
	CURLM *multi;
	struct rw_http_options options;
	char *ca_file;
	CURL **idle;			/* handles to use again */
	size_t idle_count, idle_room;
	struct rw_http_call *running;	/* in no order */
	struct rw_http_call *ended, **last_ended;
	uint64_t taken;			/* bytes of all bodies */
};

enum { LOOK_MS = 500 };		/* how often the progress of calls is checked */

/* ---- open and close ---------------------------------------------------- */

struct rw_http *
rw_http_new(const struct rw_http_options *options, struct rw_err *err)
{
	struct rw_http *http;

	if (!rw_proxy_check(RW_PROXY_HTTP, err))
		return NULL;
	http = calloc(1, sizeof *http);
	if (http == NULL || !rw_secret_know_proxies() ||
	    curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto failed;
	http->options = *options;
	http->last_ended = &http->ended;
	if (options->connections == 0)
		http->options.connections = 8;
	if (options->connect_timeout_ms == 0)
		http->options.connect_timeout_ms = 10000;
	if (options->stall_ms == 0)
		http->options.stall_ms = 20000;
	if (options->least_rate == 0)
		http->options.least_rate = 1024;
	if (options->ca_file != NULL) {
		if (access(options->ca_file, R_OK) != 0) {
			rw_fail_errno(err, RW_CONFIG, "RW_CA_FILE: cannot "
				"read %s",
				options->ca_file);
			rw_http_delete(http);
			return NULL;
		}
		http->ca_file = strdup(options->ca_file);
		http->options.ca_file = http->ca_file;
	}
	http->multi = curl_multi_init();
	if (http->multi == NULL ||
	    (options->ca_file != NULL && http->ca_file == NULL) ||
	    curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS,
	    (long)http->options.connections) != CURLM_OK)
		goto failed;
	return http;
failed:
	rw_http_delete(http);
	rw_fail(err, RW_BUG, "libcurl cannot be set up");
	return NULL;
}

void
rw_http_delete(struct rw_http *http)
{
	if (http == NULL)
		return;
	rw_http_abandon(http);
	while (http->idle_count > 0)
		curl_easy_cleanup(http->idle[--http->idle_count]);
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	free(http->idle);
	free(http->ca_file);
	free(http);
}

/* ---- calls ------------------------------------------------------------- */

static CURL *
take_handle(struct rw_http *http)
{
	if (http->idle_count == 0)
		return rw_http_curl_new(&http->options);
	return http->idle[--http->idle_count];
}

static void
keep_handle(struct rw_http *http, CURL *easy)
{
	size_t room = http->idle_room != 0 ? 2 * http->idle_room : 16;
	CURL **idle;

	if (http->idle_count == http->idle_room) {
		idle = realloc(http->idle, room * sizeof(CURL *));
		if (idle == NULL) {
			curl_easy_cleanup(easy);
			return;
		}
		http->idle = idle;
		http->idle_room = room;
	}
	http->idle[http->idle_count++] = easy;
}

bool
rw_http_start(struct rw_http *http, struct rw_http_call *call,
	struct rw_err *err)
{
	CURL *easy = take_handle(http);

	if (easy == NULL)
		return rw_fail(err, RW_BUG, "libcurl cannot create a handle");
	if (!rw_http_curl_begin(call, easy, &http->options) ||
	    curl_multi_add_handle(http->multi, easy) != CURLM_OK) {
		curl_easy_cleanup(rw_http_curl_release(call));
		return rw_fail(err, RW_BUG, "libcurl rejects the request");
	}
	call->next = http->running;
	http->running = call;
	return true;
}

/* Removes the call from libcurl and from the list of running calls. */
static void
detach(struct rw_http *http, struct rw_http_call *call)
{
	struct rw_http_call **at = &http->running;

	while (*at != NULL && *at != call)
		at = &(*at)->next;
	if (*at != NULL)
		*at = call->next;
	call->next = NULL;
	curl_multi_remove_handle(http->multi, call->easy);
	keep_handle(http, rw_http_curl_release(call));
}

void
rw_http_abandon(struct rw_http *http)
{
	while (http->running != NULL)
		detach(http, http->running);
	http->ended = NULL;
	http->last_ended = &http->ended;
}

static void
look(struct rw_http *http, struct rw_http_call *call, bool is_ended,
	int64_t now)
{
	http->taken += rw_http_curl_look(call, is_ended, now);
}

static void
end(struct rw_http *http, struct rw_http_call *call, enum rw_http_end how)
{
	look(http, call, how == RW_HTTP_ANSWERED, rw_clock_monotonic_ms());
	detach(http, call);
	call->end = how;
	*http->last_ended = call;
	http->last_ended = &call->next;
}

/* Ends the calls that libcurl has finished. */
static void
collect(struct rw_http *http)
{
	struct rw_http_call *call;
	CURLMsg *message;
	char *context;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
			&context);
		call = (struct rw_http_call *)(void *)context;
		end(http, call, rw_http_curl_result(call,
			(int)message->data.result));
	}
}

static void
expire(struct rw_http *http, struct rw_http_call *call, int64_t now)
{
	long long seconds = (long long)http->options.stall_ms / 1000;

	/* Only the position of the beginning has changed. */
	if (now - call->moved_ms > http->options.stall_ms / 2)
		snprintf(call->why, sizeof call->why, "no data was "
			"transferred for %lld seconds", seconds);
	else
		snprintf(call->why, sizeof call->why, "less than %lld bytes a "
			"second were transferred for %lld seconds",
			(long long)http->options.least_rate, seconds);
	end(http, call, RW_HTTP_TIMEOUT);
}

/* Ends calls without enough progress; returns the milliseconds until the next
 * check is due, or -1. */
static int64_t
watch(struct rw_http *http)
{
	int64_t now = rw_clock_monotonic_ms(), soonest = -1, left;
	struct rw_http_call *call, *next;

	for (call = http->running; call != NULL; call = next) {
		next = call->next;
		left = rw_budget_left_ms(&call->budget, now);
		if (left == 0 || now - call->looked_ms >= LOOK_MS) {
			look(http, call, false, now);
			left = rw_budget_left_ms(&call->budget, now);
		}
		if (left == 0) {
			expire(http, call, now);
			continue;
		}
		left = left < LOOK_MS ? left : LOOK_MS;
		if (soonest < 0 || left < soonest)
			soonest = left;
	}
	return soonest;
}

void
rw_http_give_up(struct rw_http *http, const char *why)
{
	while (http->running != NULL) {
		snprintf(http->running->why, sizeof http->running->why, "%s",
			why);
		end(http, http->running, RW_HTTP_TIMEOUT);
	}
}

uint64_t
rw_http_taken(const struct rw_http *http)
{
	return http->taken;
}

struct rw_http_call *
rw_http_next(struct rw_http *http)
{
	struct rw_http_call *call = http->ended;

	if (call == NULL)
		return NULL;
	http->ended = call->next;
	if (http->ended == NULL)
		http->last_ended = &http->ended;
	call->next = NULL;
	return call;
}

static int
soonest_of(int64_t a, int64_t b)
{
	int64_t ms = a < 0 ? b : b < 0 || a < b ? a : b;

	return ms < 0 ? 60000 : ms > 60000 ? 60000 : (int)ms;
}

/* libcurl reports input, but not its end. */
static bool
can_read(int fd)
{
	struct pollfd input = {.fd = fd, .events = POLLIN};

	return fd >= 0 && poll(&input, 1, 0) > 0;
}

bool
rw_http_wait(struct rw_http *http, int input_fd, int64_t timeout_ms,
	bool *has_input, struct rw_err *err)
{
	int64_t until = timeout_ms < 0 ? -1 :
		rw_clock_monotonic_ms() + timeout_ms, left = timeout_ms, due;
	struct curl_waitfd input = {.fd = input_fd, .events = CURL_WAIT_POLLIN};
	int running;

	*has_input = false;
	for (;;) {
		if (curl_multi_perform(http->multi, &running) != CURLM_OK)
			break;
		collect(http);
		due = watch(http);
		if (http->ended != NULL || left == 0 || *has_input)
			return true;
		if (curl_multi_poll(http->multi, input_fd < 0 ? NULL : &input,
		    input_fd < 0 ? 0 : 1, soonest_of(due, left), NULL) !=
		    CURLM_OK)
			break;
		*has_input = can_read(input_fd);
		if (until >= 0) {
			left = until - rw_clock_monotonic_ms();
			left = left < 0 ? 0 : left;
		}
	}
	return rw_fail(err, RW_IO, "libcurl cannot wait for its connections");
}
