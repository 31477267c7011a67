#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/url.h"
#include "wire/idn.h"

static const char letters_and_digits[] = "abcdefghijklmnopqrstuvwxyz"
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* The length of the host at the start of text; 0 when text does not begin with
 * a host. */
static size_t
host_length(const char *text)
{
	size_t n;

	if (text[0] == '[') {
		n = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
		return n > 2 && text[n] == ']' ? n + 1 : 0;
	}
	n = 0;
	while (text[n] != '\0' && (strchr(letters_and_digits, text[n]) !=
	    NULL || text[n] == '-' || text[n] == '.' || text[n] == '_'))
		n++;
	return n;
}

/* Host and port in lower case, without the scheme's default port. */
static bool
take_host(const char *text, size_t len, const char *scheme, char **host)
{
	uint64_t usual = strcmp(scheme, "https") == 0 ? 443 : 80, port = usual;
	size_t name = host_length(text), i;
	struct rw_buf out = {0};
	char *number;
	bool good;

	if (name == 0 || name > len || (name < len && text[name] != ':'))
		return false;
	if (name < len) {
		number = strndup(text + name + 1, len - name - 1);
		good = number != NULL && rw_text_to_u64(number, 65535,
			&port) && port > 0;
		free(number);
		if (!good)
			return false;
	}
	for (i = 0; i < name; i++)
		rw_buf_addc(&out, (char)(text[i] >= 'A' && text[i] <= 'Z' ?
			text[i] + ('a' - 'A') : text[i]));
	good = rw_idn_check(rw_buf_text(&out), NULL);
	if (port != usual)
		rw_buf_addf(&out, ":%llu", (unsigned long long)port);
	*host = rw_buf_take(&out);
	return *host != NULL && good;
}

/* Appends a path such as "/a/b" without a slash at its end. */
static bool
take_prefix(const char *text, char **prefix)
{
	size_t len = strlen(text), i;

	while (len > 0 && text[len - 1] == '/')
		len--;
	for (i = 0; i < len; i++)
		if (strchr(letters_and_digits, text[i]) == NULL &&
		    strchr("/-._~%", text[i]) == NULL)
			return false;
	*prefix = strndup(text, len);
	return *prefix != NULL;
}

bool
rw_endpoint_parse(const char *name, const char *url, bool secure,
	bool must_match, struct rw_endpoint *endpoint, struct rw_err *err)
{
	const char *colon = strstr(url, "://"), *rest = url;
	bool is_https = secure;
	size_t len;

	*endpoint = (struct rw_endpoint){0};
	if (!rw_url_check_no_user(name, url, err))
		return false;
	if (colon != NULL) {
		rest = colon + 3;
		is_https = strncasecmp(url, "https:", 6) == 0;
		if (!is_https && strncasecmp(url, "http:", 5) != 0)
			goto bad;
	}
	if (is_https != secure && must_match)
		return is_https ? rw_fail(err, RW_CONFIG, "%s begins with "
			"https and MINIO_SECURE is false", name) :
			rw_fail(err, RW_CONFIG, "%s begins with http, which "
			"requires MINIO_SECURE=false", name);
	len = strcspn(rest, "/");
	endpoint->scheme = strdup(is_https ? "https" : "http");
	if (endpoint->scheme != NULL &&
	    take_host(rest, len, endpoint->scheme, &endpoint->host) &&
	    take_prefix(rest + len, &endpoint->prefix))
		return true;
bad:
	/* The text itself is not shown, because it may contain a password. */
	rw_endpoint_free(endpoint);
	return rw_fail(err, RW_CONFIG, "%s is not a valid endpoint: expected "
		"http(s)://HOST[:PORT][/PREFIX] and nothing else (no user, no "
		"query, the bucket in MINIO_BUCKET_NAME)", name);
}

void
rw_endpoint_free(struct rw_endpoint *endpoint)
{
	free(endpoint->scheme);
	free(endpoint->host);
	free(endpoint->prefix);
	*endpoint = (struct rw_endpoint){0};
}

bool
rw_store_target(const struct rw_store *store,
	const struct rw_endpoint *endpoint, const char *key,
	struct rw_target *target, struct rw_err *err)
{
	struct rw_buf *path = &target->path, *resource = &target->resource;
	size_t bucket = 1 + strlen(store->bucket);
	const char *rest;

	rw_buf_reset(&target->host);
	rw_buf_reset(&target->url);
	rw_buf_reset(path);
	rw_buf_reset(resource);
	rw_buf_addc(resource, '/');
	rw_buf_adds(resource, store->bucket);
	if (key != NULL || endpoint->is_virtual)
		rw_buf_addc(resource, '/');
	if (key != NULL)
		rw_text_add_percent(resource, key, "/");
	if (endpoint->is_virtual) {
		rw_buf_adds(&target->host, store->bucket);
		rw_buf_addc(&target->host, '.');
	}
	rw_buf_adds(&target->host, endpoint->host);
	rest = rw_buf_text(resource) +
		(endpoint->is_virtual && resource->len > bucket ? bucket : 0);
	if (store->signs_prefix)
		rw_buf_adds(path, endpoint->prefix);
	rw_buf_adds(path, rest);
	rw_buf_adds(&target->url, endpoint->scheme);
	rw_buf_adds(&target->url, "://");
	rw_buf_adds(&target->url, rw_buf_text(&target->host));
	rw_buf_adds(&target->url, endpoint->prefix);
	rw_buf_adds(&target->url, rest);
	return rw_buf_ok(&target->url, "an address", err) &&
		rw_buf_ok(&target->host, "an address", err) &&
		rw_buf_ok(path, "an address", err) &&
		rw_buf_ok(resource, "an address", err);
}

void
rw_target_free(struct rw_target *target)
{
	rw_buf_free(&target->host);
	rw_buf_free(&target->url);
	rw_buf_free(&target->path);
	rw_buf_free(&target->resource);
}
