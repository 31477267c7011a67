#include "wire/proxy.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "wire/config.h"

/* "127.0.0.0/8" against an address of IPv4. */
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

/* The host itself, or a domain that it is in. */
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

const char *
rw_proxy_failure(const char *why)
{
	return strchr(why, '\'') == NULL ? why : "the proxy's URL cannot be "
		"read; are its user and password percent-encoded?";
}
