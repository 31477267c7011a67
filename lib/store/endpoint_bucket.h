/*
 * Detects endpoints that name the bucket, such as https://BUCKET.s3.example.com
 * or https://s3.example.com/BUCKET, copied from a console or a different tool.
 * Each address would contain the bucket twice, and the store would read the
 * second one as a part of the key: uploads would work, but links and rules
 * would not. Pure.
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
	/* The operator's settings, which decide ambiguous cases. RW_STYLE_PATH:
	 * the bucket's name is part of the host's own name (except for a
	 * provider that puts the bucket there). removes_prefix: a proxy removes
	 * the path. */
	enum rw_store_style style;
	bool removes_prefix;
};

/* True when the endpoint does not name the bucket. Otherwise RW_CONFIG with the
 * right value. */
bool
rw_endpoint_lacks_bucket(const struct rw_endpoint_words *words,
	struct rw_err *err);

/* True when the host is an IP address. */
bool
rw_endpoint_is_address(const char *host);

#endif
