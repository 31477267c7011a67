#include "wire/zip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/file.h"

enum { KEPT = 64, NAME_MAX_BYTES = 64 };

/* A part as it was packed last, in this archive or an earlier one. */
struct part {
	char name[NAME_MAX_BYTES];
	struct rw_buf raw, packed;
	uLong crc;
};

struct rw_zip {
	struct part parts[KEPT];
	size_t count;
	z_stream stream;
	bool streaming;		/* stream is ready */
	/* Of the archive being written: */
	char *path;
	struct rw_buf name, raw;	/* of the part being written */
	struct rw_buf archive, directory;
	unsigned entries;
	bool failed;
	struct rw_err err;
};

static _Thread_local struct rw_zip *current;

struct rw_zip *
rw_zip_new(void)
{
	return calloc(1, sizeof(struct rw_zip));
}

void
rw_zip_delete(struct rw_zip *zip)
{
	size_t i;

	if (zip == NULL)
		return;
	for (i = 0; i < zip->count; i++) {
		rw_buf_free(&zip->parts[i].raw);
		rw_buf_free(&zip->parts[i].packed);
	}
	if (zip->streaming)
		deflateEnd(&zip->stream);
	rw_buf_free(&zip->name);
	rw_buf_free(&zip->raw);
	rw_buf_free(&zip->archive);
	rw_buf_free(&zip->directory);
	free(zip->path);
	free(zip);
}

void
rw_zip_use(struct rw_zip *zip)
{
	zip->failed = false;
	current = zip;
}

bool
rw_zip_done(struct rw_zip *zip, struct rw_err *err)
{
	current = NULL;
	if (zip->failed && err != NULL)
		*err = zip->err;
	return !zip->failed;
}

/* ---- parts ------------------------------------------------------------- */

