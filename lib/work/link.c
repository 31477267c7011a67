#include "work/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "wire/config.h"

static const char default_brand[] = "SpreadPilot_Report";

static const char *const scheme_names[] = {
	[RW_SCHEME_SIGV4] = "sigv4",
	[RW_SCHEME_SIGV2] = "sigv2",
	[RW_SCHEME_CLOUDFRONT] = "cloudfront",
};

/* ---- which scheme ------------------------------------------------------ */

static bool
has_cloudfront(void)
{
	return rw_config_text("RW_CLOUDFRONT_KEY", NULL) != NULL ||
		rw_config_text("RW_CLOUDFRONT_KEY_FILE", NULL) != NULL;
}

static bool
refuse_link(struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "links of scheme \"link\" "
		"(RW_LINK_BASE_URL) are not made by this version: unset "
		"RW_LINK_BASE_URL or choose sigv4, sigv2 or cloudfront");
}

static bool
choose_auto(struct rw_linker *linker, struct rw_err *err)
{
	if (linker->expires <= RW_SIGV4_EXPIRES_MAX)
		linker->scheme = RW_SCHEME_SIGV4;
	else if (rw_config_text("RW_LINK_BASE_URL", NULL) != NULL)
		return refuse_link(err);
	else if (has_cloudfront())
		linker->scheme = RW_SCHEME_CLOUDFRONT;
	else if (linker->store->is_amazon)
		return rw_fail(err, RW_CONFIG, "no link can be valid for %llu "
			"days: Amazon S3 allows 7 (SigV4) and takes SigV2 no "
			"more; set RW_CLOUDFRONT_*, or ask for 7d or less",
			(unsigned long long)linker->expires / 86400);
	else
		linker->scheme = RW_SCHEME_SIGV2;
	return true;
}

static bool
choose(struct rw_linker *linker, const char *word, struct rw_err *err)
{
	size_t i;

	if (strcmp(word, "auto") == 0)
		return choose_auto(linker, err);
	if (strcmp(word, "link") == 0)
		return refuse_link(err);
	for (i = 0; i < sizeof scheme_names / sizeof *scheme_names; i++)
		if (strcmp(word, scheme_names[i]) == 0)
			break;
	if (i == sizeof scheme_names / sizeof *scheme_names)
		return rw_fail(err, RW_USAGE, "--scheme is \"%.40s\": expected "
			"auto, sigv4, sigv2, cloudfront or link", word);
	linker->scheme = (enum rw_scheme)i;
	if (linker->scheme == RW_SCHEME_SIGV4 &&
	    linker->expires > RW_SIGV4_EXPIRES_MAX)
		return rw_fail(err, RW_CONFIG, "a SigV4 link holds for 7 days "
			"at most, and %llu seconds are asked for: every "
			"server would refuse it",
			(unsigned long long)linker->expires);
	if (linker->scheme == RW_SCHEME_SIGV2 && linker->store->is_amazon)
		return rw_fail(err, RW_CONFIG, "Amazon S3 takes SigV2 links "
			"no more");
	return true;
}

/* ---- open and close ---------------------------------------------------- */

/* The PEM file has many lines, so that rw_config_secret cannot read it. */
static bool
read_pem(struct rw_buf *pem, struct rw_err *err)
{
	const char *text = rw_config_text("RW_CLOUDFRONT_KEY", NULL);
	const char *path = rw_config_text("RW_CLOUDFRONT_KEY_FILE", NULL);

	if ((text != NULL) == (path != NULL))
		return rw_fail(err, RW_CONFIG, "for CloudFront links one of "
			"RW_CLOUDFRONT_KEY and RW_CLOUDFRONT_KEY_FILE must be "
			"set");
	pem->max = 65536;
	if (text != NULL)
		rw_buf_adds(pem, text);
	else if (!rw_file_read(path, pem, err)) {
		err->kind = RW_CONFIG;
		return rw_err_prefix(err, "RW_CLOUDFRONT_KEY_FILE");
	}
	return rw_buf_ok(pem, "RW_CLOUDFRONT_KEY", err);
}

