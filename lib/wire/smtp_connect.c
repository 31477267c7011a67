#include "wire/smtp_connect.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "wire/proxy.h"
#include "wire/smtp_answer.h"

/* The mechanisms that need only a user and a password, from which libcurl
 * chooses. GSSAPI and EXTERNAL are excluded, because they need further
 * credentials. */
#define PASSWORD_MECHANISMS "AUTH=SCRAM-SHA-256;AUTH=SCRAM-SHA-1;" \
	"AUTH=DIGEST-MD5;AUTH=CRAM-MD5;AUTH=NTLM;AUTH=PLAIN;AUTH=LOGIN"
#define TOKEN_MECHANISMS "AUTH=OAUTHBEARER;AUTH=XOAUTH2"

/* ---- listening in ------------------------------------------------------ */

static void
copy_line(char *out, size_t size, const char *bytes, size_t len)
{
	size_t n = 0;

	while (n < len && n + 1 < size && bytes[n] != '\r' &&
	    bytes[n] != '\n') {
		out[n] = bytes[n];
		n++;
	}
	out[n] = '\0';
}

/* OpenSSL's SSL *; NULL before TLS. */
static const void *
tls_of(const struct rw_smtp_connection *connection)
{
	struct curl_tlssessioninfo *info = NULL;

	return curl_easy_getinfo(connection->easy, CURLINFO_TLS_SSL_PTR,
		&info) == CURLE_OK && info != NULL ? info->internals : NULL;
}

/* Notes only the first word of our commands: the rest of AUTH is a secret. */
static void
note_command(struct rw_smtp_connection *connection, const char *bytes,
	size_t len)
{
	static const char *const commands[] = {"EHLO", "HELO", "STARTTLS",
		"AUTH"};
	size_t i, n;

	/* Text after AUTH is never a command, even if it looks like one. */
	if (strcmp(connection->stage, "AUTH") == 0)
		return;
	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		n = strlen(commands[i]);
		if (len >= n && memcmp(bytes, commands[i], n) == 0)
			strcpy(connection->stage, commands[i]);
	}
	rw_smtp_case_end(&connection->keywords);
	if (strcmp(connection->stage, "EHLO") != 0)
		return;
	/* Answers from before TLS cannot be trusted. */
	connection->features = (struct rw_smtp_features){0};
	rw_smtp_case_begin(&connection->keywords, connection->socket,
		tls_of(connection));
}

static int
note_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
	struct rw_smtp_connection *connection = context;

	(void)purpose;
	connection->socket = fd;
	return CURL_SOCKOPT_OK;
}

static int
on_debug(CURL *easy, curl_infotype type, char *data, size_t size,
	void *context)
{
	static const char cipher[] = "SSL connection using ";
	struct rw_smtp_connection *connection = context;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		note_command(connection, data, size);
	else if (type == CURLINFO_TEXT && size > sizeof cipher &&
	    memcmp(data, cipher, sizeof cipher - 1) == 0)
		copy_line(connection->cipher, sizeof connection->cipher,
			data + sizeof cipher - 1, size - sizeof cipher + 1);
	return 0;
}

static size_t
on_answer(char *data, size_t size, size_t count, void *context)
{
	struct rw_smtp_connection *connection = context;
	char *answer = connection->answer;

	copy_line(answer, sizeof connection->answer, data, size * count);
	if (strcmp(connection->stage, "EHLO") == 0 &&
	    strncmp(answer, "250", 3) == 0 && strlen(answer) > 4)
		rw_smtp_note_feature(&connection->features, answer + 4);
	if (strcmp(connection->stage, "AUTH") == 0 &&
	    strncmp(answer, "235", 3) == 0)
		connection->authenticated = true;
	return size * count;
}

/* ---- starting ---------------------------------------------------------- */

static char *
make_url(const struct rw_smtp_server *server)
{
	char *url = NULL;

	if (asprintf(&url, "%s://%s:%u/%s", server->tls == RW_SMTP_TLS ?
	    "smtps" : "smtp", server->host, server->port,
	    server->hello != NULL ? server->hello : "") < 0)
		return NULL;
	return url;
}

