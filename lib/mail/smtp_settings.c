#include "mail/smtp_settings.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/text.h"
#include "mail/smtp_token.h"
#include "base/url.h"
#include "wire/config.h"
#include "wire/idn.h"
#include "wire/proxy.h"

enum { PORT_SUBMISSION = 587, PORT_SUBMISSIONS = 465 };

/* A part of the URI, decoded; owned. NULL when the URI has no such part. */
static char *
uri_part(CURLU *url, CURLUPart which, unsigned flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(url, which, &text, flags) != CURLUE_OK)
		return NULL;
	copy = *text != '\0' ? strdup(text) : NULL;
	curl_free(text);
	return copy;
}

static bool
is_host(const char *host)
{
	return host[strcspn(host, " /@?#%\\\t\r\n")] == '\0' &&
		!rw_text_has_control(host) && rw_idn_check(host, NULL);
}

/* The fault of a URI in which user, host and port are correct, or NULL. */
static const char *
find_fault(const struct rw_smtp_settings *settings, CURLU *url)
{
	char *path = uri_part(url, CURLUPART_PATH, 0);
	char *query = uri_part(url, CURLUPART_QUERY, 0);
	char *fragment = uri_part(url, CURLUPART_FRAGMENT, 0);
	const char *fault = NULL;

	if (query != NULL || fragment != NULL)
		fault = "nothing can follow HOST:PORT, and it has a \"?\" or "
			"a \"#\"";
	else if (path != NULL && strcmp(path, "/") != 0)
		fault = "nothing can follow HOST:PORT, and it has a path";
	else if (settings->host == NULL || !is_host(settings->host))
		fault = "its host is not a valid host name";
	free(path);
	free(query);
	free(fragment);
	return fault;
}

static const char *
take_parts(struct rw_smtp_settings *settings, CURLU *url)
{
	char *scheme = uri_part(url, CURLUPART_SCHEME, 0);
	char *port = uri_part(url, CURLUPART_PORT, 0);
	uint64_t number = 0;

	settings->host = uri_part(url, CURLUPART_HOST, 0);
	settings->user = uri_part(url, CURLUPART_USER, CURLU_URLDECODE);
	settings->password = uri_part(url, CURLUPART_PASSWORD,
		CURLU_URLDECODE);
	if (port != NULL)
		(void)rw_text_to_u64(port, 65535, &number);
	settings->server.port = (unsigned)number;
	if (scheme != NULL && strcmp(scheme, "smtps") == 0)
		settings->server.tls = RW_SMTP_TLS;
	free(scheme);
	free(port);
	return find_fault(settings, url);
}

/* No message shows the URI, because it may contain a password. */
static bool
take_uri(struct rw_smtp_settings *settings, const char *uri,
	struct rw_err *err)
{
	static const char name[] = "the mail server's URI";
	const char *fault = "it is malformed";
	CURLU *url;

	if (!rw_url_check_user(name, uri, err) ||
	    (rw_url_authority(uri) != uri &&
	    !rw_url_check_hosts(name, uri, false, err)))
		return false;
	url = curl_url();
	if (url != NULL && curl_url_set(url, CURLUPART_URL, uri,
	    0) == CURLUE_OK)
		fault = take_parts(settings, url);
	curl_url_cleanup(url);
	return fault == NULL || rw_fail(err, RW_CONFIG, "%s: %s; expected "
		"smtp://HOST:PORT or smtps://HOST:PORT", name, fault);
}

/* In a URL an IPv6 address needs brackets. */
static bool
take_host(struct rw_smtp_settings *settings, struct rw_err *err)
{
	const char *host = rw_config_text("SMTP_HOST", NULL);
	unsigned char binary[16];
	struct rw_buf out = {0};
	uint64_t port;

	if (host == NULL)
		return rw_fail(err, RW_CONFIG, "no mail transport is "
			"configured: set SMTP_HOST, SMTP_URI or "
			"RW_MAIL_TRANSPORT, or give --transport");
	if (!is_host(host))
		return rw_fail(err, RW_CONFIG, "SMTP_HOST is not a valid "
			"host name");
	if (!rw_config_u64("SMTP_PORT", 0, 1, 65535, &port, err))
		return false;
	rw_buf_addf(&out, inet_pton(AF_INET6, host, binary) == 1 ? "[%s]" :
		"%s", host);
	settings->host = rw_buf_take(&out);
	settings->server.port = (unsigned)port;
	if (port == PORT_SUBMISSIONS)
		settings->server.tls = RW_SMTP_TLS;
	return true;
}

/* A server may repeat user and password in its answers, also in the form of
 * AUTH PLAIN. */
static bool
know_credentials(const struct rw_smtp_settings *settings)
{
	struct rw_buf plain = {0};
	bool good;

	rw_buf_addf(&plain, "%c%s%c%s", 0, settings->user, 0,
		settings->password);
	good = plain.data != NULL && rw_secret_know(settings->password) &&
		rw_secret_know_bytes(plain.data, plain.len) &&
		rw_secret_know_proxies();
	if (plain.data != NULL)
		explicit_bzero(plain.data, plain.len);
	rw_buf_free(&plain);
	return good;
}

