/*
 * The configuration of the object store: its location, our identity there, and
 * the form of an object's address. No network.
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
	char *host;		/* with the port unless it is the scheme's
				 * default */
	char *prefix;		/* "" or "/a/b", percent-encoded */
	bool is_virtual;	/* the bucket is part of the host name */
};

struct rw_store {
	bool is_configured;	/* false: no store is configured, and all other
				 * members are 0 */
	struct rw_endpoint endpoint;
	/* The endpoint that followers reach; the same endpoint unless set
	 * otherwise. */
	struct rw_endpoint public_endpoint;
	char *bucket;
	char *region;
	struct rw_identity identity;
	bool signs_prefix;	/* RW_S3_SIGN_PREFIX */
	const struct rw_provider *provider;	/* NULL: not known */
};

/* Reads MINIO_*, AWS_* as second choice, and RW_S3_*. True with is_configured
 * false when none of MINIO_ENDPOINT_URL, MINIO_ACCESS_KEY, MINIO_SECRET_KEY and
 * MINIO_BUCKET_NAME is set. Fails when only some of them are set, and no second
 * choice for the others. */
bool
rw_store_load(struct rw_store *store, struct rw_err *err);

/* The same for callers that only compare addresses: reads no keys, and leaves
 * identity empty. */
bool
rw_store_load_place(struct rw_store *store, struct rw_err *err);

/* Wipes the secrets. Accepts {0}. */
void
rw_store_free(struct rw_store *store);

/* The address of one request, and its signed parts. */
struct rw_target {
	struct rw_buf host;	/* including the bucket in virtual style */
	struct rw_buf url;	/* without a query */
	struct rw_buf path;	/* the signed path, percent-encoded */
	struct rw_buf resource;	/* "/bucket/key", percent-encoded */
};

/* Fills target, whose buffers it reuses. key NULL: the bucket itself. */
bool
rw_store_target(const struct rw_store *store,
	const struct rw_endpoint *endpoint, const char *key,
	struct rw_target *target, struct rw_err *err);

void
rw_target_free(struct rw_target *target);

/* Reads one endpoint URL; name is the variable, for messages. secure determines
 * the scheme of a URL without one; with must_match, a URL with the other scheme
 * is refused. Exposed for its unit test. */
bool
rw_endpoint_parse(const char *name, const char *url, bool secure,
	bool must_match, struct rw_endpoint *endpoint, struct rw_err *err);

void
rw_endpoint_free(struct rw_endpoint *endpoint);

#endif
