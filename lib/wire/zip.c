#include "wire/zip.h"

#include <stdlib.h>
#include <string.h>

#include "wire/deflate.h"

/* The fastest level: a fifteenth more bytes than the middle level, in two
 * fifths of the time. */
enum { LEVEL = 1 };

enum { KEPT = 64, NAME_MAX_BYTES = 64 };

/* A part as it was last packed, in this archive or an earlier one. */
struct part {
	char name[NAME_MAX_BYTES];
	struct rw_buf raw, packed;
	uint32_t crc;
};

struct rw_zip {
	struct part parts[KEPT];
	size_t count;
	struct rw_deflater *deflater;
	/* Of the archive being written: */
	struct rw_buf name, raw;	/* of the part being written */
	struct rw_buf archive, directory;
	unsigned entries;
};

struct rw_zip *
rw_zip_new(struct rw_err *err)
{
	struct rw_zip *zip = calloc(1, sizeof *zip);

	if (zip == NULL) {
		rw_fail_memory(err, "archives");
		return NULL;
	}
	zip->deflater = rw_deflater_new(LEVEL, err);
	if (zip->deflater == NULL) {
		rw_zip_delete(zip);
		return NULL;
	}
	return zip;
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
	rw_deflater_delete(zip->deflater);
	rw_buf_free(&zip->name);
	rw_buf_free(&zip->raw);
	rw_buf_free(&zip->archive);
	rw_buf_free(&zip->directory);
	free(zip);
}

void
rw_zip_begin(struct rw_zip *zip)
{
	rw_buf_reset(&zip->archive);
	rw_buf_reset(&zip->directory);
	zip->entries = 0;
}

/* ---- parts ------------------------------------------------------------- */

static bool
pack(struct rw_zip *zip, struct part *part)
{
	rw_buf_reset(&part->packed);
	part->crc = rw_crc32(part->raw.data, part->raw.len);
	return rw_deflate(zip->deflater, RW_DEFLATE_RAW, part->raw.data,
		part->raw.len, &part->packed, NULL);
}

/* The slot for parts with this name; the last slot when there are too many
 * names. */
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

/* Packs the part being written; NULL on failure. */
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

/* Adds the fields that the two headers of a part have in common. */
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

/* ---- writing ----------------------------------------------------------- */

bool
rw_zip_begin_part(struct rw_zip *zip, const char *name)
{
	rw_buf_reset(&zip->name);
	rw_buf_reset(&zip->raw);
	if (strlen(name) >= NAME_MAX_BYTES)
		return false;
	rw_buf_adds(&zip->name, name);
	return !zip->name.failed;
}

bool
rw_zip_add(struct rw_zip *zip, const void *bytes, size_t len)
{
	rw_buf_add(&zip->raw, bytes, len);
	return !zip->raw.failed;
}

bool
rw_zip_end_part(struct rw_zip *zip)
{
	const struct part *part = get_part(zip);

	if (part == NULL)
		return false;
	add_part(zip, part);
	return true;
}

bool
rw_zip_end(struct rw_zip *zip, struct rw_buf *out, struct rw_err *err)
{
	add_end(zip);
	rw_buf_add(out, zip->archive.data, zip->archive.len);
	return rw_buf_ok(&zip->archive, "an archive", err) &&
		rw_buf_ok(&zip->directory, "an archive", err) &&
		rw_buf_ok(out, "an archive", err);
}
