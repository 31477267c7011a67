/*
 * Zip archives in memory, one after the other.
 *
 * A part that was packed before is not packed again: a workbook has some
 * twenty small parts, most of which are the same, byte for byte, in one report
 * and the next. The archives are the same whatever was packed before.
 *
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
 */
#ifndef RW_WIRE_ZIP_H
#define RW_WIRE_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_zip;		/* for one archive at a time, in one thread */

/* NULL with err when there is no memory. */
struct rw_zip *
rw_zip_new(struct rw_err *err);

/* Accepts NULL. */
void
rw_zip_delete(struct rw_zip *zip);

/* Begins an empty archive. */
void
rw_zip_begin(struct rw_zip *zip);

/* To add a part: begin, write its bytes, end. Each call returns false when the
 * part cannot be added, because its name is too long, it is empty, or there is
 * no memory. */
bool
rw_zip_begin_part(struct rw_zip *zip, const char *name);

bool
rw_zip_add(struct rw_zip *zip, const void *bytes, size_t len);

bool
rw_zip_end_part(struct rw_zip *zip);

/* Appends the archive to out. RW_DATA when out is full; RW_IO when there is no
 * memory. */
bool
rw_zip_end(struct rw_zip *zip, struct rw_buf *out, struct rw_err *err);

#endif
