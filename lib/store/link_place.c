#include "store/link_place.h"

#include <string.h>

bool
rw_link_places_open(struct rw_link_places *places, struct rw_err *err)
{
	size_t i;

	*places = (struct rw_link_places){0};
	if (!rw_store_load_place(&places->store, err))
		return false;
	for (i = 0; i < RW_SCHEMES; i++) {
		const struct rw_link_scheme *scheme = rw_link_schemes[i];

		if (scheme->is_set(&places->store) && (!scheme->start(
		    &places->store, &places->starts[i], err) ||
		    !rw_buf_ok(&places->starts[i], "an address", err))) {
			rw_link_places_close(places);
			return false;
		}
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

/* The host of a foreign link, without any part that could be secret. */
static void
add_host(struct rw_buf *out, const char *url)
{
	const char *rest = strstr(url, "://");
	size_t len;

	rest = rest != NULL ? rest + 3 : url;
	len = strcspn(rest, "/?#\\");
	if (memchr(rest, '@', len) != NULL)
		rw_buf_adds(out, "a URL with a user name");
	else
		rw_buf_addf(out, "\"%.*s\"", len > 100 ? 100 : (int)len, rest);
}

/* True when an earlier scheme has the same start. */
static bool
is_repeated(const struct rw_link_places *places, size_t i)
{
	size_t j = 0;

	while (strcmp(rw_buf_text(&places->starts[j]),
	    rw_buf_text(&places->starts[i])) != 0)
		j++;
	return j < i;
}

static bool
leads_elsewhere(const struct rw_link_places *places, const char *member,
	const char *url, struct rw_err *err)
{
	struct rw_buf host = {0}, ours = {0};
	size_t i;

	add_host(&host, url);
	for (i = 0; i < RW_SCHEMES; i++)
		if (places->starts[i].len > 0 && !is_repeated(places, i))
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

/* True when the link has the start and the form of links of scheme i. */
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
	return rw_link_schemes[i]->read(path, len, query, &places->end);
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
