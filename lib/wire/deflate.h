/*
 * DEFLATE (RFC 1951), raw or in the formats zlib (RFC 1950) and gzip (RFC
 * 1952), for bytes in memory. The same bytes always give the same result,
 * independent of earlier calls; no time and no name is stored.
 *
 * Errors: RW_BUG when there is no room for the result; RW_IO when there is no
 * memory, or the level does not exist. Source:
 * https://github.com/ebiggers/libdeflate, libdeflate.h
 */
#ifndef RW_WIRE_DEFLATE_H
#define RW_WIRE_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum rw_deflate_form {
	RW_DEFLATE_RAW,
	RW_DEFLATE_ZLIB,
	RW_DEFLATE_GZIP,
};

struct rw_deflater;		/* for one thread */

/* level: from 1, the fastest, to 12, the smallest. */
struct rw_deflater *
rw_deflater_new(int level, struct rw_err *err);

void
rw_deflater_delete(struct rw_deflater *deflater);

/* Appends bytes, compressed. */
bool
rw_deflate(struct rw_deflater *deflater, enum rw_deflate_form form,
	const void *bytes, size_t len, struct rw_buf *out, struct rw_err *err);

/* Appends the decompressed bytes, at most max. False without appending anything
 * when there are more, or when bytes do not begin with a complete stream of
 * this format. Bytes after the stream are ignored. */
bool
rw_inflate(enum rw_deflate_form form, const void *bytes, size_t len,
	size_t max, struct rw_buf *out);

/* The checksum (CRC-32) of gzip files and zip archives. */
uint32_t
rw_crc32(const void *bytes, size_t len);

#endif
