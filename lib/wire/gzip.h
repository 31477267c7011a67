/*
 * gzip (RFC 1952) over zlib, for bytes at hand. The same bytes always give the
 * same result: no time, no name.
 *
 * Errors: RW_BUG when zlib fails.
 */
#ifndef RW_WIRE_GZIP_H
#define RW_WIRE_GZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends bytes, compressed. */
bool
rw_gzip(const void *bytes, size_t len, struct rw_buf *out,
	struct rw_err *err);

#endif
