/* Signed URLs of Amazon CloudFront. */
#include <stdlib.h>
#include <string.h>

#include "base/url.h"
#include "base/file.h"
#include "store/link_object.h"
#include "wire/cloudfront.h"
#include "wire/config.h"

struct cloudfront_links {
	struct rw_cloudfront cloudfront;
	struct rw_buf start;
	struct rw_buf url;
};

static bool
has_key(const struct rw_store *store)
{
	(void)store;
	return rw_config_text("RW_CLOUDFRONT_KEY", NULL) != NULL ||
		rw_config_text("RW_CLOUDFRONT_KEY_FILE", NULL) != NULL;
}

static bool
is_cloudfront_set(const struct rw_store *store)
{
	return store->is_configured &&
		rw_config_text("RW_CLOUDFRONT_URL", NULL) != NULL &&
		rw_config_text("RW_CLOUDFRONT_KEY_ID", NULL) != NULL &&
		has_key(store);
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

/* rw_config_secret cannot read the PEM file, which has many lines. */
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
open_signer(struct rw_cloudfront *signer, struct rw_err *err)
{
	const char *url = rw_config_text("RW_CLOUDFRONT_URL", NULL);
	const char *id = rw_config_text("RW_CLOUDFRONT_KEY_ID", NULL);
	struct rw_buf pem = {0};
	bool good;

	if (url == NULL || id == NULL)
		return rw_fail(err, RW_CONFIG, "for CloudFront links %s must "
			"be set", url == NULL ? "RW_CLOUDFRONT_URL" :
			"RW_CLOUDFRONT_KEY_ID");
	if (!rw_url_check_no_user("RW_CLOUDFRONT_URL", url, err))
		return false;
	good = read_pem(&pem, err) && rw_cloudfront_open(signer, id,
		rw_buf_text(&pem), err);
	if (pem.data != NULL)
		explicit_bzero(pem.data, pem.len);
	rw_buf_free(&pem);
	return good;
}

static bool
open_cloudfront(void **signer, const struct rw_store *store,
	struct rw_err *err)
{
	struct cloudfront_links *links = calloc(1, sizeof *links);

	*signer = links;
	if (links == NULL)
		return rw_fail_memory(err, "links");
	return open_signer(&links->cloudfront, err) &&
		start_at_cloudfront(store, &links->start, err) &&
		rw_buf_ok(&links->start, "RW_CLOUDFRONT_URL", err);
}

static void
close_cloudfront(void *signer)
{
	struct cloudfront_links *links = signer;

	if (links == NULL)
		return;
	rw_cloudfront_close(&links->cloudfront);
	rw_buf_free(&links->start);
	rw_buf_free(&links->url);
	free(links);
}

/* The signature is over the whole URL. */
static bool
make_cloudfront(void *signer, const struct rw_link_parts *parts,
	struct rw_buf *out, struct rw_err *err)
{
	struct cloudfront_links *links = signer;
	struct rw_buf *url = &links->url;
	bool has_query = parts->query[0] != '\0';

	rw_buf_reset(url);
	rw_buf_adds(url, rw_buf_text(&links->start));
	rw_buf_adds(url, parts->key);
	if (has_query) {
		rw_buf_addc(url, '?');
		rw_buf_adds(url, parts->query);
		rw_buf_addc(out, '?');
		rw_buf_adds(out, parts->query);
	}
	if (!rw_buf_ok(url, "a link", err))
		return false;
	rw_buf_addc(out, has_query ? '&' : '?');
	return rw_cloudfront_presign(&links->cloudfront, url->data,
		parts->now + (int64_t)parts->expires, out, err);
}

const struct rw_link_scheme rw_link_cloudfront = {
	.name = "cloudfront", .title = "CloudFront",
	.is_wanted = has_key, .is_set = is_cloudfront_set,
	.start = start_at_cloudfront,
	.open = open_cloudfront, .close = close_cloudfront,
	.make = make_cloudfront,
	.read = rw_link_read_object,
};
