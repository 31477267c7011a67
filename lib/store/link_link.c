/* Links to our own link service (RW_LINK_BASE_URL). This version does not make
 * them yet, and refuses the setting instead of ignoring it. */
#include "base/url.h"
#include "store/link_scheme.h"
#include "wire/config.h"

static bool
has_base_url(const struct rw_store *store)
{
	(void)store;
	return rw_config_text("RW_LINK_BASE_URL", NULL) != NULL;
}

static bool
makes_none(const struct rw_store *store)
{
	(void)store;
	return false;
}

static bool
refuse_link(void **signer, const struct rw_store *store, struct rw_err *err)
{
	(void)signer;
	(void)store;
	if (!rw_url_check_user("RW_LINK_BASE_URL",
	    rw_config_text("RW_LINK_BASE_URL", ""), err))
		return false;
	return rw_fail(err, RW_CONFIG, "links of scheme \"link\" "
		"(RW_LINK_BASE_URL) are not made by this version: unset "
		"RW_LINK_BASE_URL or choose sigv4, sigv2 or cloudfront");
}

static void
close_none(void *signer)
{
	(void)signer;
}

const struct rw_link_scheme rw_link_link = {
	.name = "link", .title = "link",
	.is_wanted = has_base_url, .is_set = makes_none,
	.open = refuse_link, .close = close_none,
};