static CURLcode
configure(CURL *easy, struct rw_smtp_connection *connection)
{
	const struct rw_smtp_server *server = connection->server;
	CURLcode code = CURLE_OK;

#define SET(option, value) \
	code = code != CURLE_OK ? code : curl_easy_setopt(easy, option, value)
	SET(CURLOPT_URL, connection->url);
	SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(CURLOPT_CONNECT_ONLY, 1L);
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L);	/* no wait for the resolver */
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long)server->timeout_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)server->timeout_ms);
	SET(CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->timeout_ms / 1000
		+ 1);
	SET(CURLOPT_USE_SSL, server->tls == RW_SMTP_STARTTLS ?
		(long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (server->ca_file != NULL)
		SET(CURLOPT_CAINFO, server->ca_file);
	/* This connection never uses a proxy, whatever no_proxy is. */
	if (server->user != NULL && server->tls == RW_SMTP_PLAIN)
		SET(CURLOPT_PROXY, "");
	if (server->user != NULL) {
		SET(CURLOPT_USERNAME, server->user);
		SET(CURLOPT_LOGIN_OPTIONS, server->uses_token ?
			TOKEN_MECHANISMS : PASSWORD_MECHANISMS);
		SET(CURLOPT_PASSWORD, server->uses_token ? "" :
			server->password);
		SET(CURLOPT_XOAUTH2_BEARER, server->token);
	}
	SET(CURLOPT_ERRORBUFFER, connection->why);
	SET(CURLOPT_SOCKOPTFUNCTION, note_socket);
	SET(CURLOPT_SOCKOPTDATA, connection);
	SET(CURLOPT_HEADERFUNCTION, on_answer);
	SET(CURLOPT_HEADERDATA, connection);
	SET(CURLOPT_VERBOSE, 1L);
	SET(CURLOPT_DEBUGFUNCTION, on_debug);
	SET(CURLOPT_DEBUGDATA, connection);
	SET(CURLOPT_PRIVATE, connection);
#undef SET
	return code;
}

bool
rw_smtp_connect_start(struct rw_smtp_connection *connection, void *multi,
	const struct rw_smtp_server *server, struct rw_err *err)
{
	CURL *easy = curl_easy_init();
	CURLcode code;

	*connection = (struct rw_smtp_connection){.easy = easy, .fd = -1,
		.socket = -1, .server = server, .url = make_url(server)};
	strcpy(connection->stage, "connect");
	if (easy == NULL || connection->url == NULL)
		return rw_fail_memory(err, "a connection");
	code = configure(easy, connection);
	if (code != CURLE_OK)
		return rw_fail(err, RW_CONFIG, "cannot connect to %s: %s",
			server->host, curl_easy_strerror(code));
	return curl_multi_add_handle(multi, easy) == CURLM_OK ||
		rw_fail(err, RW_BUG, "libcurl refuses a connection");
}

/* ---- ending ------------------------------------------------------------ */

/* Shows only the code and enhanced code (RFC 3463) of an answer to AUTH: some
 * servers repeat the credentials, in various encodings. */
static void
keep_codes(char *answer)
{
	size_t n = strspn(answer, "0123456789"), end = n, i;

	if (n == 3 && (answer[n] == ' ' || answer[n] == '-')) {
		for (i = n + 1, n = 0; n < 3; n++) {
			size_t digits = strspn(answer + i, "0123456789");

			if (digits < 1 || digits > 3 ||
			    (n < 2 && answer[i + digits] != '.'))
				break;
			i += digits + (n < 2);
		}
		if (n == 3 && (answer[i] == ' ' || answer[i] == '\0'))
			end = i;
	}
	answer[end] = '\0';
}

static bool
is_final(CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION ||
		code == CURLE_USE_SSL_FAILED || code == CURLE_SSL_CACERT_BADFILE
		|| code == CURLE_OPERATION_TIMEDOUT ||
		code == CURLE_UNSUPPORTED_PROTOCOL ||
		code == CURLE_URL_MALFORMAT;
}

static bool
fail_connection(struct rw_smtp_connection *connection, CURLcode code,
	struct rw_err *err)
{
	const struct rw_smtp_server *server = connection->server;
	bool refused = connection->answer[0] == '4' ||
		connection->answer[0] == '5';
	/* An answer 334 to a token holds the reason. */
	bool denied = (code == CURLE_LOGIN_DENIED &&
		connection->answer[0] != '4') || (refused &&
		rw_smtp_is_about_login(atoi(connection->answer)));
	const char *why = connection->why[0] != '\0' ? connection->why :
		curl_easy_strerror(code);
	struct rw_buf answer = {0};
	struct rw_err failure;

	if (strcmp(connection->stage, "AUTH") == 0)
		keep_codes(connection->answer);
	rw_secret_hide_foreign(connection->answer);
	rw_secret_hide_foreign(connection->why);
	if (refused)
		rw_text_add_printable(&answer, connection->answer);
	if (code == CURLE_COULDNT_RESOLVE_PROXY)
		why = rw_proxy_failure(why);
	if (code == CURLE_USE_SSL_FAILED && !refused)
		why = "it offers no STARTTLS, and SMTP_TLS is not false";
	rw_fail(&failure, denied ? RW_CONFIG : RW_UNREACHABLE,
		"the mail server %s:%u cannot be used, at %s: %s%s%s",
		server->host, server->port, connection->stage, why,
		refused ? ": " : "", rw_buf_text(&answer));
	failure.retryable = !denied && !is_final(code);
	rw_buf_free(&answer);
	if (err != NULL)
		*err = failure;
	return false;
}

/* libcurl has tried none of the mechanisms, or continues without AUTH because
 * the server does not offer it, although a user is configured. */
static bool
fail_auth(const struct rw_smtp_connection *connection, struct rw_err *err)
{
	const struct rw_smtp_server *server = connection->server;
	const struct rw_smtp_features *features = &connection->features;

	if (!features->auth)
		return rw_fail(err, RW_CONFIG, "the mail server %s:%u offers "
			"no AUTH, and SMTP_USER is set", server->host,
			server->port);
	return rw_fail(err, RW_CONFIG, "the mail server %s:%u offers no AUTH "
		"mechanism that is supported here%s: it offers %s",
		server->host, server->port, server->uses_token ?
		" with SMTP_TOKEN" : "", features->mechanisms[0] != '\0' ?
		features->mechanisms : "none");
}

static bool
is_without_auth(const struct rw_smtp_connection *connection, CURLcode code)
{
	if (connection->server->user == NULL || connection->authenticated)
		return false;
	return code == CURLE_OK || (code == CURLE_LOGIN_DENIED &&
		strcmp(connection->stage, "EHLO") == 0);
}

bool
rw_smtp_connect_end(struct rw_smtp_connection *connection, int code,
	struct rw_err *err)
{
	curl_socket_t fd = CURL_SOCKET_BAD;
	char *address = NULL;

	rw_smtp_case_end(&connection->keywords);
	if (is_without_auth(connection, (CURLcode)code))
		return fail_auth(connection, err);
	if (code != CURLE_OK)
		return fail_connection(connection, (CURLcode)code, err);
	curl_easy_getinfo(connection->easy, CURLINFO_PRIMARY_IP, &address);
	if (address != NULL)
		copy_line(connection->address, sizeof connection->address,
			address, strlen(address));
	if (curl_easy_getinfo(connection->easy, CURLINFO_ACTIVESOCKET, &fd) !=
	    CURLE_OK || fd == CURL_SOCKET_BAD)
		return fail_connection(connection, CURLE_RECV_ERROR, err);
	connection->fd = fd;
	return true;
}

bool
rw_smtp_connect_is_refused(const struct rw_smtp_connection *connection)
{
	return connection->server->uses_token && !connection->authenticated &&
		strcmp(connection->stage, "AUTH") == 0 &&
		(connection->answer[0] == '5' || connection->answer[0] == '3');
}

void
rw_smtp_disconnect(struct rw_smtp_connection *connection, void *multi)
{
	rw_smtp_case_end(&connection->keywords);
	if (connection->easy != NULL) {
		curl_multi_remove_handle(multi, connection->easy);
		curl_easy_cleanup(connection->easy);
	}
	free(connection->url);
	*connection = (struct rw_smtp_connection){.fd = -1};
}

/* ---- talking ----------------------------------------------------------- */

ssize_t
rw_smtp_put(struct rw_smtp_connection *connection, const char *bytes,
	size_t len, const char **why)
{
	size_t n = 0;
	CURLcode code = curl_easy_send(connection->easy, bytes, len, &n);

	if (code == CURLE_OK)
		return (ssize_t)n;
	if (code == CURLE_AGAIN)
		return 0;
	*why = curl_easy_strerror(code);
	return -1;
}

ssize_t
rw_smtp_get(struct rw_smtp_connection *connection, char *bytes, size_t room,
	const char **why)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(connection->easy, bytes, room, &n);

	if (code == CURLE_AGAIN)
		return 0;
	if (code == CURLE_OK && n > 0)
		return (ssize_t)n;
	*why = code == CURLE_OK ? "the server closed it" :
		curl_easy_strerror(code);
	return -1;
}
