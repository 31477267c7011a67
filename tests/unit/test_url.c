#include "base/url.h"

#include <stdlib.h>

#include "wire/proxy.h"
#include "tap.h"

/* Passwords as people paste them into a URL; none may be taken. */
static const char *const hostile[] = {
	"SEC@RET", "@SECRET", "SECRET@", "SEC@@RET", "SEC:RET", "SEC/RET",
	"/SECRET", "SEC//RET", "SEC?RET", "?SECRET", "SEC?x=RET&y=@RET",
	"SEC#RET", "#SECRET", "SECRET#", "SEC%RET", "SECRET%", "SECRET%4",
	"SEC%zzRET", "%%SECRET", "SEC%00RET", "SEC RET", "SEC\tRET",
	"SEC\nRET", "SEC\x7fRET", "9/SECRET@x", "27017/SECRET", "://SECRET",
	"SEC://RET", "SECRET@h:1", "SEC[RET/", "SEC\"RET/", "SEC'RET@",
	"SEC\\RET?", "SEC,RET@", "SEC;RET#", "SEC\xc3\xa4RET@", "@", "/", "?",
	"#", "%", ":", "@:/?#%SECRET",
};

/* What surrounds USER:PASSWORD. */
static const char *const shapes[][2] = {
	{"mongodb://u:", "@h:27017/db"}, {"mongodb+srv://u:", "@h/"},
	{"mongodb://u:", "@a:1,b:2/db?replicaSet=r"},
	{"smtp://u:", "@h:587"}, {"smtps://u:", "@h"},
	{"postgresql://u:", "@h/db"}, {"postgresql+asyncpg://u:", "@h/db"},
	{"http://u:", "@h:3128"}, {"socks5h://u:", "@h:1080/"},
	{"u:", "@h:3128"}, {"https://u:", "@h/ping/x"}, {"http://u:", "@[::1]:8080"},
};

static bool
has_secret(const char *message)
{
	return strstr(message, "SEC") != NULL || strstr(message, "RET") != NULL;
}

static void
test_hostile(void)
{
	struct rw_err err;
	char url[256];
	size_t i, j;

	for (i = 0; i < sizeof shapes / sizeof *shapes; i++)
		for (j = 0; j < sizeof hostile / sizeof *hostile; j++) {
			snprintf(url, sizeof url, "%s%s%s", shapes[i][0],
				hostile[j], shapes[i][1]);
			err = (struct rw_err){0};
			ok(!rw_url_check_user("NAME", url, &err) &&
				err.kind == RW_CONFIG &&
				!has_secret(err.message) &&
				strstr(err.message, "percent-encoded") != NULL
				&& strncmp(err.message, "NAME", 4) == 0,
				"%zu of %s", j, shapes[i][0]);
		}
}

static const struct {
	const char *url;
	bool user, no_user, hosts, lists;
} cases[] = {
	{"mongodb://h", true, true, true, true},
	{"mongodb://u:p@h", true, false, true, true},
	{"mongodb://u@h", true, false, true, true},
	{"mongodb://:p@h", true, false, true, true},
	{"mongodb://u:p%40%3a%2F%3F%23%25@h", true, false, true, true},
	{"mongodb://u:!$&'()*+,;=-._~@h", true, false, true, true},
	{"mongodb://u:\xc3\xa4[]{}@h", true, false, true, true},
	{"mongodb://a:1,b:2/x", true, true, false, true},
	{"mongodb://%2Ftmp%2Fx.sock/db", true, true, true, true},
	{"https://h/a@b", false, false, true, true},
	{"h:25", true, true, true, true},
	{"u:p@h:25", true, false, true, true},
	{"http://[::1]:25/", true, true, true, true},
	{"http://[::1]", true, true, true, true},
	{"http://[::1", true, true, false, false},
	{"http://[::1]x", true, true, false, false},
	{"http://[::1", true, true, false, false},
	{"http://", true, true, false, false},
	{"http:///x", true, true, false, false},
	{"http://:25", true, true, false, false},
	{"http://u:SECRET@", true, false, false, false},
	{"http://u:SECRET", true, true, false, false},
	{"http://h:0", true, true, false, false},
	{"http://h:65536", true, true, false, false},
	{"http://h:65535", true, true, true, true},
	{"http://h:", true, true, false, false},
	{"http://h h", true, true, false, false},
	{"mongodb://a,,b", true, true, true, false},
};

static void
test_rules(void)
{
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *url = cases[i].url;

		err = (struct rw_err){0};
		ok(rw_url_check_user("NAME", url, &err) == cases[i].user,
			"user part of %s", url);
		ok(rw_url_check_no_user("NAME", url, &err) ==
			cases[i].no_user, "no user in %s", url);
		ok(rw_url_check_hosts("NAME", url, false, &err) ==
			cases[i].hosts, "host of %s", url);
		ok(rw_url_check_hosts("NAME", url, true, &err) ==
			cases[i].lists, "hosts of %s", url);
		ok(!has_secret(err.message), "nothing of it in a message");
	}
}

static const struct {
	const char *name, *value;
	bool http, smtp;
} proxies[] = {
	{"http_proxy", "http://u:SEC@RET@h:3128", false, true},
	{"https_proxy", "u:SEC/RET@h", false, true},
	{"HTTPS_PROXY", "u:SEC#RET@h", false, true},
	{"smtp_proxy", "socks5://u:SEC?RET@h", true, false},
	{"SMTP_PROXY", "socks5://u:SEC%RET@h", true, false},
	{"all_proxy", "socks5://u:SEC:RET@h", false, false},
	{"ALL_PROXY", "socks5://u:SEC@RET@h", false, false},
	{"all_proxy", "ftp://u:SECRET@h", false, false},
	{"all_proxy", "http://u:SECRET@h:x", false, false},
	{"all_proxy", "http://u:SECRET", false, false},
	{"all_proxy", "http://u:SEC%40RET@h:1", true, true},
	{"all_proxy", "h:3128", true, true},
	{"all_proxy", "", true, true},
	/* libcurl does not read it, for the sake of CGI. */
	{"HTTP_PROXY", "http://u:SEC@RET@h:3128", true, true},
};

static void
test_proxies(void)
{
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof proxies / sizeof *proxies; i++) {
		err = (struct rw_err){0};
		setenv(proxies[i].name, proxies[i].value, 1);
		ok(rw_proxy_check(RW_PROXY_HTTP, &err) == proxies[i].http,
			"%s for HTTP, %zu", proxies[i].name, i);
		ok(rw_proxy_check(RW_PROXY_SMTP, &err) == proxies[i].smtp,
			"%s for SMTP, %zu", proxies[i].name, i);
		ok(!has_secret(err.message) && (err.kind == RW_OK ||
			strstr(err.message, proxies[i].name) != NULL),
			"the message names the variable alone");
		unsetenv(proxies[i].name);
	}
}

int
main(void)
{
	test_hostile();
	test_rules();
	test_proxies();
	return done();
}
