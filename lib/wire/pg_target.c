#include "wire/pg_target.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/url.h"

/* ---- keywords ----------------------------------------------------------- */

static void
wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
rw_pg_target_free(struct rw_pg_target *target)
{
	size_t i;

	for (i = 0; i < target->count; i++) {
		free(target->keywords[i]);
		wipe(target->values[i]);
	}
	*target = (struct rw_pg_target){.variable = target->variable};
}

static size_t
find_setting(const struct rw_pg_target *target, const char *keyword)
{
	size_t i = 0;

	while (i < target->count && strcmp(target->keywords[i], keyword) != 0)
		i++;
	return i;
}

const char *
rw_pg_target_get(const struct rw_pg_target *target, const char *keyword)
{
	size_t i = find_setting(target, keyword);

	return i < target->count ? target->values[i] : NULL;
}

bool
rw_pg_target_set(struct rw_pg_target *target, const char *keyword,
	const char *value, struct rw_err *err)
{
	size_t i = find_setting(target, keyword);
	char *copy;

	if (i == RW_PG_KEYWORDS)
		return rw_fail(err, RW_CONFIG, "%s has more than %d "
			"parameters", target->variable, RW_PG_KEYWORDS);
	copy = strdup(value);
	if (copy == NULL)
		return rw_fail_memory(err, "a parameter");
	if (i < target->count) {
		wipe(target->values[i]);
	} else if ((target->keywords[i] = strdup(keyword)) == NULL) {
		wipe(copy);
		return rw_fail_memory(err, "a parameter");
	} else {
		target->count++;
	}
	target->values[i] = copy;
	return true;
}

/* ---- URLs --------------------------------------------------------------- */

static size_t
scheme_len(const char *text)
{
	size_t len = strcspn(text, ":+");

	if (!(len == 8 && memcmp(text, "postgres", len) == 0) &&
	    !(len == 10 && memcmp(text, "postgresql", len) == 0))
		return 0;
	if (text[len] == '+')
		len += strcspn(text + len, ":/");
	return strncmp(text + len, "://", 3) == 0 ? len : 0;
}

bool
rw_pg_is_url(const char *text)
{
	return scheme_len(text) != 0;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Describes the part that cannot be decoded; NULL: none. */
static const char *
find_fault(const char *rest)
{
	const char *p;

	for (p = rest; *p != '\0'; p++)
		if (*p == '#')
			return "it has a \"#\" (percent-encoded: %23)";
		else if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return "it has a blank or a control character";
		else if (*p == '%' && (digit(p[1]) < 0 || digit(p[2]) < 0))
			return "it has a \"%\" without two hexadecimal digits "
				"(percent-encoded: %25)";
		else if (*p == '%' && p[1] == '0' && p[2] == '0')
			return "it has a %00";
	return NULL;
}

static bool
is_wrong(const struct rw_pg_target *target, const char *why,
	struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "%s cannot be read: %s; expected "
		"postgresql://USER:PASSWORD@HOST:PORT/NAME",
		target->variable, why);
}

/* Sets a keyword to a decoded part of the URL. */
static bool
set_piece(struct rw_pg_target *target, const char *keyword, const char *text,
	size_t len, struct rw_err *err)
{
	char *value = malloc(len + 1);
	size_t i, n = 0;
	bool good;

	if (value == NULL)
		return rw_fail_memory(err, "a parameter");
	for (i = 0; i < len; i++)
		if (text[i] == '%') {
			value[n++] = (char)(digit(text[i + 1]) * 16 +
				digit(text[i + 2]));
			i += 2;
		} else {
			value[n++] = text[i];
		}
	value[n] = '\0';
	good = rw_pg_target_set(target, keyword, value, err);
	explicit_bzero(value, len + 1);
	free(value);
	return good;
}

static bool
read_user(struct rw_pg_target *target, const char *text, size_t len,
	struct rw_err *err)
{
	const char *colon = memchr(text, ':', len);
	size_t user = colon != NULL ? (size_t)(colon - text) : len;

	return (user == 0 || set_piece(target, "user", text, user, err)) &&
		(colon == NULL || set_piece(target, "password", colon + 1,
		len - user - 1, err));
}

/* One HOST:PORT of a list; IPv6 addresses are in brackets. */
static bool
read_host(const char *text, size_t len, struct rw_buf *hosts,
	struct rw_buf *ports)
{
	const char *end = text + len, *host_end, *port;

