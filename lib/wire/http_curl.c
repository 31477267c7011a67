#include "wire/http_curl_priv.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/secret.h"
#include "wire/proxy.h"

enum {
	ANSWER_MAX = 1024 * 1024,
	HEAD_MAX = 65536,
	UPLOAD_BUFFER = 65536,
	SOCKETS_MAX = 8192,	/* descriptors that may be a socket */
};

/* ---- what libcurl calls back ------------------------------------------- */

static void
moved(struct rw_http_call *call, uint64_t bytes)
{
	call->moved_ms = rw_clock_monotonic_ms();
	rw_budget_left_ms(&call->budget, call->moved_ms);
	rw_budget_earn(&call->budget, bytes);
}

static size_t
on_read(char *out, size_t size, size_t count, void *context)
{
	struct rw_http_call *call = context;
	const struct rw_http_body *body = &call->body;
	size_t room = size * count;
	ssize_t n;

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

/* A persistent connection may turn out to be closed after the body has
 * begun. */
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

	/* A second status line (after 100 Continue) begins a new head. */
	if (len >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
		rw_buf_reset(&call->head);
		return call->heads++ > RW_HTTP_INTERIM_MAX ? 0 : len;
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

	moved(call, len);
	if (call->takes_part && len > call->answer_max - call->answer.len) {
		rw_buf_add(&call->answer, bytes, call->answer_max -
			call->answer.len);
		return 0;
	}
	rw_buf_add(&call->answer, bytes, len);
	return call->answer.failed ? 0 : len;
}

/* ---- setting up -------------------------------------------------------- */

static bool
add_header(struct curl_slist **list, const char *name, const char *value)
{
	struct curl_slist *longer;
	char *line;

	/* curl requires a semicolon to send a header field without a value. */
	if (asprintf(&line, *value != '\0' ? "%s: %s" : "%s;%s", name,
	    value) < 0)
		return false;
	longer = curl_slist_append(*list, line);
	free(line);
	if (longer != NULL)
		*list = longer;
	return longer != NULL;
}

static bool
has_header(const struct rw_http_call *call, const char *name)
{
	size_t i;

	for (i = 0; i < call->header_count; i++)
		if (strcmp(call->headers[i].name, name) == 0)
			return true;
	return false;
}

/* Also removes two fields that libcurl would add: Expect, after which it waits
 * before it sends a body, and Content-Type, which would call a short body a
 * form. */
static struct curl_slist *
header_list(const struct rw_http_call *call)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *longer;
	size_t i;

	if (list != NULL && !has_header(call, "content-type")) {
		longer = curl_slist_append(list, "Content-Type:");
		if (longer == NULL)
			goto failed;
		list = longer;
	}
	for (i = 0; list != NULL && i < call->header_count; i++)
		if (!add_header(&list, call->headers[i].name,
		    call->headers[i].value))
			goto failed;
	return list;
failed:
	curl_slist_free_all(list);
	return NULL;
}

#define SET(option, value) \
	(good = good && curl_easy_setopt(easy, option, value) == CURLE_OK)

void *
rw_http_curl_new(const struct rw_http_options *options)
{
	CURL *easy = curl_easy_init();
	bool good = easy != NULL;

	SET(CURLOPT_PATH_AS_IS, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_NOSIGNAL, 1L);
	/* An aborted call need not wait for the resolver's thread. */
	SET(CURLOPT_QUICK_EXIT, 1L);
	SET(CURLOPT_USERAGENT, "report-worker/" RW_VERSION);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
	SET(CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_WRITEFUNCTION, on_answer);
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_SEEKFUNCTION, on_seek);
	if (options->ca_file != NULL)
		SET(CURLOPT_CAINFO, options->ca_file);
	if (good)
		return easy;
	curl_easy_cleanup(easy);
	return NULL;
}

/* A short body in memory is sent together with the head in one send(2). libcurl
 * does this only for what it regards as a form. */
static bool
set_body(struct rw_http_call *call, CURL *easy)
{
	const struct rw_http_body *body = &call->body;
	bool good = true;

	if (body->fd < 0 && body->len < RW_HTTP_SHORT_BODY) {
		SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
		SET(CURLOPT_POSTFIELDS, body->bytes != NULL ?
			(const char *)body->bytes : "");
		return good;
	}
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)body->len);
	SET(CURLOPT_READDATA, call);
	SET(CURLOPT_SEEKDATA, call);
	return good;
}

static bool
set_up(struct rw_http_call *call)
{
	CURL *easy = call->easy;
	bool good = true;

	SET(CURLOPT_PRIVATE, call);
	SET(CURLOPT_ERRORBUFFER, call->why);
	SET(CURLOPT_URL, call->url);
	SET(CURLOPT_HTTPHEADER, call->list);
	SET(CURLOPT_HEADERDATA, call);
	SET(CURLOPT_WRITEDATA, call);
	/* Resets options of the last call: a request body, or an answer without
	 * a body. */
	SET(CURLOPT_HTTPGET, 1L);
	if (call->has_body)
		good = good && set_body(call, easy);
	else if (strcmp(call->method, "HEAD") == 0)
		SET(CURLOPT_NOBODY, 1L);
	SET(CURLOPT_CUSTOMREQUEST, call->method);
	return good;
}

