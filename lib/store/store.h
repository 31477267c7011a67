/*
 * The object store as it is configured: where it is, who we are there, and
 * how an object's address is written. No network.
 *
 * Errors: RW_CONFIG, naming the variable.
 */
#ifndef RW_STORE_STORE_H
#define RW_STORE_STORE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/provider.h"
#include "wire/sigv4.h"

struct rw_endpoint {
	char *scheme;		/* "http" or "https" */
	char *host;		/* with the port unless it is the scheme's */
	char *prefix;		/* "" or "/a/b", percent-encoded */
	bool is_virtual;	/* the bucket is part of the host name */
};

struct rw_store {
	bool is_configured;	/* false: no store is wanted, all else is 0 */
	struct rw_endpoint endpoint;
	/* What followers reach; the same when nothing else is set. */
	struct rw_endpoint public_endpoint;
	char *bucket;
	char *region;
	struct rw_identity identity;
	bool signs_prefix;	/* RW_S3_SIGN_PREFIX */
	const struct rw_provider *provider;	/* NULL: not known */
};

/* Reads MINIO_*, AWS_* as second choice, and RW_S3_*. With none of
 * MINIO_ENDPOINT_URL, MINIO_ACCESS_KEY, MINIO_SECRET_KEY and
 * MINIO_BUCKET_NAME it is true and is_configured is false; with some of them
 * and no second choice for the rest it fails. */
bool
rw_store_load(struct rw_store *store, struct rw_err *err);

/* The same for those who only compare addresses: reads no keys, and leaves
 * identity empty. */
bool
rw_store_load_place(struct rw_store *store, struct rw_err *err);

/* Wipes the secrets. Accepts {0}. */
void
rw_store_free(struct rw_store *store);

/* Where one request goes, and what of it is signed. */
struct rw_target {
	struct rw_buf host;	/* with the bucket when it is part of it */
	struct rw_buf url;	/* without a query */
	struct rw_buf path;	/* that is signed: percent-encoded */
	struct rw_buf resource;	/* "/bucket/key", percent-encoded */
};

/* Fills target, whose buffers it reuses. key NULL: the bucket itself. */
bool
rw_store_target(const struct rw_store *store,
	const struct rw_endpoint *endpoint, const char *key,
	struct rw_target *target, struct rw_err *err);

void
rw_target_free(struct rw_target *target);

/* Reads one endpoint URL; name is the variable, for messages. secure is what
 * a URL without a scheme means, and a URL with the other scheme is refused
 * when must_match. Exposed for its table of tests. */
bool
rw_endpoint_parse(const char *name, const char *url, bool secure,
	bool must_match, struct rw_endpoint *endpoint, struct rw_err *err);

void
rw_endpoint_free(struct rw_endpoint *endpoint);

#endif
