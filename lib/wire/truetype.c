#include "wire/truetype.h"

#include <limits.h>
#include <string.h>
#include <harfbuzz/hb.h>
#include <harfbuzz/hb-subset.h>

#include "wire/truetype_check.h"

/* The tables that libharu reads. It refuses a font that lacks one of them. */
static const char *const needed[] = {"OS/2", "cmap", "cvt ", "fpgm", "glyf",
	"head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"};

enum { NEEDED = sizeof needed / sizeof *needed };

static hb_tag_t
tag_of(const char *name)
{
	return HB_TAG((unsigned char)name[0], (unsigned char)name[1],
		(unsigned char)name[2], (unsigned char)name[3]);
}

static bool
not_whole(const char *name, struct rw_err *err)
{
	return rw_fail(err, RW_DATA, "%s is not a complete TrueType font",
		name);
}

/* ---- the large font ---------------------------------------------------- */

static size_t
long_at(const char *bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;

	return (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 |
		b[3];
}

/* Clears the checksum of the file, and the times of creation and change, in the
 * table head. False when a table extends beyond the file: HarfBuzz would accept
 * the incomplete table. */
static bool
prepare(char *font, size_t len)
{
	size_t tables = len < 12 ? 0 : long_at(font + 4) >> 16, i, at, size;

	for (i = 0; i < tables; i++) {
		const char *entry = font + 12 + 16 * i;

		if (12 + 16 * (i + 1) > len)
			return false;
		at = long_at(entry + 8);
		size = long_at(entry + 12);
		if (at > len || size > len - at)
			return false;
		if (memcmp(entry, "head", 4) == 0 && size >= 36) {
			memset(font + at + 8, 0, 4);
			memset(font + at + 20, 0, 16);
		}
	}
	return tables > 0;
}

/* NULL: no memory, or an incomplete font. */
static hb_face_t *
open_face(const void *font, size_t len, const char *name, struct rw_err *err)
{
	hb_blob_t *blob = len > UINT_MAX ? NULL : hb_blob_create_or_fail(font,
		(unsigned)len, HB_MEMORY_MODE_DUPLICATE, NULL, NULL);
	hb_face_t *face = NULL;
	unsigned size = 0;
	char *writable;

	writable = blob != NULL ? hb_blob_get_data_writable(blob, &size) :
		NULL;
	if (writable == NULL)
		rw_fail_memory(err, "the font %s", name);
	else if (prepare(writable, size))
		face = hb_face_create(blob, 0);
	else
		not_whole(name, err);
	hb_blob_destroy(blob);
	return face;
}

/* ---- the small font ---------------------------------------------------- */

/* Keeps only the required tables. */
static void
choose_tables(hb_subset_input_t *input, hb_face_t *face)
{
	hb_set_t *dropped = hb_subset_input_set(input,
		HB_SUBSET_SETS_DROP_TABLE_TAG);
	hb_tag_t tags[64];
	unsigned start = 0, n = 64, i;

	while (hb_face_get_table_tags(face, start, &n, tags) > start &&
	    n > 0) {
		for (i = 0; i < n; i++)
			hb_set_add(dropped, tags[i]);
		start += n;
		n = 64;
	}
	for (i = 0; i < NEEDED; i++)
		hb_set_del(dropped, tag_of(needed[i]));
}

static hb_face_t *
subset(hb_face_t *face, const struct rw_char_range *ranges, size_t n)
{
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	hb_set_t *characters;
	hb_face_t *small;
	size_t i;

	if (input == NULL)
		return NULL;
	characters = hb_subset_input_unicode_set(input);
	for (i = 0; i < n; i++)
		hb_set_add_range(characters, ranges[i].first, ranges[i].last);
	choose_tables(input, face);
	small = hb_subset_or_fail(face, input);
	hb_subset_input_destroy(input);
	return small;
}

/* HarfBuzz leaves out a damaged table, or makes it empty. */
static bool
is_whole(hb_face_t *face)
{
	bool whole = true;
	size_t i;

	for (i = 0; i < NEEDED && whole; i++) {
		hb_blob_t *table = hb_face_reference_table(face,
			tag_of(needed[i]));

		whole = hb_blob_get_length(table) > 0;
		hb_blob_destroy(table);
	}
	return whole;
}

static bool
append(hb_face_t *face, const char *name, struct rw_buf *out,
	struct rw_err *err)
{
	hb_blob_t *blob = hb_face_reference_blob(face);
	unsigned len = 0;
	const char *bytes = hb_blob_get_data(blob, &len);
	bool good = rw_truetype_check(bytes, len, name, err);

	if (good) {
		rw_buf_add(out, bytes, len);
		good = rw_buf_ok(out, name, err);
	}
	hb_blob_destroy(blob);
	return good;
}

bool
rw_truetype_reduce(const void *font, size_t len, const char *name,
	const struct rw_char_range *ranges, size_t n, struct rw_buf *out,
	struct rw_err *err)
{
	hb_face_t *face = open_face(font, len, name, err), *small = NULL;
	bool good = false;

	if (face == NULL)
		return false;
	if (is_whole(face))
		small = subset(face, ranges, n);
	if (small == NULL || !is_whole(small))
		not_whole(name, err);
	else
		good = append(small, name, out, err);
	hb_face_destroy(small);
	hb_face_destroy(face);
	return good;
}
