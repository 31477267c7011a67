#include <stdlib.h>

#include "mail/smtp_settings.h"
#include "tap.h"

static const char *const names[] = {"SMTP_HOST", "SMTP_PORT", "SMTP_USER",
	"SMTP_PASSWORD", "SMTP_PASSWORD_FILE", "SMTP_TLS", "RW_CA_FILE",
	"RW_SMTP_HELLO", "ALL_PROXY", "all_proxy", "SMTP_PROXY", "smtp_proxy",
	"NO_PROXY", "no_proxy"};

static const struct {
	const char *uri;
	const char *host, *port, *user, *password, *tls;
	const char *expected;	/* TLS HOST PORT USER PASSWORD; NULL: refused */
} cases[] = {
	{NULL, "h", NULL, NULL, NULL, NULL, "starttls h 587 - -"},
	{NULL, "h", "25", NULL, NULL, NULL, "starttls h 25 - -"},
	{NULL, "h", "465", NULL, NULL, NULL, "tls h 465 - -"},
	{NULL, "h", NULL, "u", "p", "yes", "starttls h 587 u p"},
	{NULL, "h", "25", NULL, NULL, "false", "plain h 25 - -"},
	{NULL, "h", NULL, NULL, NULL, "false", "plain h 587 - -"},
	{NULL, "127.0.0.1", NULL, "u", "p", "false",
		"plain 127.0.0.1 587 u p"},
	{NULL, "localhost", NULL, "u", "p", "false",
		"plain localhost 587 u p"},
	{NULL, "::1", NULL, "u", "p", "false", "plain [::1] 587 u p"},
	{NULL, "2001:db8::1", "2525", NULL, NULL, NULL,
		"starttls [2001:db8::1] 2525 - -"},
	{"smtp://h", NULL, NULL, NULL, NULL, NULL, "starttls h 587 - -"},
	{"smtp://h:2525", NULL, NULL, NULL, NULL, NULL,
		"starttls h 2525 - -"},
	{"smtp://h/", NULL, NULL, NULL, NULL, NULL, "starttls h 587 - -"},
	{"smtps://h", NULL, NULL, NULL, NULL, NULL, "tls h 465 - -"},
	{"smtps://h:587", NULL, NULL, NULL, NULL, NULL, "tls h 587 - -"},
	{"smtps://a%40b:c%2Fd%3A%25@h", NULL, NULL, NULL, NULL, NULL,
		"tls h 465 a@b c/d:%"},
	{"smtp://u:p@h", "other", "25", "v", "q", NULL, "starttls h 587 u p"},
	{"smtp://h", NULL, NULL, "u", "p", NULL, "starttls h 587 u p"},
	{"smtp://[::1]:25", NULL, NULL, NULL, NULL, "false",
		"plain [::1] 25 - -"},

	{NULL, NULL, "25", NULL, NULL, NULL, NULL},
	{NULL, "h", "0", NULL, NULL, NULL, NULL},
	{NULL, "h", "65536", NULL, NULL, NULL, NULL},
	{NULL, "h", NULL, "u", NULL, NULL, NULL},
	{NULL, "h", NULL, NULL, "p", NULL, NULL},
	{NULL, "h", NULL, "u", "p", "false", NULL},
	{NULL, "h", "465", NULL, NULL, "false", NULL},
	{NULL, "h", NULL, NULL, NULL, "perhaps", NULL},
	{NULL, "h/x", NULL, NULL, NULL, NULL, NULL},
	{NULL, "u@h", NULL, NULL, NULL, NULL, NULL},
	{NULL, "h\n", NULL, NULL, NULL, NULL, NULL},
	{NULL, "127.example.com", NULL, "u", "p", "false", NULL},
	{NULL, "127.0.0.1.example.com", NULL, "u", "p", "false", NULL},
	{NULL, "xn--ab-qa.example", NULL, NULL, NULL, NULL, NULL},
	{"smtp://xn--ab-qa.example", NULL, NULL, NULL, NULL, NULL, NULL},
	{NULL, "xn--bcher-kva.example", NULL, NULL, NULL, NULL,
		"starttls xn--bcher-kva.example 587 - -"},
	{"smtp://", NULL, NULL, NULL, NULL, NULL, NULL},
	{"smtp://h/x", NULL, NULL, NULL, NULL, NULL, NULL},
	{"smtp://h:port", NULL, NULL, NULL, NULL, NULL, NULL},
	{"smtps://h", NULL, NULL, NULL, NULL, "false", NULL},
	{"smtp://u:p@h", NULL, NULL, NULL, NULL, "false", NULL},
	{"smtp://u@h", NULL, NULL, NULL, NULL, NULL, NULL},
};