bool
rw_http_curl_begin(struct rw_http_call *call, void *easy,
	const struct rw_http_options *options)
{
	int64_t now = rw_clock_monotonic_ms();

	if (call->answer_max == 0)
		call->answer_max = ANSWER_MAX;
	rw_buf_reset(&call->head);
	rw_buf_reset(&call->answer);
	call->head.max = HEAD_MAX;
	call->answer.max = call->answer_max;
	call->end = RW_HTTP_OPEN;
	call->why[0] = '\0';
	call->status = call->local_errno = 0;
	call->sent = call->taken_now = 0;
	call->heads = 0;
	call->fd = -1;
	call->moved_ms = call->looked_ms = now;
	rw_budget_start(&call->budget, options->stall_ms, options->least_rate,
		now);
	call->easy = easy;
	call->list = header_list(call);
	return call->list != NULL && set_up(call);
}

void *
rw_http_curl_release(struct rw_http_call *call)
{
	void *easy = call->easy;

	curl_slist_free_all(call->list);
	call->easy = call->list = NULL;
	return easy;
}

/* ---- progress and the outcome ------------------------------------------ */

static unsigned
port_of(int fd, int (*name)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage address = {0};
	socklen_t len = sizeof address;

	if (name(fd, (struct sockaddr *)&address, &len) != 0)
		return 0;
	if (address.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&address)->sin_port);
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return 0;
}

/* The socket of the call. libcurl names the socket of a finished transfer, and
 * only the ports of a running one. */
static int
find_socket(CURL *easy)
{
	long here = 0, there = 0;
	int fd;

	curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &here);
	curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &there);
	for (fd = 0; here > 0 && fd < SOCKETS_MAX; fd++)
		if (port_of(fd, getsockname) == (unsigned)here &&
		    port_of(fd, getpeername) == (unsigned)there)
			return fd;
	return -1;
}

/* The peer has not received the bytes in the kernel's buffer. */
static uint64_t
unsent(struct rw_http_call *call)
{
	int bytes = 0;

	if (call->fd < 0)
		call->fd = find_socket(call->easy);
	if (call->fd < 0 || ioctl(call->fd, TIOCOUTQ, &bytes) != 0 ||
	    bytes < 0)
		return 0;
	return (uint64_t)bytes;
}

uint64_t
rw_http_curl_look(struct rw_http_call *call, bool is_ended, int64_t now_ms)
{
	curl_off_t sent = 0;
	uint64_t rest = 0, taken, fresh;

	call->looked_ms = now_ms;
	curl_easy_getinfo(call->easy, CURLINFO_SIZE_UPLOAD_T, &sent);
	if (sent > 0 && !is_ended)
		rest = unsent(call);
	taken = (uint64_t)sent > rest ? (uint64_t)sent - rest : 0;
	if (taken > call->taken_now) {
		moved(call, taken - call->taken_now);
		call->taken_now = taken;
	}
	fresh = taken > call->taken ? taken - call->taken : 0;
	call->taken += fresh;
	return fresh;
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

enum rw_http_end
rw_http_curl_result(struct rw_http_call *call, int code)
{
	long status = 0, proxy = 0;

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_HTTP_CONNECTCODE, &proxy);
	call->status = (int)status;
	if (call->why[0] == '\0')
		snprintf(call->why, sizeof call->why, "%s",
			curl_easy_strerror((CURLcode)code));
	rw_secret_hide_foreign(call->why);
	if (code == CURLE_COULDNT_RESOLVE_PROXY &&
	    rw_proxy_failure(call->why) != call->why)
		snprintf(call->why, sizeof call->why, "%s",
			rw_proxy_failure(call->why));
	if (code == CURLE_WRITE_ERROR && call->answer.failed)
		snprintf(call->why, sizeof call->why, "it is longer than %zu "
			"bytes", call->answer_max);
	if (call->heads > RW_HTTP_INTERIM_MAX + 1)
		snprintf(call->why, sizeof call->why, "more than %d interim "
			"answers (1xx)", RW_HTTP_INTERIM_MAX);
	if (call->local_errno != 0)
		snprintf(call->why, sizeof call->why, "%s",
			call->local_errno == ENODATA ?
			"the file became shorter" :
			strerror(call->local_errno));
	if (code != CURLE_OK && proxy == 407) {
		snprintf(call->why, sizeof call->why, "the proxy answers 407 "
			"(" RW_PROXY_407 ")");
		return RW_HTTP_UNREACHED;
	}
	return end_of(call, (CURLcode)code);
}
