/*
 * Functions for the schemes whose links lead to an object of the store: they
 * make the start of such a link, and read a link.
 */
#ifndef RW_STORE_LINK_OBJECT_H
#define RW_STORE_LINK_OBJECT_H

#include "store/link_scheme.h"

/* These are members of struct rw_link_scheme. */
bool
rw_link_has_store(const struct rw_store *store);

bool
rw_link_start_at_store(const struct rw_store *store, struct rw_buf *out,
	struct rw_err *err);

bool
rw_link_read_object(const char *path, size_t len, const char *query,
	struct rw_link_end *end);

#endif
