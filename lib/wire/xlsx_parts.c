/*
 * libxlsxwriter puts a workbook together from some twenty temporary files,
 * each made, written, read back and removed: a fifth of the time. This
 * function takes the place of the library's own, which its shared object
 * calls by name, and keeps the parts in memory. It is weak: where the library
 * is linked in statically, or never asks, everything works as without it.
 */
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

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

/* 0 is how a cookie says that it failed. */
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

FILE *
lxw_tmpfile(const char *directory);

__attribute__((weak)) FILE *
lxw_tmpfile(const char *directory)
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
