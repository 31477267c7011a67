/*
 * The table of link schemes. rw-presign makes links by this table, and rw-mail
 * checks them by it.
 *
 * To add a scheme: link_NAME.c, which defines rw_link_NAME, and a row of
 * RW_LINK_SCHEMES; in the Makefile, link_NAME in LINK_SCHEMES.
 */
#ifndef RW_STORE_LINK_SCHEME_H
#define RW_STORE_LINK_SCHEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

/* In the order in which "auto" tries them. */
#define RW_LINK_SCHEMES(ROW) \
	ROW(sigv4) \
	ROW(link) \
	ROW(cloudfront) \
	ROW(sigv2)

/* The object that a link leads to. */
struct rw_link_end {
	struct rw_buf key;
	struct rw_buf version;		/* empty: the latest */
};

/* One link before it is signed. */
struct rw_link_parts {
	const char *host;	/* of the store */
	const char *path;	/* percent-encoded, with the key */
	const char *resource;	/* path with the bucket and the unencoded
				 * parameters, as SigV2 signs them */
	const char *key;	/* percent-encoded */
	const char *query;	/* the encoded parameters; "": none */
	int64_t now;		/* seconds since 1970 */
	uint64_t expires;	/* seconds */
};

struct rw_link_scheme {
	const char *name;	/* the member url_scheme, and --scheme */
	const char *title;	/* for messages */
	uint64_t longest;	/* longest lifetime in seconds; 0: unlimited */
	bool is_sigv2;		/* some providers do not accept such links */
	bool ends_with_token;	/* a link expires with the session token */

	/* True when "auto" may choose the scheme. */
	bool (*is_wanted)(const struct rw_store *store);

	/* True when all settings are present that rw-presign needs for such
	 * links. */
	bool (*is_set)(const struct rw_store *store);

	/* Appends the text that all links of the scheme begin with, including
	 * the slash before the key. RW_CONFIG. */
	bool (*start)(const struct rw_store *store, struct rw_buf *out,
		struct rw_err *err);

	/* The caller owns *signer until close, which accepts NULL; store is
	 * borrowed until then. RW_CONFIG. */
	bool (*open)(void **signer, const struct rw_store *store,
		struct rw_err *err);
	void (*close)(void *signer);

	/* Appends the rest of a link to out, which has its start and its key. */
	bool (*make)(void *signer, const struct rw_link_parts *parts,
		struct rw_buf *out, struct rw_err *err);

	/* Reads the part of a link after its start: path, and query (NULL:
	 * none). False when rw-presign does not write such links. */
	bool (*read)(const char *path, size_t len, const char *query,
		struct rw_link_end *end);
};

#define RW_LINK_DECLARE(name) extern const struct rw_link_scheme rw_link_##name;
RW_LINK_SCHEMES(RW_LINK_DECLARE)

#define RW_LINK_COUNT(name) + 1
enum { RW_SCHEMES = 0 RW_LINK_SCHEMES(RW_LINK_COUNT) };

extern const struct rw_link_scheme *const rw_link_schemes[RW_SCHEMES];

/* NULL when no scheme has this name. */
const struct rw_link_scheme *
rw_link_scheme_find(const char *name);

/* "sigv4, cloudfront or sigv2": all names; appended. */
void
rw_link_scheme_names(struct rw_buf *out);

#endif
