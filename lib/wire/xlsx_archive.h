/*
 * The destination of libxlsxwriter's archive: memory, or a file as the library
 * writes it. There are two implementations; the Makefile links one of them.
 *
 * xlsx_memory.c (the default) replaces the functions with which the library
 * writes temporary files and archives, which halves the cost of a report.
 * xlsx_file.c (XLSX_MEMORY=0) replaces nothing. Both make workbooks with the
 * same parts.
 *
 * Source: minizip/zip.h, xlsxwriter/utility.h.
 */
#ifndef RW_WIRE_XLSX_ARCHIVE_H
#define RW_WIRE_XLSX_ARCHIVE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_xlsx_archive;		/* for one workbook at a time, in one thread */

/* NULL with err when there is no memory. */
struct rw_xlsx_archive *
rw_xlsx_archive_new(struct rw_err *err);

/* Accepts NULL. */
void
rw_xlsx_archive_delete(struct rw_xlsx_archive *archive);

/* The next workbook that this thread closes before rw_xlsx_archive_end goes to
 * the archive, which is borrowed until then. */
void
rw_xlsx_archive_begin(struct rw_xlsx_archive *archive);

/* True when the workbook must be made again: the library failed while it wrote
 * to memory, or used calls that our functions do not know. From then on, the
 * library writes to files, in the whole process. */
bool
rw_xlsx_archive_is_lost(struct rw_xlsx_archive *archive, bool failed);

/* Appends the workbook to out. path is the path that the library was given.
 * RW_IO when a file cannot be read, or there is no memory; RW_DATA when out is
 * full. */
bool
rw_xlsx_archive_end(struct rw_xlsx_archive *archive, const char *path,
	struct rw_buf *out, struct rw_err *err);

/* "memory" or "file": the destination of the last workbook. */
const char *
rw_xlsx_archive_place(const struct rw_xlsx_archive *archive);

#endif
