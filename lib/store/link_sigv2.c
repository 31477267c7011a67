/* Links that AWS Signature Version 2 signs. */
#include <stdlib.h>

#include "store/link_object.h"
#include "wire/sigv2.h"

static bool
open_sigv2(void **signer, const struct rw_store *store, struct rw_err *err)
{
	struct rw_sigv2 *sigv2 = calloc(1, sizeof *sigv2);

	*signer = sigv2;
	if (sigv2 == NULL)
		return rw_fail_memory(err, "links");
	return rw_sigv2_open(sigv2, &store->identity, err);
}

static void
close_sigv2(void *signer)
{
	if (signer != NULL)
		rw_sigv2_close(signer);
	free(signer);
}

static bool
make_sigv2(void *signer, const struct rw_link_parts *parts,
	struct rw_buf *out, struct rw_err *err)
{
	rw_buf_addc(out, '?');
	return rw_sigv2_presign(signer, &(struct rw_sigv2_link){
		.resource = parts->resource, .query = parts->query,
		.expires_at = parts->now + (int64_t)parts->expires}, out, err);
}

const struct rw_link_scheme rw_link_sigv2 = {
	.name = "sigv2", .title = "SigV2",
	.is_sigv2 = true, .ends_with_token = true,
	.is_wanted = rw_link_has_store, .is_set = rw_link_has_store,
	.start = rw_link_start_at_store,
	.open = open_sigv2, .close = close_sigv2, .make = make_sigv2,
	.read = rw_link_read_object,
};
