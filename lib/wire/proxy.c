#include "wire/proxy.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/url.h"
#include "wire/config.h"

/* Matches "127.0.0.0/8" with an IPv4 address. */
static bool
is_in_network(const char *network, const char *host)
{
	const char *slash = strchr(network, '/');
	struct in_addr a, b;
	char text[32];
	int bits;

	if (slash == NULL || (size_t)(slash - network) >= sizeof text)
		return false;
	snprintf(text, sizeof text, "%.*s", (int)(slash - network), network);
	bits = atoi(slash + 1);
	if (bits < 1 || bits > 32 || inet_pton(AF_INET, text, &a) != 1 ||
	    inet_pton(AF_INET, host, &b) != 1)
		return false;
	return (ntohl(a.s_addr) ^ ntohl(b.s_addr)) >> (32 - bits) == 0;
}

/* Matches the host itself, or a domain that contains it. */
static bool
is_excepted(const char *entry, const char *host)
{
	size_t len = strlen(host), n;

	if (*entry == '.')
		entry++;
	n = strlen(entry);
	return n > 0 && n <= len && strcasecmp(host + len - n, entry) == 0 &&
		(n == len || host[len - n - 1] == '.');
}

static bool
has_exception(const char *host)
{
	const char *list = rw_config_text("no_proxy",
		rw_config_text("NO_PROXY", ""));
	char bare[256], entry[256];
	size_t n;

	snprintf(bare, sizeof bare, "%s", host + (*host == '['));
	bare[strcspn(bare, "]")] = '\0';
	if (strcmp(list, "*") == 0)
		return true;
	for (; *list != '\0'; list += n) {
		list += strspn(list, ", ");
		n = strcspn(list, ", ");
		snprintf(entry, sizeof entry, "%.*s", (int)n, list);
		if (is_excepted(entry, bare) || is_in_network(entry, bare))
			return true;
	}
	return false;
}

const char *
rw_proxy_for_smtp(const char *host)
{
	static const char *const names[] = {"smtp_proxy", "SMTP_PROXY",
		"all_proxy", "ALL_PROXY"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (rw_config_text(names[i], NULL) != NULL)
			return has_exception(host) ? NULL : names[i];
	return NULL;
}

/* ---- before libcurl reads them ------------------------------------------ */

static bool
is_scheme(const char *url, size_t len)
{
	static const char *const schemes[] = {"http", "https", "socks4",
		"socks4a", "socks5", "socks5h"};
	size_t i;

	for (i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strlen(schemes[i]) == len &&
		    strncasecmp(url, schemes[i], len) == 0)
			return true;
	return false;
}

static bool
check(const char *name, const char *url, struct rw_err *err)
{
	size_t scheme = (size_t)(rw_url_authority(url) - url);

	if (!rw_url_check_user(name, url, err))
		return false;
	if (scheme > 0 && !is_scheme(url, scheme - 3))
		return rw_fail(err, RW_CONFIG, "%s: unknown scheme; expected "
			"http, https, socks4, socks4a, socks5 or socks5h",
			name);
	return rw_url_check_hosts(name, url, false, err);
}

bool
rw_proxy_check(enum rw_proxy_use use, struct rw_err *err)
{
	static const struct {
		const char *name;
		unsigned uses;
	} proxies[] = {
		{"http_proxy", RW_PROXY_HTTP}, {"https_proxy", RW_PROXY_HTTP},
		{"HTTPS_PROXY", RW_PROXY_HTTP}, {"smtp_proxy", RW_PROXY_SMTP},
		{"SMTP_PROXY", RW_PROXY_SMTP},
		{"all_proxy", RW_PROXY_HTTP | RW_PROXY_SMTP},
		{"ALL_PROXY", RW_PROXY_HTTP | RW_PROXY_SMTP},
	};
	const char *url;
	size_t i;

	for (i = 0; i < sizeof proxies / sizeof *proxies; i++) {
		url = rw_config_text(proxies[i].name, NULL);
		if (url != NULL && (proxies[i].uses & use) != 0 &&
		    !check(proxies[i].name, url, err))
			return false;
	}
	return true;
}

const char *
rw_proxy_failure(const char *why)
{
	return strchr(why, '\'') == NULL ? why : "the proxy's URL cannot be "
		"read";
}
