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

enum rw_store_style { RW_STYLE_AUTO, RW_STYLE_PATH, RW_STYLE_VIRTUAL };

struct rw_endpoint_words {
	const char *name;	/* of the variable */
	const char *scheme, *host, *prefix;	/* as in struct rw_endpoint */
	const char *bucket;
	/* The operator's words, which are believed where both can be meant.
	 * RW_STYLE_PATH: the host is called so (but not that of a provider
	 * which puts the bucket there). removes_prefix: a proxy takes the path
	 * off. */
	enum rw_store_style style;
	bool removes_prefix;
};

/* True when the endpoint does not name the bucket. Else RW_CONFIG, with the
 * right value. */
bool
rw_endpoint_lacks_bucket(const struct rw_endpoint_words *words,
	struct rw_err *err);

/* The host is an address of IP. */
bool
rw_endpoint_is_address(const char *host);

#endif