static bool
pack(struct rw_zip *zip, struct part *part)
{
	z_stream *z = &zip->stream;
	uLong bound;
	char *room;

	/* Raw deflate: the archive has its own checksums. The fastest: a
	 * twelfth more bytes for a third of the time. */
	if (!zip->streaming && deflateInit2(z, Z_BEST_SPEED,
	    Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	zip->streaming = true;
	bound = deflateBound(z, part->raw.len);
	rw_buf_reset(&part->packed);
	room = rw_buf_room(&part->packed, bound);
	if (room == NULL || deflateReset(z) != Z_OK)
		return false;
	z->next_in = (Bytef *)part->raw.data;
	z->avail_in = (uInt)part->raw.len;
	z->next_out = (Bytef *)room;
	z->avail_out = (uInt)bound;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return false;
	rw_buf_grown(&part->packed, bound - z->avail_out);
	part->crc = crc32(0, (const Bytef *)part->raw.data,
		(uInt)part->raw.len);
	return true;
}

/* The place that is kept for parts of this name; the last one when there are
 * too many names. */
static struct part *
find_part(struct rw_zip *zip, const char *name)
{
	size_t i;

	for (i = 0; i < zip->count; i++)
		if (strcmp(zip->parts[i].name, name) == 0)
			return &zip->parts[i];
	if (zip->count < KEPT)
		return &zip->parts[zip->count++];
	return &zip->parts[KEPT - 1];
}

/* The part being written, packed; NULL when that cannot be done. */
static const struct part *
get_part(struct rw_zip *zip)
{
	const char *name = rw_buf_text(&zip->name);
	struct part *part = find_part(zip, name);
	struct rw_buf old;

	if (strcmp(part->name, name) == 0 && part->raw.len == zip->raw.len &&
	    memcmp(part->raw.data, zip->raw.data, zip->raw.len) == 0)
		return part;
	part->name[0] = '\0';
	old = part->raw;
	part->raw = zip->raw;
	zip->raw = old;
	if (part->raw.len == 0 || !pack(zip, part))
		return NULL;
	strcpy(part->name, name);
	return part;
}

/* ---- the archive ------------------------------------------------------- */

static void
add_number(struct rw_buf *buf, unsigned bytes, unsigned long number)
{
	for (; bytes > 0; bytes--, number >>= 8)
		rw_buf_addc(buf, (char)(number & 255));
}

/* What the two headers of a part have in common. */
static void
add_description(struct rw_buf *buf, const struct part *part)
{
	add_number(buf, 2, 20);		/* version 2.0: deflate */
	add_number(buf, 2, 0);		/* no flags */
	add_number(buf, 2, 8);		/* deflate */
	add_number(buf, 2, 0);		/* 00:00 */
	add_number(buf, 2, 0x21);	/* 1980-01-01, as Excel writes */
	add_number(buf, 4, part->crc);
	add_number(buf, 4, part->packed.len);
	add_number(buf, 4, part->raw.len);
	add_number(buf, 2, strlen(part->name));
	add_number(buf, 2, 0);		/* nothing extra */
}

static void
add_part(struct rw_zip *zip, const struct part *part)
{
	size_t offset = zip->archive.len;

	add_number(&zip->archive, 4, 0x04034b50);
	add_description(&zip->archive, part);
	rw_buf_adds(&zip->archive, part->name);
	rw_buf_add(&zip->archive, part->packed.data, part->packed.len);
	add_number(&zip->directory, 4, 0x02014b50);
	add_number(&zip->directory, 2, 20);
	add_description(&zip->directory, part);
	add_number(&zip->directory, 2, 0);	/* no comment */
	add_number(&zip->directory, 2, 0);	/* on disk 0 */
	add_number(&zip->directory, 2, 0);	/* attributes */
	add_number(&zip->directory, 4, 0);
	add_number(&zip->directory, 4, offset);
	rw_buf_adds(&zip->directory, part->name);
	zip->entries++;
}

static void
add_end(struct rw_zip *zip)
{
	size_t offset = zip->archive.len;

	rw_buf_add(&zip->archive, zip->directory.data, zip->directory.len);
	add_number(&zip->archive, 4, 0x06054b50);
	add_number(&zip->archive, 2, 0);
	add_number(&zip->archive, 2, 0);
	add_number(&zip->archive, 2, zip->entries);
	add_number(&zip->archive, 2, zip->entries);
	add_number(&zip->archive, 4, zip->directory.len);
	add_number(&zip->archive, 4, offset);
	add_number(&zip->archive, 2, 0);
}

static bool
write_archive(struct rw_zip *zip)
{
	int fd, closed;

	if (!rw_buf_ok(&zip->archive, zip->path, &zip->err) ||
	    !rw_buf_ok(&zip->directory, zip->path, &zip->err))
		return false;
	fd = open(zip->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return rw_fail_errno(&zip->err, RW_IO, "cannot write %s",
			zip->path);
	if (!rw_file_write_all(fd, zip->archive.data, zip->archive.len,
	    zip->path, &zip->err)) {
		close(fd);
		return false;
	}
	closed = close(fd);
	return closed == 0 || rw_fail_errno(&zip->err, RW_IO,
		"cannot write %s", zip->path);
}

/* ---- minizip's interface ----------------------------------------------- */

enum { ZIP_OK = 0, ZIP_ERRNO = -1 };

void *
zipOpen(const char *path, int append);

int
zipOpenNewFileInZip4_64(void *file, const char *name, const void *info,
	const void *extra_local, uInt extra_local_len,
	const void *extra_global, uInt extra_global_len, const char *comment,
	int method, int level, int raw, int window_bits, int memory_level,
	int strategy, const char *password, uLong password_crc,
	uLong version, uLong flags, int zip64);

int
zipWriteInFileInZip(void *file, const void *bytes, unsigned len);

int
zipCloseFileInZip(void *file);

int
zipClose(void *file, const char *comment);

__attribute__((weak)) void *
zipOpen(const char *path, int append)
{
	struct rw_zip *zip = current;

	(void)append;
	if (zip == NULL)
		return NULL;
	free(zip->path);
	zip->path = strdup(path);
	rw_buf_reset(&zip->archive);
	rw_buf_reset(&zip->directory);
	zip->entries = 0;
	return zip->path != NULL ? zip : NULL;
}

__attribute__((weak)) int
zipOpenNewFileInZip4_64(void *file, const char *name, const void *info,
	const void *extra_local, uInt extra_local_len,
	const void *extra_global, uInt extra_global_len, const char *comment,
	int method, int level, int raw, int window_bits, int memory_level,
	int strategy, const char *password, uLong password_crc,
	uLong version, uLong flags, int zip64)
{
	struct rw_zip *zip = file;

	/* All of them as every workbook has them. */
	(void)info, (void)extra_local, (void)extra_local_len;
	(void)extra_global, (void)extra_global_len, (void)comment;
	(void)method, (void)level, (void)raw, (void)window_bits;
	(void)memory_level, (void)strategy, (void)password;
	(void)password_crc, (void)version, (void)flags, (void)zip64;
	if (strlen(name) >= NAME_MAX_BYTES)
		return ZIP_ERRNO;
	rw_buf_reset(&zip->name);
	rw_buf_adds(&zip->name, name);
	rw_buf_reset(&zip->raw);
	return zip->name.failed ? ZIP_ERRNO : ZIP_OK;
}

__attribute__((weak)) int
zipWriteInFileInZip(void *file, const void *bytes, unsigned len)
{
	struct rw_zip *zip = file;

	rw_buf_add(&zip->raw, bytes, len);
	return zip->raw.failed ? ZIP_ERRNO : ZIP_OK;
}

__attribute__((weak)) int
zipCloseFileInZip(void *file)
{
	struct rw_zip *zip = file;
	const struct part *part = get_part(zip);

	if (part == NULL)
		return ZIP_ERRNO;
	add_part(zip, part);
	return ZIP_OK;
}

/* libxlsxwriter does not look at what this returns; rw_zip_done tells. */
__attribute__((weak)) int
zipClose(void *file, const char *comment)
{
	struct rw_zip *zip = file;

	(void)comment;
	add_end(zip);
	zip->failed = !write_archive(zip);
	return zip->failed ? ZIP_ERRNO : ZIP_OK;
}
