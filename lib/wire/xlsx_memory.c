/*
 * libxlsxwriter composes a workbook from about twenty temporary files, and
 * packs them with minizip into a further file. Its shared object calls the
 * functions below by name, and so finds these instead of its own and minizip's.
 * The parts and the archive stay in memory, and an unchanged part is not packed
 * again.
 *
 * The library gets a real handle of minizip, for an archive without a file. So
 * any other function of minizip, of this version or a later one, finds what it
 * expects. When such a function writes to that archive, or when a call is
 * unknown to the functions below, the archive in memory is not what the library
 * intended. It is discarded, and from then on all calls of this process are
 * passed on to minizip.
 *
 * The functions are weak symbols: if the library contains its own minizip, they
 * are never called, and the archive is read from its file.
 */
#include "wire/xlsx_archive.h"

#include <dlfcn.h>
#include <minizip/zip.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>
#include <xlsxwriter/utility.h>

#include "base/file.h"
#include "wire/zip.h"

struct rw_xlsx_archive {
	struct rw_zip *zip;
	zipFile handle;		/* minizip's; NULL: not open */
	bool opened, closed;
	bool strange;		/* written with unknown calls */
	uint64_t elsewhere;	/* bytes that minizip wrote to the handle */
};

/* The archive that the library writes to in this thread. */
static _Thread_local struct rw_xlsx_archive *current;

/* The installed library uses calls that are not known here. */
static atomic_bool given_up;

struct rw_xlsx_archive *
rw_xlsx_archive_new(struct rw_err *err)
{
	struct rw_xlsx_archive *archive = calloc(1, sizeof *archive);

	if (archive == NULL) {
		rw_fail_memory(err, "workbooks");
		return NULL;
	}
	archive->zip = rw_zip_new(err);
	if (archive->zip == NULL) {
		rw_xlsx_archive_delete(archive);
		return NULL;
	}
	return archive;
}

void
rw_xlsx_archive_delete(struct rw_xlsx_archive *archive)
{
	if (archive == NULL)
		return;
	rw_zip_delete(archive->zip);
	free(archive);
}

void
rw_xlsx_archive_begin(struct rw_xlsx_archive *archive)
{
	archive->handle = NULL;
	archive->opened = archive->closed = archive->strange = false;
	archive->elsewhere = 0;
	current = archive;
}

bool
rw_xlsx_archive_is_lost(struct rw_xlsx_archive *archive, bool failed)
{
	if (!archive->opened || (!failed && !archive->strange))
		return false;
	if (archive->handle != NULL)
		zipClose(archive->handle, NULL);
	current = NULL;
	atomic_store(&given_up, true);
	return true;
}

bool
rw_xlsx_archive_end(struct rw_xlsx_archive *archive, const char *path,
	struct rw_buf *out, struct rw_err *err)
{
	current = NULL;
	if (!archive->opened)
		return rw_file_read(path, out, err);
	if (!archive->closed)
		return rw_fail(err, RW_BUG, "%s: the library did not close "
			"the workbook's archive", path);
	return rw_zip_end(archive->zip, out, err);
}

const char *
rw_xlsx_archive_place(const struct rw_xlsx_archive *archive)
{
	return archive->opened ? "memory" : "file";
}

/* ---- an archive that goes nowhere -------------------------------------- */

static void *
open_nowhere(void *archive, const void *path, int mode)
{
	(void)path, (void)mode;
	return archive;
}

static uLong
write_nowhere(void *archive, void *stream, const void *bytes, uLong len)
{
	struct rw_xlsx_archive *a = archive;

	(void)stream, (void)bytes;
	a->elsewhere += len;
	return len;
}

static uLong
read_nowhere(void *archive, void *stream, void *bytes, uLong len)
{
	(void)archive, (void)stream, (void)bytes, (void)len;
	return 0;
}

static ZPOS64_T
tell_nowhere(void *archive, void *stream)
{
	const struct rw_xlsx_archive *a = archive;

	(void)stream;
	return a->elsewhere;
}

static long
seek_nowhere(void *archive, void *stream, ZPOS64_T offset, int origin)
{
	(void)archive, (void)stream, (void)offset, (void)origin;
	return 0;
}

static int
close_nowhere(void *archive, void *stream)
{
	(void)archive, (void)stream;
	return 0;
}

static zipFile
open_handle(struct rw_xlsx_archive *archive)
{
	zlib_filefunc64_def functions = {
		.zopen64_file = open_nowhere, .zread_file = read_nowhere,
		.zwrite_file = write_nowhere, .ztell64_file = tell_nowhere,
		.zseek64_file = seek_nowhere, .zclose_file = close_nowhere,
		.zerror_file = close_nowhere, .opaque = archive};

	return zipOpen2_64("", APPEND_STATUS_CREATE, NULL, &functions);
}

/* ---- minizip's own ----------------------------------------------------- */

/* Sets *function to the function that ours replaces; NULL when there is none.
 * dlsym returns a pointer to an object, which ISO C does not convert. */
static void
find_next(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof found);
}

/* True when the handle belongs to an archive in memory. */
static bool
is_our_archive(zipFile file)
{
	return current != NULL && file != NULL && file == current->handle;
}

/* ---- what libxlsxwriter calls of it ------------------------------------ */

