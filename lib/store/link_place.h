/*
 * Finds the object that a link leads to. Within a run, rw-mail sends only links
 * that rw-presign would have made with the same settings, to the report's own
 * objects. Uses no network and no secrets.
 */
#ifndef RW_STORE_LINK_PLACE_H
#define RW_STORE_LINK_PLACE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/link_scheme.h"

struct rw_link_places {
	/* private */
	struct rw_store store;
	struct rw_buf starts[RW_SCHEMES];	/* empty: not set */
	struct rw_link_end end;
};

/* Reads the settings of rw-presign, except secrets. RW_CONFIG. */
bool
rw_link_places_open(struct rw_link_places *places, struct rw_err *err);

/* Accepts {0}. */
void
rw_link_places_close(struct rw_link_places *places);

/* True when the link leads to exactly this key and this version (NULL: the
 * latest). Otherwise RW_DATA, which names the member and never shows the
 * query. */
bool
rw_link_leads_to(struct rw_link_places *places, const char *member,
	const char *url, const char *key, const char *version,
	struct rw_err *err);

#endif
