/*
 * Endpoints that name the bucket: copied from a console or from another tool, as
 * https://BUCKET.s3.example.com or https://s3.example.com/BUCKET. The bucket
 * would be in each address twice, and a store takes the second one for a part of
 * the key: uploads work, links and rules do not. Pure.
 */
#ifndef RW_STORE_ENDPOINT_BUCKET_H
#define RW_STORE_ENDPOINT_BUCKET_H

#include <stdbool.h>

#include "base/err.h"
#include "store/store.h"

enum rw_store_style { RW_STYLE_AUTO, RW_STYLE_PATH, RW_STYLE_VIRTUAL };

/* True when the endpoint does not name the bucket. Else RW_CONFIG, with the
 * right value; name is the variable. The words of the operator are believed
 * where both can be meant: RW_STYLE_PATH says that a host is called so, except
 * at the providers that put the bucket there; removes_prefix, that a proxy takes
 * the path off. */
bool
rw_endpoint_lacks_bucket(const char *name, const struct rw_endpoint *endpoint,
	const char *bucket, enum rw_store_style style, bool removes_prefix,
	struct rw_err *err);

/* The host is an address of IP. */
bool
rw_endpoint_is_address(const struct rw_endpoint *endpoint);

#endif
