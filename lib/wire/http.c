#include "wire/http.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"

enum { ANSWER_MAX = 1024 * 1024, HEAD_MAX = 65536, UPLOAD_BUFFER = 65536 };

struct rw_http {
	CURLM *multi;
	struct rw_http_options options;
	char *ca_file;
	CURL **idle;			/* handles to use again */
	size_t idle_count, idle_room;
	struct rw_http_call *running;	/* in no order */
	struct rw_http_call *ended, **last_ended;
};

/* ---- what libcurl calls back ------------------------------------------- */

static void
moved(struct rw_http_call *call)
{
	call->moved_ms = rw_clock_monotonic_ms();
}

static size_t
on_read(char *out, size_t size, size_t count, void *context)
{
	struct rw_http_call *call = context;
	const struct rw_http_body *body = &call->body;
	size_t room = size * count;
	ssize_t n;

	moved(call);
	if (room > body->len - call->sent)
		room = (size_t)(body->len - call->sent);
	if (room == 0)
		return 0;
	if (body->fd < 0) {
		memcpy(out, (const char *)body->bytes + call->sent, room);
		call->sent += room;
		return room;
	}
	do
		n = pread(body->fd, out, room,
			(off_t)(body->offset + call->sent));
	while (n < 0 && errno == EINTR);
	if (n <= 0) {
		call->local_errno = n < 0 ? errno : ENODATA;
		return CURL_READFUNC_ABORT;
	}
	call->sent += (uint64_t)n;
	return (size_t)n;
}

/* A kept connection may turn out to be closed after the body has begun. */
static int
on_seek(void *context, curl_off_t offset, int origin)
{
	struct rw_http_call *call = context;

	if (origin != SEEK_SET || offset < 0 ||
	    (uint64_t)offset > call->body.len)
		return CURL_SEEKFUNC_FAIL;
	call->sent = (uint64_t)offset;
	return CURL_SEEKFUNC_OK;
}

static size_t
on_header(char *bytes, size_t size, size_t count, void *context)
{
	struct rw_http_call *call = context;
	size_t len = size * count, i;
	bool in_name = true;
	char *room;

	moved(call);
	/* A second status line (after 100 Continue) begins a new head. */
	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		rw_buf_reset(&call->head);
		return len;
	}
	room = rw_buf_room(&call->head, len + 1);
	if (room == NULL)
		return 0;
	while (len > 0 && (bytes[len - 1] == '\n' || bytes[len - 1] == '\r'))
		len--;
	for (i = 0; i < len; i++) {
		in_name = in_name && bytes[i] != ':';
		room[i] = in_name ? (char)tolower((unsigned char)bytes[i]) :
			bytes[i];
	}
	room[len] = '\n';
	rw_buf_grown(&call->head, len + 1);
	return size * count;
}

static size_t
on_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct rw_http_call *call = context;
	size_t len = size * count;

	moved(call);
	if (call->takes_part && len > call->answer_max - call->answer.len) {
		rw_buf_add(&call->answer, bytes, call->answer_max -
			call->answer.len);
		return 0;
	}
	rw_buf_add(&call->answer, bytes, len);
	return call->answer.failed ? 0 : len;
}

/* ---- open and close ---------------------------------------------------- */

