/*
 * Where links lead: the way back from a link to its object. Within a run
 * rw-mail sends only links that rw-presign would have made with the same
 * settings, to the report's own objects. No network, no secrets.
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