static bool
open_cloudfront(struct rw_linker *linker, struct rw_err *err)
{
	const char *url = rw_config_text("RW_CLOUDFRONT_URL", NULL);
	const char *id = rw_config_text("RW_CLOUDFRONT_KEY_ID", NULL);
	struct rw_buf pem = {0};
	bool good;

	if (url == NULL || id == NULL)
		return rw_fail(err, RW_CONFIG, "for CloudFront links %s must "
			"be set", url == NULL ? "RW_CLOUDFRONT_URL" :
			"RW_CLOUDFRONT_KEY_ID");
	if (!rw_endpoint_parse("RW_CLOUDFRONT_URL", url, true, true,
	    &linker->distribution, err))
		return false;
	good = read_pem(&pem, err) && rw_cloudfront_open(&linker->cloudfront,
		id, rw_buf_text(&pem), err);
	if (pem.data != NULL)
		explicit_bzero(pem.data, pem.len);
	rw_buf_free(&pem);
	return good;
}

/* Set and empty is a choice here: no name. */
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

static bool
open_scheme(struct rw_linker *linker, struct rw_err *err)
{
	const struct rw_store *store = linker->store;

	switch (linker->scheme) {
	case RW_SCHEME_SIGV4:
		return rw_sigv4_open(&linker->sigv4, &store->identity,
			store->region, err);
	case RW_SCHEME_SIGV2:
		return rw_sigv2_open(&linker->sigv2, &store->identity, err);
	case RW_SCHEME_CLOUDFRONT:
		return open_cloudfront(linker, err);
	}
	return rw_fail(err, RW_BUG, "unknown scheme");
}

bool
rw_linker_open(struct rw_linker *linker, const struct rw_store *store,
	const char *scheme, uint64_t expires, struct rw_err *err)
{
	*linker = (struct rw_linker){.store = store, .expires = expires};
	if (expires == 0)
		return rw_fail(err, RW_USAGE, "a link that expires after 0 "
			"seconds is dead when it is printed");
	if (choose(linker, scheme, err) && read_brand(linker, err) &&
	    rw_store_target(store, &store->public_endpoint, "",
	    &linker->start, err) && open_scheme(linker, err)) {
		linker->scheme_name = scheme_names[linker->scheme];
		return true;
	}
	rw_linker_close(linker);
	return false;
}

void
rw_linker_close(struct rw_linker *linker)
{
	int i;

	rw_sigv4_close(&linker->sigv4);
	rw_sigv2_close(&linker->sigv2);
	rw_cloudfront_close(&linker->cloudfront);
	rw_endpoint_free(&linker->distribution);
	rw_target_free(&linker->start);
	for (i = 0; i < RW_LINK_FILES; i++) {
		rw_buf_free(&linker->names[i].plain);
		rw_buf_free(&linker->names[i].encoded);
	}
	rw_buf_free(&linker->key);
	rw_buf_free(&linker->path);
	rw_buf_free(&linker->query);
	rw_buf_free(&linker->resource);
	*linker = (struct rw_linker){0};
}

/* ---- the file name ----------------------------------------------------- */

/* "_2025-06_r2.pdf" */
static void
add_suffix(struct rw_buf *out, const struct rw_link *link)
{
	char period[RW_PERIOD_SIZE];

	rw_period_text(period, link->period);
	rw_buf_addc(out, '_');
	rw_buf_adds(out, period);
	if (link->revision > 1)
		rw_buf_addf(out, "_r%lld", (long long)link->revision);
	rw_buf_adds(out, link->file == RW_LINK_PDF ? ".pdf" : ".xlsx");
}

/* RFC 6266: the plain name for all, the exact one for those that can. */
static void
add_disposition(const struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out)
{
	const char *p = linker->brand;
	uint32_t c;

	rw_buf_adds(out, "attachment; filename=\"");
	while ((c = rw_text_next(&p)) != 0)
		rw_buf_addc(out, c < 0x80 ? (char)c : '_');
	add_suffix(out, link);
	rw_buf_addc(out, '"');
	if (linker->brand_is_ascii)
		return;
	rw_buf_adds(out, "; filename*=UTF-8''");
	rw_text_add_percent(out, linker->brand, "");
	add_suffix(out, link);
}

