/*
 * Where links lead: what each scheme writes before a key, and the way back from
 * a link to the object that it leads to. rw-presign makes links by this table,
 * and rw-mail judges them by it: within a run only those are mailed that
 * rw-presign would have made with the same settings, to the report's own
 * objects. No network, no secrets.
 */
#ifndef RW_STORE_LINK_PLACE_H
#define RW_STORE_LINK_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/store.h"

enum rw_scheme {
	RW_SCHEME_SIGV4,
	RW_SCHEME_SIGV2,
	RW_SCHEME_CLOUDFRONT,
	RW_SCHEMES
};

/* The object that a link leads to. */
struct rw_link_end {
	struct rw_buf key;
	struct rw_buf version;		/* empty: the latest */
};

struct rw_link_scheme {
	const char *name;		/* the member url_scheme */
	/* The settings are there by which rw-presign makes such links. */
	bool (*is_set)(const struct rw_store *store);
	/* Appends what all links of the scheme begin with, the slash before
	 * the key included. RW_CONFIG. */
	bool (*start)(const struct rw_store *store, struct rw_buf *out,
		struct rw_err *err);
	/* Reads what comes behind that: path, without its query (NULL: there
	 * is none). False when rw-presign writes no such link. */
	bool (*read)(const char *path, size_t len, const char *query,
		struct rw_link_end *end);
};

extern const struct rw_link_scheme rw_link_schemes[RW_SCHEMES];

/* ---- judging a link ------------------------------------------------------ */

struct rw_link_places {
	/* private */
	struct rw_store store;
	struct rw_buf starts[RW_SCHEMES];	/* empty: not set */
	struct rw_link_end end;
};

/* Reads the settings of rw-presign, but for secrets. RW_CONFIG. */
bool
rw_link_places_open(struct rw_link_places *places, struct rw_err *err);

/* Accepts {0}. */
void
rw_link_places_close(struct rw_link_places *places);

/* True when the link leads to this key and this version (NULL: the latest) and
 * nowhere else. Else RW_DATA, which names the member and never the query. */
bool
rw_link_leads_to(struct rw_link_places *places, const char *member,
	const char *url, const char *key, const char *version,
	struct rw_err *err);

#endif