	host_end = len > 0 && *text == '[' ? memchr(text, ']', len) :
		memchr(text, ':', len);
	if (len > 0 && *text == '[') {
		if (host_end == NULL)
			return false;
		text++;
		port = host_end + 1;
	} else {
		host_end = host_end != NULL ? host_end : end;
		port = host_end;
	}
	rw_buf_add(hosts, text, (size_t)(host_end - text));
	if (port == end)
		return true;
	if (*port++ != ':' ||
	    strspn(port, "0123456789") < (size_t)(end - port) ||
	    end - port > 5)
		return false;
	rw_buf_add(ports, port, (size_t)(end - port));
	return true;
}

static bool
read_hosts(struct rw_pg_target *target, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_buf hosts = {0}, ports = {0};
	const char *end = text + len, *comma;
	bool good;

	for (;;) {
		comma = memchr(text, ',', (size_t)(end - text));
		good = read_host(text, (size_t)((comma != NULL ? comma : end) -
			text), &hosts, &ports);
		if (!good || comma == NULL)
			break;
		rw_buf_addc(&hosts, ',');
		rw_buf_addc(&ports, ',');
		text = comma + 1;
	}
	if (!good)
		is_wrong(target, "HOST:PORT has no number as its port", err);
	else if (hosts.len > 0)
		good = set_piece(target, "host", hosts.data, hosts.len, err);
	if (good && strspn(rw_buf_text(&ports), ",") < ports.len)
		good = rw_pg_target_set(target, "port", ports.data, err);
	rw_buf_free(&hosts);
	rw_buf_free(&ports);
	return good;
}

/* asyncpg's ssl=true verifies the certificate, unlike libpq's
 * sslmode=require. */
static bool
set_ssl(struct rw_pg_target *target, const char *value, size_t len,
	struct rw_err *err)
{
	char text[16] = "";
	bool on;

	if (len < sizeof text)
		memcpy(text, value, len);
	if (rw_text_to_bool(text, &on))
		return rw_pg_target_set(target, "sslmode", on ?
			"verify-full" : "disable", err);
	return set_piece(target, "sslmode", value, len, err);
}

static bool
read_query(struct rw_pg_target *target, const char *text, struct rw_err *err)
{
	char keyword[64];
	size_t len, name;
	bool good = true;

	for (; good && *text != '\0'; text += text[len] == '&' ? len + 1 :
	    len) {
		len = strcspn(text, "&");
		name = strcspn(text, "=");
		if (name == 0 || name >= len || name >= sizeof keyword)
			return is_wrong(target, "what follows the \"?\" is "
				"not a list of KEYWORD=VALUE", err);
		memcpy(keyword, text, name);
		keyword[name] = '\0';
		good = strcmp(keyword, "ssl") == 0 ?
			set_ssl(target, text + name + 1, len - name - 1,
			err) : set_piece(target, keyword, text + name + 1,
			len - name - 1, err);
	}
	return good;
}

bool
rw_pg_target_read(struct rw_pg_target *target, const char *url,
	struct rw_err *err)
{
	size_t scheme = scheme_len(url), hosts, path;
	const char *fault, *at;

	if (scheme == 0)
		return is_wrong(target, "it does not begin with "
			"postgresql://", err);
	if (!rw_url_check_user(target->variable, url, err))
		return false;
	target->is_shared = memchr(url, '+', scheme) != NULL;
	url += scheme + 3;
	fault = find_fault(url);
	if (fault != NULL)
		return is_wrong(target, fault, err);
	at = strchr(url, '@');
	if (at != NULL && !read_user(target, url, (size_t)(at - url), err))
		return false;
	url = at != NULL ? at + 1 : url;
	hosts = strcspn(url, "/?");
	if (!read_hosts(target, url, hosts, err))
		return false;
	url += hosts;
	if (*url == '/') {
		path = strcspn(++url, "?");
		if (path > 0 && !set_piece(target, "dbname", url, path, err))
			return false;
		url += path;
	}
	return *url == '\0' || read_query(target, url + 1, err);
}

/* ---- hosts -------------------------------------------------------------- */

static bool
is_this_machine(const char *host, size_t len)
{
	static const char *const names[] = {"localhost", "localhost.", "::1",
		"ip6-localhost"};
	size_t i;

	/* A path or an abstract socket of Linux. */
	if (len == 0 || host[0] == '/' || host[0] == '@')
		return true;
	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (len == strlen(names[i]) &&
		    strncasecmp(host, names[i], len) == 0)
			return true;
	return len > 4 && memcmp(host, "127.", 4) == 0 &&
		strspn(host, "0123456789.") >= len;
}

bool
rw_pg_is_local(const char *hosts)
{
	size_t len;

	for (hosts = hosts != NULL ? hosts : "";; hosts += len + 1) {
		len = strcspn(hosts, ",");
		if (!is_this_machine(hosts, len))
			return false;
		if (hosts[len] == '\0')
			return true;
	}
}