static bool
take_password(struct rw_smtp_settings *settings, struct rw_err *err)
{
	if (settings->user != NULL && settings->password != NULL)
		return know_credentials(settings) ||
			rw_fail_memory(err, "SMTP_PASSWORD");
	return (settings->user == NULL && settings->password == NULL) ||
		rw_fail(err, RW_CONFIG, "SMTP_USER and SMTP_PASSWORD: one is "
		"set without the other");
}

static bool
take_token(const struct rw_smtp_settings *settings, struct rw_err *err)
{
	if (settings->password != NULL)
		return rw_fail(err, RW_CONFIG, "both SMTP_TOKEN and "
			"SMTP_PASSWORD are set: expected one of them");
	return settings->user != NULL ? rw_secret_know_proxies() ||
		rw_fail_memory(err, "SMTP_TOKEN") : rw_fail(err, RW_CONFIG,
		"SMTP_TOKEN is set, but SMTP_USER is not");
}

static bool
take_secrets(struct rw_smtp_settings *settings, struct rw_err *err)
{
	const char *user = rw_config_text("SMTP_USER", NULL);
	bool *uses_token = &settings->server.uses_token;

	if (settings->user == NULL && user != NULL)
		settings->user = strdup(user);
	if (settings->password == NULL &&
	    !rw_config_secret("SMTP_PASSWORD", &settings->password, err))
		return false;
	return rw_smtp_token_is_set(uses_token, err) && (*uses_token ?
		take_token(settings, err) : take_password(settings, err));
}

/* An address in 127/8, but not a host name that begins with 127. */
static bool
is_this_host(const char *host)
{
	unsigned char address[4];

	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
		(inet_pton(AF_INET, host, address) == 1 && address[0] == 127);
}

static bool
take_tls(struct rw_smtp_settings *settings, struct rw_err *err)
{
	const char *secret = settings->server.uses_token ? "SMTP_TOKEN" :
		settings->password != NULL ? "SMTP_PASSWORD" : NULL;
	const char *proxy;
	bool tls;

	if (!rw_config_bool("SMTP_TLS", true, &tls, err))
		return false;
	if (tls)
		return true;
	if (settings->server.tls == RW_SMTP_TLS)
		return rw_fail(err, RW_CONFIG, "SMTP_TLS is false, but "
			"smtps and port 465 require TLS");
	if (secret != NULL && !is_this_host(settings->host))
		return rw_fail(err, RW_CONFIG, "SMTP_TLS is false: that would "
			"send %s to %s in the clear", secret, settings->host);
	proxy = secret == NULL ? NULL : rw_proxy_for_smtp(settings->host);
	if (proxy != NULL)
		return rw_fail(err, RW_CONFIG, "SMTP_TLS is false: that would "
			"send %s in the clear through the proxy that %s names "
			"(put %s into NO_PROXY)", secret, proxy,
			settings->host);
	settings->server.tls = RW_SMTP_PLAIN;
	return true;
}

bool
rw_smtp_settings_read(struct rw_smtp_settings *settings, const char *uri,
	struct rw_err *err)
{
	struct rw_smtp_server *server = &settings->server;

	*settings = (struct rw_smtp_settings){.server.tls = RW_SMTP_STARTTLS};
	if (!rw_proxy_check(RW_PROXY_SMTP, err) ||
	    !(uri != NULL ? take_uri(settings, uri, err) :
		take_host(settings, err)) ||
	    !take_secrets(settings, err) || !take_tls(settings, err)) {
		rw_smtp_settings_free(settings);
		return false;
	}
	server->host = settings->host;
	server->user = settings->user;
	server->password = settings->password;
	server->ca_file = rw_config_text("RW_CA_FILE", NULL);
	server->hello = rw_config_text("RW_SMTP_HELLO", NULL);
	if (server->port == 0)
		server->port = server->tls == RW_SMTP_TLS ?
			PORT_SUBMISSIONS : PORT_SUBMISSION;
	if (server->hello == NULL || is_host(server->hello))
		return true;
	rw_smtp_settings_free(settings);
	return rw_fail(err, RW_CONFIG, "RW_SMTP_HELLO is not a valid host "
		"name");
}

bool
rw_smtp_settings_renew_token(struct rw_smtp_settings *settings,
	struct rw_err *err)
{
	if (!rw_smtp_token_read(&settings->token, settings->user, err))
		return false;
	settings->server.token = settings->token;
	return true;
}

void
rw_smtp_settings_free(struct rw_smtp_settings *settings)
{
	free(settings->host);
	free(settings->user);
	rw_config_forget(settings->password);
	rw_config_forget(settings->token);
	*settings = (struct rw_smtp_settings){0};
}