__attribute__((weak)) zipFile ZEXPORT
zipOpen(const char *path, int append)
{
	__typeof__(zipOpen) *next;

	if (current == NULL || atomic_load(&given_up) ||
	    append != APPEND_STATUS_CREATE) {
		find_next("zipOpen", &next);
		return next != NULL ? next(path, append) : NULL;
	}
	current->handle = open_handle(current);
	if (current->handle == NULL)
		return NULL;
	current->strange = current->strange || current->opened;
	current->opened = true;
	rw_zip_begin(current->zip);
	return current->handle;
}

__attribute__((weak)) int ZEXPORT
zipOpenNewFileInZip4_64(zipFile file, const char *name,
	const zip_fileinfo *info, const void *extra_local,
	uInt extra_local_len, const void *extra_global, uInt extra_global_len,
	const char *comment, int method, int level, int raw, int window_bits,
	int memory_level, int strategy, const char *password,
	uLong password_crc, uLong version, uLong flags, int zip64)
{
	__typeof__(zipOpenNewFileInZip4_64) *next;

	if (!is_our_archive(file)) {
		find_next("zipOpenNewFileInZip4_64", &next);
		return next == NULL ? ZIP_PARAMERROR : next(file, name, info,
			extra_local, extra_local_len, extra_global,
			extra_global_len, comment, method, level, raw,
			window_bits, memory_level, strategy, password,
			password_crc, version, flags, zip64);
	}
	if (method != Z_DEFLATED || raw != 0 || password != NULL ||
	    comment != NULL || extra_local_len + extra_global_len > 0)
		current->strange = true;
	return rw_zip_begin_part(current->zip, name) ? ZIP_OK :
		ZIP_PARAMERROR;
}

__attribute__((weak)) int ZEXPORT
zipWriteInFileInZip(zipFile file, const void *bytes, unsigned len)
{
	__typeof__(zipWriteInFileInZip) *next;

	if (is_our_archive(file))
		return rw_zip_add(current->zip, bytes, len) ? ZIP_OK :
			ZIP_INTERNALERROR;
	find_next("zipWriteInFileInZip", &next);
	return next != NULL ? next(file, bytes, len) : ZIP_PARAMERROR;
}

__attribute__((weak)) int ZEXPORT
zipCloseFileInZip(zipFile file)
{
	__typeof__(zipCloseFileInZip) *next;

	if (is_our_archive(file))
		return rw_zip_end_part(current->zip) ? ZIP_OK :
			ZIP_INTERNALERROR;
	find_next("zipCloseFileInZip", &next);
	return next != NULL ? next(file) : ZIP_PARAMERROR;
}

/* When minizip closes its own archive, it closes an open part and writes the
 * directory. Until then it has written only if it was called. */
__attribute__((weak)) int ZEXPORT
zipClose(zipFile file, const char *comment)
{
	__typeof__(zipClose) *next;

	find_next("zipClose", &next);
	if (is_our_archive(file)) {
		current->strange = current->strange || comment != NULL ||
			current->elsewhere > 0;
		current->closed = true;
		current->handle = NULL;
	}
	return next != NULL ? next(file, comment) : ZIP_PARAMERROR;
}

/* ---- its temporary files ----------------------------------------------- */

/* A file in memory, for fopencookie(3). */
struct part {
	struct rw_buf bytes;
	size_t at;
};

static ssize_t
read_part(void *cookie, char *bytes, size_t len)
{
	struct part *part = cookie;
	size_t left = part->bytes.len - part->at;

	if (len > left)
		len = left;
	if (len > 0)
		memcpy(bytes, part->bytes.data + part->at, len);
	part->at += len;
	return (ssize_t)len;
}

/* A cookie function returns 0 on failure. */
static ssize_t
write_part(void *cookie, const char *bytes, size_t len)
{
	struct part *part = cookie;
	size_t over = part->bytes.len - part->at;

	if (over > len)
		over = len;
	if (over > 0)
		memcpy(part->bytes.data + part->at, bytes, over);
	rw_buf_add(&part->bytes, bytes + over, len - over);
	if (part->bytes.failed)
		return 0;
	part->at += len;
	return (ssize_t)len;
}

static int
seek_part(void *cookie, off64_t *offset, int whence)
{
	struct part *part = cookie;
	off64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ?
		(off64_t)part->at : (off64_t)part->bytes.len;
	off64_t to = from + *offset;

	if (to < 0 || to > (off64_t)part->bytes.len)
		return -1;
	part->at = (size_t)to;
	*offset = to;
	return 0;
}

static int
close_part(void *cookie)
{
	struct part *part = cookie;

	rw_buf_free(&part->bytes);
	free(part);
	return 0;
}

/* The library's header declares the parameter as char * up to version 1.1 and
 * as const char * later: a definition under its own name would fit one only. */
_Static_assert(_Generic(&lxw_tmpfile, FILE *(*)(char *): true,
	FILE *(*)(const char *): true, default: false),
	"lxw_tmpfile takes other arguments than the function in its place");

FILE *
rw_xlsx_part(const char *directory) __asm__("lxw_tmpfile")
	__attribute__((weak));

FILE *
rw_xlsx_part(const char *directory)
{
	const cookie_io_functions_t functions = {
		read_part, write_part, seek_part, close_part};
	struct part *part = calloc(1, sizeof *part);
	FILE *file;

	(void)directory;
	if (part == NULL)
		return NULL;
	file = fopencookie(part, "w+", functions);
	if (file == NULL)
		free(part);
	else
		__fsetlocking(file, FSETLOCKING_BYCALLER);
	return file;
}
