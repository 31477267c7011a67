/*
 * The part of rw-put --check that tries links: which schemes the store honours,
 * and whether links as rw-presign would make them work where followers use them.
 */
#ifndef RW_TOOLS_PUT_LINKS_H
#define RW_TOOLS_PUT_LINKS_H

#include <stdint.h>

#include "checklist.h"
#include "store/s3.h"

/* The options of rw-presign. */
struct rw_put_links {
	const char *scheme;	/* a word of --scheme */
	uint64_t expires;	/* seconds */
	int64_t at;		/* signing time; -1: now */
	/* As in rw_s3_options. */
	int64_t (*grace_ms)(void);
};

/* The object that the links lead to. */
struct rw_put_probe {
	const char *key;
	const char *version;	/* NULL: none */
	const char *bytes;
};

/* Prints a line for each scheme, and a line for the links of a run. */
void
rw_put_try_links(const struct rw_store *store,
	const struct rw_put_links *links, const struct rw_put_probe *probe,
	struct rw_checklist *list);

#endif
