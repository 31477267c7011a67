#include "store/link_place.h"

#include <string.h>

#include "base/text.h"
#include "wire/config.h"

/* ---- the beginnings ------------------------------------------------------ */

static bool
has_store(const struct rw_store *store)
{
	return store->is_configured;
}

static bool
start_at_store(const struct rw_store *store, struct rw_buf *out,
	struct rw_err *err)
{
	struct rw_target target = {0};
	bool good = rw_store_target(store, &store->public_endpoint, "",
		&target, err);

	if (good)
		rw_buf_add(out, target.url.data, target.url.len);
	rw_target_free(&target);
	return good;
}

static bool
has_cloudfront(const struct rw_store *store)
{
	return store->is_configured &&
		rw_config_text("RW_CLOUDFRONT_URL", NULL) != NULL &&
		rw_config_text("RW_CLOUDFRONT_KEY_ID", NULL) != NULL &&
		(rw_config_text("RW_CLOUDFRONT_KEY", NULL) != NULL ||
		rw_config_text("RW_CLOUDFRONT_KEY_FILE", NULL) != NULL);
}

static bool
start_at_cloudfront(const struct rw_store *store, struct rw_buf *out,
	struct rw_err *err)
{
	const char *url = rw_config_text("RW_CLOUDFRONT_URL", "");
	struct rw_endpoint to;

	(void)store;
	if (!rw_endpoint_parse("RW_CLOUDFRONT_URL", url, true, true, &to,
	    err))
		return false;
	rw_buf_addf(out, "%s://%s%s/", to.scheme, to.host, to.prefix);
	rw_endpoint_free(&to);
	return true;
}

/* ---- the way back -------------------------------------------------------- */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
		c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes once what rw_text_add_percent has written with keep. There is one way
 * to write a text so: "%2e%2E", a bare "+" or "%2500" are none of ours. */
static bool
read_percent(const char *text, size_t len, const char *keep,
	struct rw_buf *out)
{
	struct rw_buf again = {0};
	size_t i;
	int high, low;
	bool same;

	rw_buf_reset(out);
	for (i = 0; i < len; i++) {
		if (text[i] != '%') {
			rw_buf_addc(out, text[i]);
			continue;
		}
		high = i + 2 < len ? digit(text[i + 1]) : -1;
		low = high >= 0 ? digit(text[i + 2]) : -1;
		if (low < 0 || high + low == 0)
			return false;
		rw_buf_addc(out, (char)(high * 16 + low));
		i += 2;
	}
	rw_text_add_percent(&again, rw_buf_text(out), keep);
	same = !out->failed && !again.failed && again.len == len &&
		memcmp(rw_buf_text(&again), text, len) == 0;
	rw_buf_free(&again);
	return same;
}

/* What rw-presign writes into a query, of whatever scheme. */
static const char *const parameters[] = {"response-content-disposition",
	"versionId", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
	"X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Security-Token",
	"X-Amz-Signature", "AWSAccessKeyId", "Signature",
	"x-amz-security-token", "Expires", "Key-Pair-Id"};

enum { PARAMETERS = sizeof parameters / sizeof *parameters, VERSION = 1 };

static size_t
parameter_of(const char *text, size_t len)
{
	size_t i = 0;

	while (i < PARAMETERS && (strlen(parameters[i]) != len ||
	    strncmp(parameters[i], text, len) != 0))
		i++;
	return i;
}

/* Each parameter once; another one could change what is given. */
static bool
read_query(const char *query, struct rw_buf *version)
{
	bool seen[PARAMETERS] = {false};
	struct rw_buf value = {0};
	bool good = true;
	size_t i, name, len;

	for (; good && *query != '\0'; query += len) {
		len = strcspn(query, "&");
		name = strcspn(query, "=&");
		i = parameter_of(query, name);
		good = i < PARAMETERS && !seen[i] && query[name] == '=' &&
			read_percent(query + name + 1, len - name - 1, "",
			i == VERSION ? version : &value);
		if (good)
			seen[i] = true;
		if (query[len] == '&')
			len++;
	}
	rw_buf_free(&value);
	return good;
}

static bool
read_object(const char *path, size_t len, const char *query,
	struct rw_link_end *end)
{
	rw_buf_reset(&end->version);
	return read_percent(path, len, "/", &end->key) &&
		(query == NULL || read_query(query, &end->version));
}

/* ---- the schemes --------------------------------------------------------- */

