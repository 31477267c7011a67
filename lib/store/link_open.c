/* Which scheme signs the links, and with what. */
#include "store/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "wire/config.h"

static const char default_brand[] = "SpreadPilot_Report";

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
	for (i = 0; i < RW_SCHEMES; i++)
		if (strcmp(word, rw_link_schemes[i].name) == 0)
			break;
	if (i == RW_SCHEMES)
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
	else if (!rw_file_read_trusted(path, pem, err))
		return rw_err_prefix(err, "RW_CLOUDFRONT_KEY_FILE");
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
	case RW_SCHEMES:
		break;
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
	    &linker->start, err) && open_scheme(linker, err) &&
	    rw_link_schemes[linker->scheme].start(store, &linker->address,
	    err)) {
		linker->scheme_name = rw_link_schemes[linker->scheme].name;
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