struct rw_http *
rw_http_new(const struct rw_http_options *options, struct rw_err *err)
{
	struct rw_http *http = calloc(1, sizeof *http);

	if (http == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		goto failed;
	http->options = *options;
	http->last_ended = &http->ended;
	if (options->connections == 0)
		http->options.connections = 8;
	if (options->connect_timeout_ms == 0)
		http->options.connect_timeout_ms = 10000;
	if (options->idle_timeout_ms == 0)
		http->options.idle_timeout_ms = 20000;
	if (options->ca_file != NULL) {
		if (access(options->ca_file, R_OK) != 0) {
			rw_fail_errno(err, RW_CONFIG, "cannot read %s",
				options->ca_file);
			rw_http_delete(http);
			return NULL;
		}
		http->ca_file = strdup(options->ca_file);
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
	while (http->running != NULL)
		rw_http_abandon(http, http->running);
	while (http->idle_count > 0)
		curl_easy_cleanup(http->idle[--http->idle_count]);
	curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	free(http->idle);
	free(http->ca_file);
	free(http);
}

void
rw_http_call_free(struct rw_http_call *call)
{
	rw_buf_free(&call->head);
	rw_buf_free(&call->answer);
}

/* ---- one call ---------------------------------------------------------- */

static CURL *
take_handle(struct rw_http *http)
{
	CURL *easy;

	if (http->idle_count == 0)
		return curl_easy_init();
	easy = http->idle[--http->idle_count];
	curl_easy_reset(easy);
	return easy;
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

static bool
add_header(struct curl_slist **list, const char *name, const char *value)
{
	struct curl_slist *longer;
	char *line;

	/* curl's way to send a header without a value is a semicolon. */
	if (asprintf(&line, *value != '\0' ? "%s: %s" : "%s;%s", name,
	    value) < 0)
		return false;
	longer = curl_slist_append(*list, line);
	free(line);
	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

static struct curl_slist *
header_list(const struct rw_http_call *call)
{
	/* Without it libcurl asks before it sends a body, and waits. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	size_t i;

	for (i = 0; list != NULL && i < call->header_count; i++)
		if (!add_header(&list, call->headers[i].name,
		    call->headers[i].value)) {
			curl_slist_free_all(list);
			return NULL;
		}
	return list;
}

#define SET(option, value) \
	(good = good && curl_easy_setopt(easy, option, value) == CURLE_OK)

static bool
set_up(const struct rw_http *http, struct rw_http_call *call, CURL *easy)
{
	bool good = true;

	SET(CURLOPT_PRIVATE, call);
	SET(CURLOPT_ERRORBUFFER, call->why);
	SET(CURLOPT_URL, call->url);
	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USERAGENT, "report-worker/" RW_VERSION);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS,
		(long)http->options.connect_timeout_ms);
	SET(CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
	SET(CURLOPT_HTTPHEADER, call->list);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, call);
	SET(CURLOPT_WRITEFUNCTION, on_answer);
	SET(CURLOPT_WRITEDATA, call);
	if (http->ca_file != NULL)
		SET(CURLOPT_CAINFO, http->ca_file);
	if (call->has_body) {
		SET(CURLOPT_UPLOAD, 1L);
		SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->body.len);
		SET(CURLOPT_READFUNCTION, on_read);
		SET(CURLOPT_READDATA, call);
		SET(CURLOPT_SEEKFUNCTION, on_seek);
		SET(CURLOPT_SEEKDATA, call);
	} else if (strcmp(call->method, "HEAD") == 0) {
		SET(CURLOPT_NOBODY, 1L);
	}
	SET(CURLOPT_CUSTOMREQUEST, call->method);
	return good;
}

bool
rw_http_start(struct rw_http *http, struct rw_http_call *call,
	struct rw_err *err)
{
	CURL *easy = take_handle(http);

	if (call->answer_max == 0)
		call->answer_max = ANSWER_MAX;
	rw_buf_reset(&call->head);
	rw_buf_reset(&call->answer);
	call->head.max = HEAD_MAX;
	call->answer.max = call->answer_max;
	call->end = RW_HTTP_OPEN;
	call->why[0] = '\0';
	call->status = call->local_errno = 0;
	call->sent = 0;
	call->easy = easy;
	call->list = header_list(call);
	moved(call);
	if (easy == NULL || call->list == NULL || !set_up(http, call, easy) ||
	    curl_multi_add_handle(http->multi, easy) != CURLM_OK) {
		curl_slist_free_all(call->list);
		curl_easy_cleanup(easy);
		call->easy = call->list = NULL;
		return rw_fail(err, RW_BUG, "libcurl takes no request");
	}
	call->next = http->running;
	http->running = call;
	return true;
}

/* Out of libcurl's hands and off the list of those that run. */
static void
detach(struct rw_http *http, struct rw_http_call *call)
{
	struct rw_http_call **at = &http->running;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->next = NULL;
	curl_multi_remove_handle(http->multi, call->easy);
	curl_slist_free_all(call->list);
	keep_handle(http, call->easy);
	call->easy = call->list = NULL;
}

void
rw_http_abandon(struct rw_http *http, struct rw_http_call *call)
{
	detach(http, call);
	snprintf(call->why, sizeof call->why, "abandoned");
	call->end = RW_HTTP_CUT;
}

static void
end(struct rw_http *http, struct rw_http_call *call, enum rw_http_end how)
{
	detach(http, call);
	call->end = how;
	*http->last_ended = call;
	http->last_ended = &call->next;
}

static enum rw_http_end
end_of(const struct rw_http_call *call, CURLcode code)
{
	static const struct {
		CURLcode code;
		enum rw_http_end end;
	} ends[] = {
		{CURLE_OK, RW_HTTP_ANSWERED},
		{CURLE_OPERATION_TIMEDOUT, RW_HTTP_TIMEOUT},
		{CURLE_PEER_FAILED_VERIFICATION, RW_HTTP_UNTRUSTED},
		{CURLE_SSL_CACERT_BADFILE, RW_HTTP_UNTRUSTED},
		{CURLE_SSL_ISSUER_ERROR, RW_HTTP_UNTRUSTED},
		{CURLE_ABORTED_BY_CALLBACK, RW_HTTP_LOCAL},
		{CURLE_READ_ERROR, RW_HTTP_LOCAL},
		{CURLE_WRITE_ERROR, RW_HTTP_CUT},
		{CURLE_PARTIAL_FILE, RW_HTTP_CUT},
		{CURLE_WEIRD_SERVER_REPLY, RW_HTTP_CUT},
		{CURLE_UNSUPPORTED_PROTOCOL, RW_HTTP_CUT},
		{CURLE_GOT_NOTHING, RW_HTTP_CUT},
		{CURLE_RECV_ERROR, RW_HTTP_CUT},
		{CURLE_SEND_ERROR, RW_HTTP_CUT},
	};
	size_t i;

	if (code == CURLE_WRITE_ERROR && call->takes_part &&
	    call->answer.len == call->answer_max)
		return RW_HTTP_ANSWERED;
	for (i = 0; i < sizeof ends / sizeof *ends; i++)
		if (ends[i].code == code)
			return ends[i].end;
	return RW_HTTP_UNREACHED;
}

/* What libcurl says of each call that it is done with. */
static void
collect(struct rw_http *http)
{
	struct rw_http_call *call;
	CURLMsg *message;
	CURLcode code;
	char *context;
	long status;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
			&context);
		call = (struct rw_http_call *)(void *)context;
		status = 0;
		curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE,
			&status);
		call->status = (int)status;
		if (call->why[0] == '\0')
			snprintf(call->why, sizeof call->why, "%s",
				curl_easy_strerror(code));
		if (call->local_errno != 0)
			snprintf(call->why, sizeof call->why, "%s",
				call->local_errno == ENODATA ?
				"the file became shorter" :
				strerror(call->local_errno));
		end(http, call, end_of(call, code));
	}
}

/* Ends calls where nothing moved for too long; returns the milliseconds until
 * the next one may be due, or -1. */
static int64_t
expire(struct rw_http *http)
{
	int64_t now = rw_clock_monotonic_ms(), soonest = -1, left;
	struct rw_http_call *call, *next;

	for (call = http->running; call != NULL; call = next) {
		next = call->next;
		left = call->moved_ms + http->options.idle_timeout_ms - now;
		if (left <= 0) {
			snprintf(call->why, sizeof call->why, "nothing moved "
				"for %lld seconds", (long long)
				http->options.idle_timeout_ms / 1000);
			end(http, call, RW_HTTP_TIMEOUT);
		} else if (soonest < 0 || left < soonest) {
			soonest = left;
		}
	}
	return soonest;
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

/* libcurl tells of input, but not of its end. */
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
		due = expire(http);
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

bool
rw_http_header(const struct rw_http_call *call, const char *name, char *out,
	size_t size)
{
	const char *line = rw_buf_text(&call->head), *end_of_line;
	size_t len = strlen(name), n;

	out[0] = '\0';
	for (; *line != '\0'; line = end_of_line + 1) {
		end_of_line = strchrnul(line, '\n');
		if (strncmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			while (*line == ' ' || *line == '\t')
				line++;
			n = (size_t)(end_of_line - line);
			if (n >= size)
				n = size - 1;
			memcpy(out, line, n);
			out[n] = '\0';
			return true;
		}
		if (*end_of_line == '\0')
			break;
	}
	return false;
}