static void
set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static const char *
show(const struct rw_smtp_server *server)
{
	static const char *const tls[] = {[RW_SMTP_STARTTLS] = "starttls",
		[RW_SMTP_TLS] = "tls", [RW_SMTP_PLAIN] = "plain"};
	static char out[256];

	snprintf(out, sizeof out, "%s %s %u %s %s", tls[server->tls],
		server->host, server->port,
		server->user != NULL ? server->user : "-",
		server->password != NULL ? server->password : "-");
	return out;
}

/* Whether a password without TLS would go through a proxy. */
static const struct {
	const char *name, *except, *host;
	bool is_used;
} proxies[] = {
	{"ALL_PROXY", NULL, "localhost", true},
	{"all_proxy", NULL, "127.0.0.1", true},
	{"smtp_proxy", "", "::1", true},
	{"SMTP_PROXY", "example.com", "localhost", true},
	{"https_proxy", NULL, "localhost", false},
	{"http_proxy", NULL, "localhost", false},
	{"ALL_PROXY", "*", "localhost", false},
	{"ALL_PROXY", "x,LocalHost", "localhost", false},
	{"ALL_PROXY", "x localhost", "localhost", false},
	{"ALL_PROXY", "host", "localhost", true},
	{"ALL_PROXY", "127.0.0.0/8", "127.0.0.1", false},
	{"ALL_PROXY", "10.0.0.0/8,127.0.0.1", "127.0.0.1", false},
	{"ALL_PROXY", "10.0.0.0/8", "127.0.0.1", true},
	{"ALL_PROXY", "::1", "::1", false},
};

static void
test_proxies(void)
{
	struct rw_smtp_settings settings;
	struct rw_err err;
	size_t i;

	set("SMTP_USER", "u");
	set("SMTP_PASSWORD", "p");
	for (i = 0; i < sizeof proxies / sizeof *proxies; i++) {
		set("SMTP_TLS", "false");
		set("SMTP_HOST", proxies[i].host);
		set(proxies[i].name, "socks5h://proxy.example.com");
		set("NO_PROXY", proxies[i].except);
		ok(rw_smtp_settings_read(&settings, NULL, &err) ==
			!proxies[i].is_used, "%s, except %s, to %s",
			proxies[i].name, proxies[i].except != NULL ?
			proxies[i].except : "none", proxies[i].host);
		if (proxies[i].is_used)
			ok(err.kind == RW_CONFIG && strstr(err.message,
				proxies[i].name) != NULL, "%s", err.message);
		rw_smtp_settings_free(&settings);
		set("SMTP_TLS", "true");
		ok(rw_smtp_settings_read(&settings, NULL, &err), "with TLS");
		rw_smtp_settings_free(&settings);
		set(proxies[i].name, NULL);
	}
}

int
main(void)
{
	struct rw_smtp_settings settings;
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good;

		set("SMTP_HOST", cases[i].host);
		set("SMTP_PORT", cases[i].port);
		set("SMTP_USER", cases[i].user);
		set("SMTP_PASSWORD", cases[i].password);
		set("SMTP_TLS", cases[i].tls);
		good = rw_smtp_settings_read(&settings, cases[i].uri, &err);
		is(good ? show(&settings.server) : NULL, cases[i].expected,
			"settings %zu", i);
		if (!good)
			ok(err.kind == RW_CONFIG && strstr(err.message, ":p@")
				== NULL, "%s", err.message);
		rw_smtp_settings_free(&settings);
	}
	test_proxies();
	return done();
}
