/*
 * Download links: the scheme that signs them, their contents, and their
 * lifetime. Offline; the same input at the same time gives the same link.
 *
 * Errors: RW_CONFIG for settings, and when no scheme supports the lifetime
 * requested; RW_DATA for a key from which no link can be made.
 */
#ifndef RW_STORE_LINK_H
#define RW_STORE_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/period.h"
#include "record/report_name.h"
#include "store/link_scheme.h"
#include "store/store.h"

/* The file name for the browser. It is reused from link to link, because a run
 * has one month. */
struct rw_link_name {
	struct rw_period period;
	int64_t revision;	/* 0: no name is stored */
	struct rw_buf plain;	/* "response-content-disposition=..." */
	struct rw_buf encoded;	/* the same for the query */
};

struct rw_linker {
	const struct rw_link_scheme *scheme;
	uint64_t expires;		/* seconds */
	/* private */
	const struct rw_store *store;
	void *signer;			/* of scheme */
	const char *brand;		/* NULL: no download name */
	bool brand_is_ascii;
	struct rw_buf address;		/* of every object, up to the key */
	struct rw_target start;		/* the signed parts of address */
	struct rw_link_name names[RW_REPORT_FILES];
	struct rw_buf key, path, query, resource;
};

/* scheme is a word of --scheme. store is borrowed until close and must be
 * configured. Reads RW_LINK_BASE_URL, RW_CLOUDFRONT_* and RW_DOWNLOAD_NAME. */
bool
rw_linker_open(struct rw_linker *linker, const struct rw_store *store,
	const char *scheme, uint64_t expires, struct rw_err *err);

/* Accepts {0}. */
void
rw_linker_close(struct rw_linker *linker);

/* From now on the links contain no file name. False when they had none
 * before. */
bool
rw_linker_drop_name(struct rw_linker *linker);

struct rw_link {
	const char *key;
	const char *version;		/* of the object; NULL: the latest */
	struct rw_period period;	/* these three make the file name */
	int64_t revision;
	enum rw_report_file file;
	int64_t now;			/* seconds since 1970 */
};

/* Appends the link. */
bool
rw_linker_make(struct rw_linker *linker, const struct rw_link *link,
	struct rw_buf *out, struct rw_err *err);

#endif