const struct rw_link_scheme rw_link_schemes[RW_SCHEMES] = {
	[RW_SCHEME_SIGV4] = {"sigv4", has_store, start_at_store,
		read_object},
	[RW_SCHEME_SIGV2] = {"sigv2", has_store, start_at_store,
		read_object},
	[RW_SCHEME_CLOUDFRONT] = {"cloudfront", has_cloudfront,
		start_at_cloudfront, read_object},
};

/* ---- judging a link ------------------------------------------------------ */

bool
rw_link_places_open(struct rw_link_places *places, struct rw_err *err)
{
	const struct rw_link_scheme *scheme = rw_link_schemes;
	size_t i;

	*places = (struct rw_link_places){0};
	if (!rw_store_load_place(&places->store, err))
		return false;
	for (i = 0; i < RW_SCHEMES; i++, scheme++)
		if (scheme->is_set(&places->store) && (!scheme->start(
		    &places->store, &places->starts[i], err) ||
		    !rw_buf_ok(&places->starts[i], "an address", err))) {
			rw_link_places_close(places);
			return false;
		}
	return true;
}

void
rw_link_places_close(struct rw_link_places *places)
{
	size_t i;

	rw_store_free(&places->store);
	for (i = 0; i < RW_SCHEMES; i++)
		rw_buf_free(&places->starts[i]);
	rw_buf_free(&places->end.key);
	rw_buf_free(&places->end.version);
	*places = (struct rw_link_places){0};
}

/* Where a link leads that is none of ours: its host, and nothing that could be
 * a secret. */
static void
add_host(struct rw_buf *out, const char *url)
{
	const char *rest = strstr(url, "://");
	size_t len;

	rest = rest != NULL ? rest + 3 : url;
	len = strcspn(rest, "/?#\\");
	if (memchr(rest, '@', len) != NULL)
		rw_buf_adds(out, "a host behind a user name");
	else
		rw_buf_addf(out, "\"%.*s\"", len > 100 ? 100 : (int)len, rest);
}

static bool
leads_elsewhere(const struct rw_link_places *places, const char *member,
	const char *url, struct rw_err *err)
{
	struct rw_buf host = {0}, ours = {0};
	size_t i;

	add_host(&host, url);
	for (i = 0; i < RW_SCHEMES; i++)
		if (places->starts[i].len > 0 && (i == 0 ||
		    strcmp(rw_buf_text(&places->starts[i]),
		    rw_buf_text(&places->starts[i - 1])) != 0))
			rw_buf_addf(&ours, "%s%s", ours.len > 0 ? " or " : "",
				rw_buf_text(&places->starts[i]));
	rw_fail(err, RW_DATA, "%s leads to %s, or is not written as rw-presign "
		"writes it: expected a link that begins with %s", member,
		rw_buf_text(&host), ours.len > 0 ? rw_buf_text(&ours) :
		"the address of a store, and none is configured");
	rw_buf_free(&host);
	rw_buf_free(&ours);
	return false;
}

/* Behind the beginning of scheme i. */
static bool
reads_as(struct rw_link_places *places, size_t i, const char *url)
{
	const struct rw_buf *start = &places->starts[i];
	const char *path, *query;
	size_t len;

	if (start->len == 0 || strncmp(url, start->data, start->len) != 0)
		return false;
	path = url + start->len;
	len = strcspn(path, "?");
	query = path[len] == '?' ? path + len + 1 : NULL;
	return rw_link_schemes[i].read(path, len, query, &places->end);
}

bool
rw_link_leads_to(struct rw_link_places *places, const char *member,
	const char *url, const char *key, const char *version,
	struct rw_err *err)
{
	const struct rw_link_end *end = &places->end;
	size_t i = 0;

	while (i < RW_SCHEMES && !reads_as(places, i, url))
		i++;
	if (i == RW_SCHEMES)
		return leads_elsewhere(places, member, url, err);
	if (strcmp(rw_buf_text(&end->key), key) != 0)
		return rw_fail(err, RW_DATA, "%s leads to \"%.200s\", which is "
			"not a key of this report: expected %s", member,
			rw_buf_text(&end->key), key);
	return strcmp(rw_buf_text(&end->version),
		version != NULL ? version : "") == 0 ||
		rw_fail(err, RW_DATA, "%s leads to version \"%.80s\" of %s: "
			"expected %s%.80s", member, rw_buf_text(&end->version),
			key, version != NULL ? "version " : "the latest one",
			version != NULL ? version : "");
}