static const struct rw_link_name *
name_of(struct rw_linker *linker, const struct rw_link *link)
{
	static const char parameter[] = "response-content-disposition=";
	struct rw_link_name *name = &linker->names[link->file];

	if (name->revision == link->revision &&
	    name->period.year == link->period.year &&
	    name->period.month == link->period.month)
		return name;
	rw_buf_reset(&name->plain);
	rw_buf_reset(&name->encoded);
	rw_buf_adds(&name->plain, parameter);
	add_disposition(linker, link, &name->plain);
	rw_buf_adds(&name->encoded, parameter);
	rw_text_add_percent(&name->encoded, rw_buf_text(&name->plain) +
		sizeof parameter - 1, "");
	name->period = link->period;
	name->revision = link->revision;
	return name;
}

/* ---- one link ---------------------------------------------------------- */

static void
join(struct rw_buf *out, const struct rw_buf *more)
{
	if (more->len > 0)
		rw_buf_add(out, more->data, more->len);
}

/* Fills query with the parameters encoded, and resource with the address and
 * the parameters as they are, which SigV2 signs. */
static void
compose(struct rw_linker *linker, const struct rw_link *link)
{
	struct rw_buf *query = &linker->query, *resource = &linker->resource;
	const struct rw_link_name *name;
	bool has_name = linker->brand != NULL;

	rw_buf_reset(query);
	rw_buf_reset(resource);
	join(resource, &linker->start.resource);
	join(resource, &linker->key);
	if (has_name) {
		name = name_of(linker, link);
		join(query, &name->encoded);
		rw_buf_addc(resource, '?');
		join(resource, &name->plain);
	}
	if (link->version != NULL) {
		rw_buf_adds(query, has_name ? "&versionId=" : "versionId=");
		rw_buf_adds(resource, has_name ? "&versionId=" :
			"?versionId=");
		rw_text_add_percent(query, link->version, "");
		rw_buf_adds(resource, link->version);
	}
}

static bool
make_cloudfront(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	const struct rw_endpoint *to = &linker->distribution;
	struct rw_buf *url = &linker->resource;

	rw_buf_reset(url);
	rw_buf_addf(url, "%s://%s%s/", to->scheme, to->host, to->prefix);
	join(url, &linker->key);
	if (linker->query.len > 0)
		rw_buf_addc(url, '?');
	join(url, &linker->query);
	if (!rw_buf_ok(url, "a link", err))
		return false;
	rw_buf_add(out, url->data, url->len);
	rw_buf_addc(out, linker->query.len > 0 ? '&' : '?');
	return rw_cloudfront_presign(&linker->cloudfront, url->data,
		link->now + (int64_t)linker->expires, out, err);
}

static bool
make_sigv4(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	rw_buf_reset(&linker->path);
	join(&linker->path, &linker->start.path);
	join(&linker->path, &linker->key);
	return rw_buf_ok(&linker->path, "a link", err) &&
		rw_sigv4_presign(&linker->sigv4, &(struct rw_sigv4_link){
		.host = rw_buf_text(&linker->start.host),
		.path = rw_buf_text(&linker->path),
		.query = rw_buf_text(&linker->query),
		.when = link->now,
		.expires = linker->expires}, out, err);
}

static bool
make_sigv2(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	return rw_sigv2_presign(&linker->sigv2, &(struct rw_sigv2_link){
		.resource = rw_buf_text(&linker->resource),
		.query = rw_buf_text(&linker->query),
		.expires_at = link->now + (int64_t)linker->expires}, out, err);
}

bool
rw_linker_make(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	if (link->key[0] == '\0')
		return rw_fail(err, RW_DATA, "a key is empty");
	rw_buf_reset(&linker->key);
	rw_text_add_percent(&linker->key, link->key, "/");
	compose(linker, link);
	if (!rw_buf_ok(&linker->key, "a link", err) ||
	    !rw_buf_ok(&linker->query, "a link", err) ||
	    !rw_buf_ok(&linker->resource, "a link", err))
		return false;
	if (linker->scheme == RW_SCHEME_CLOUDFRONT)
		return make_cloudfront(linker, link, out, err);
	join(out, &linker->start.url);
	join(out, &linker->key);
	rw_buf_addc(out, '?');
	return linker->scheme == RW_SCHEME_SIGV4 ?
		make_sigv4(linker, link, out, err) :
		make_sigv2(linker, link, out, err);
}
