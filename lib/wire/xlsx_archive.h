/*
 * Where libxlsxwriter's archive goes: into memory, or into a file as the
 * library writes it. Two implementations, of which the Makefile links one.
 *
 * xlsx_memory.c (the default) takes the place of the functions by which the
 * library writes temporary files and archives, which halves the cost of a
 * report. xlsx_file.c (XLSX_MEMORY=0) replaces nothing. Both give workbooks of
 * the same parts.
 *
 * Source: minizip/zip.h, xlsxwriter/utility.h.
 */
#ifndef RW_WIRE_XLSX_ARCHIVE_H
#define RW_WIRE_XLSX_ARCHIVE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_xlsx_archive;		/* for one workbook at a time; one thread */

/* NULL with err when there is no memory. */
struct rw_xlsx_archive *
rw_xlsx_archive_new(struct rw_err *err);

/* Accepts NULL. */
void
rw_xlsx_archive_delete(struct rw_xlsx_archive *archive);

/* The workbook that this thread closes before rw_xlsx_archive_end is meant
 * for the archive, which stays borrowed. */
void
rw_xlsx_archive_begin(struct rw_xlsx_archive *archive);

/* Whether the workbook is to be made once more: the library wrote into memory
 * and failed, or wrote in a way that the replaced functions do not know. From
 * then on it writes into files, in all of the process. */
bool
rw_xlsx_archive_is_lost(struct rw_xlsx_archive *archive, bool failed);

/* Appends the workbook to out; the library was given the path. RW_IO when a
 * file cannot be read, or for want of memory; RW_DATA when out is full. */
bool
rw_xlsx_archive_end(struct rw_xlsx_archive *archive, const char *path,
	struct rw_buf *out, struct rw_err *err);

/* "memory" or "file": where the last workbook was written. */
const char *
rw_xlsx_archive_place(const struct rw_xlsx_archive *archive);

#endif
