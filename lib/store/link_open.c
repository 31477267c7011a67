/* Chooses the scheme that signs the links, and opens it. */
#include "store/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char default_brand[] = "SpreadPilot_Report";

/* ---- which scheme ------------------------------------------------------ */

static bool
lives_long_enough(const struct rw_link_scheme *scheme, uint64_t expires)
{
	return scheme->longest == 0 || expires <= scheme->longest;
}

static bool
is_refused(const struct rw_link_scheme *scheme, const struct rw_store *store)
{
	return scheme->is_sigv2 && store->provider != NULL &&
		store->provider->refuses_sigv2;
}

static bool
choose_auto(struct rw_linker *linker, struct rw_err *err)
{
	const struct rw_store *store = linker->store;
	size_t i;

	for (i = 0; i < RW_SCHEMES; i++) {
		linker->scheme = rw_link_schemes[i];
		if (lives_long_enough(linker->scheme, linker->expires) &&
		    !is_refused(linker->scheme, store) &&
		    linker->scheme->is_wanted(store))
			return true;
	}
	/* Only a provider that refuses SigV2 leads here. */
	return rw_fail(err, RW_CONFIG, "no link can be valid for %llu days: "
		"%s allows 7 (SigV4) and does not accept SigV2; %suse a "
		"lifetime of at most 7d",
		(unsigned long long)(linker->expires + 86399) / 86400,
		store->provider->title, store->provider->is_amazon ?
		"set RW_CLOUDFRONT_*, or " : "");
}

static bool
refuse_name(const char *name, struct rw_err *err)
{
	struct rw_buf names = {0};

	rw_link_scheme_names(&names);
	rw_fail(err, RW_USAGE, "--scheme is \"%.40s\": expected auto, %s",
		name, rw_buf_text(&names));
	rw_buf_free(&names);
	return false;
}

static bool
choose_scheme(struct rw_linker *linker, const char *name, struct rw_err *err)
{
	const struct rw_link_scheme *scheme = rw_link_scheme_find(name);

	if (strcmp(name, "auto") == 0)
		return choose_auto(linker, err);
	if (scheme == NULL)
		return refuse_name(name, err);
	linker->scheme = scheme;
	if (!lives_long_enough(scheme, linker->expires))
		return rw_fail(err, RW_CONFIG, "a %s link is valid for at most "
			"%llu days, and %llu seconds were requested: every "
			"server would refuse it", scheme->title,
			(unsigned long long)scheme->longest / 86400,
			(unsigned long long)linker->expires);
	return !is_refused(scheme, linker->store) || rw_fail(err, RW_CONFIG,
		"%s does not accept %s links", linker->store->provider->title,
		scheme->title);
}

/* ---- open and close ---------------------------------------------------- */

/* An empty value is valid: links without a file name. */
static bool
read_brand(struct rw_linker *linker, struct rw_err *err)
{
	const char *brand = getenv("RW_DOWNLOAD_NAME"), *p;

	if (brand == NULL)
		brand = default_brand;
	if (!rw_text_is_utf8(brand, strlen(brand), NULL) ||
	    rw_text_has_control(brand) || strlen(brand) > 100 ||
	    strpbrk(brand, "\"\\/;%") != NULL)
		return rw_fail(err, RW_CONFIG, "RW_DOWNLOAD_NAME cannot begin "
			"a file name: expected at most 100 bytes of UTF-8 "
			"without \" \\ / ; %% and control characters");
	linker->brand = *brand != '\0' ? brand : NULL;
	linker->brand_is_ascii = true;
	for (p = brand; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x80)
			linker->brand_is_ascii = false;
	return true;
}

bool
rw_linker_open(struct rw_linker *linker, const struct rw_store *store,
	const char *scheme, uint64_t expires, struct rw_err *err)
{
	*linker = (struct rw_linker){.store = store, .expires = expires};
	if (expires == 0)
		return rw_fail(err, RW_USAGE, "a link that expires after 0 "
			"seconds has expired when it is printed");
	if (choose_scheme(linker, scheme, err) && read_brand(linker, err) &&
	    rw_store_target(store, &store->public_endpoint, "",
	    &linker->start, err) &&
	    linker->scheme->open(&linker->signer, store, err) &&
	    linker->scheme->start(store, &linker->address, err) &&
	    rw_buf_ok(&linker->address, "an address", err))
		return true;
	rw_linker_close(linker);
	return false;
}

bool
rw_linker_drop_name(struct rw_linker *linker)
{
	bool had = linker->brand != NULL;

	linker->brand = NULL;
	return had;
}

void
rw_linker_close(struct rw_linker *linker)
{
	int i;

	if (linker->scheme != NULL)
		linker->scheme->close(linker->signer);
	rw_buf_free(&linker->address);
	rw_target_free(&linker->start);
	for (i = 0; i < RW_REPORT_FILES; i++) {
		rw_buf_free(&linker->names[i].plain);
		rw_buf_free(&linker->names[i].encoded);
	}
	rw_buf_free(&linker->key);
	rw_buf_free(&linker->path);
	rw_buf_free(&linker->query);
	rw_buf_free(&linker->resource);
	*linker = (struct rw_linker){0};
}
