/*
 * Zip archives, behind the interface by which libxlsxwriter writes them.
 *
 * A workbook is an archive of some twenty small parts, most of which are the
 * same, byte for byte, in one report and the next. The five functions of
 * minizip's public interface that libxlsxwriter calls are here once more: a
 * part that was packed before is not packed again, and the archive stays in
 * memory. They are weak, and work only between rw_zip_use and rw_zip_done:
 * where libxlsxwriter brings minizip with it, the archive is read from its
 * file. The archives are the same whatever was packed before.
 *
 * Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4; minizip's zip.h.
 */
#ifndef RW_WIRE_ZIP_H
#define RW_WIRE_ZIP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_zip;		/* for one archive after the other; one thread */

/* NULL with err when there is no memory. */
struct rw_zip *
rw_zip_new(struct rw_err *err);

void
rw_zip_delete(struct rw_zip *zip);

/* The archive that this thread opens until rw_zip_done is zip's, which stays
 * borrowed. */
void
rw_zip_use(struct rw_zip *zip);

/* Appends the archive: zip's, or when none was opened there the file's that
 * path names. An archive with a failed part is as it is; its writer was told.
 * RW_IO when the file cannot be read, RW_DATA when out is full. */
bool
rw_zip_done(struct rw_zip *zip, const char *path, struct rw_buf *out,
	struct rw_err *err);

#endif
