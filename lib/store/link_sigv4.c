/* Links that AWS Signature Version 4 signs. */
#include <stdlib.h>

#include "store/link_object.h"
#include "wire/sigv4.h"

static bool
open_sigv4(void **signer, const struct rw_store *store, struct rw_err *err)
{
	struct rw_sigv4 *sigv4 = calloc(1, sizeof *sigv4);

	*signer = sigv4;
	if (sigv4 == NULL)
		return rw_fail_memory(err, "links");
	return rw_sigv4_open(sigv4, &store->identity, store->region, err);
}

static void
close_sigv4(void *signer)
{
	if (signer != NULL)
		rw_sigv4_close(signer);
	free(signer);
}

static bool
make_sigv4(void *signer, const struct rw_link_parts *parts,
	struct rw_buf *out, struct rw_err *err)
{
	rw_buf_addc(out, '?');
	return rw_sigv4_presign(signer, &(struct rw_sigv4_link){
		.host = parts->host, .path = parts->path,
		.query = parts->query, .when = parts->now,
		.expires = parts->expires}, out, err);
}

const struct rw_link_scheme rw_link_sigv4 = {
	.name = "sigv4", .title = "SigV4",
	.longest = RW_SIGV4_EXPIRES_MAX, .ends_with_token = true,
	.is_wanted = rw_link_has_store, .is_set = rw_link_has_store,
	.start = rw_link_start_at_store,
	.open = open_sigv4, .close = close_sigv4, .make = make_sigv4,
	.read = rw_link_read_object,
};
