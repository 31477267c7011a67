#include "wire/truetype_check.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Bits of fsType with which libharu refuses a font: restricted license, no
 * subsetting, bitmaps only. */
enum { NO_EMBEDDING = 0x0302 };

/* The most components of a glyph, including nested ones. */
enum { COMPONENTS_MAX = 500 };

struct table {
	const unsigned char *bytes;	/* NULL: missing */
	size_t len;
};

/* The state of a glyph; all 0: not examined yet. */
struct glyph {
	uint16_t weight;	/* the glyph and its components */
	uint8_t depth;		/* 1: without components */
};

struct font {
	struct table head, maxp, hhea, hmtx, loca, glyf, os2;
	unsigned glyph_count;
	struct glyph *glyphs;
};

/* ---- numbers ----------------------------------------------------------- */

static unsigned
word_at(const struct table *table, size_t at)
{
	if (table->len < 2 || at > table->len - 2)
		return 0;
	return (unsigned)table->bytes[at] << 8 | table->bytes[at + 1];
}

static size_t
long_at(const struct table *table, size_t at)
{
	return (size_t)word_at(table, at) << 16 | word_at(table, at + 2);
}

static struct table
find_table(const struct table *file, const char *tag)
{
	size_t count = word_at(file, 4), i, at, len;

	for (i = 0; i < count && 12 + 16 * (i + 1) <= file->len; i++) {
		if (memcmp(file->bytes + 12 + 16 * i, tag, 4) != 0)
			continue;
		at = long_at(file, 12 + 16 * i + 8);
		len = long_at(file, 12 + 16 * i + 12);
		if (at <= file->len && len <= file->len - at)
			return (struct table){file->bytes + at, len};
	}
	return (struct table){0};
}

/* ---- glyphs ------------------------------------------------------------ */

static size_t
offset_of(const struct font *font, size_t glyph)
{
	if (word_at(&font->head, 50) == 0)
		return 2 * (size_t)word_at(&font->loca, 2 * glyph);
	return long_at(&font->loca, 4 * glyph);
}

static bool
has_offsets(const struct font *font)
{
	size_t unit = word_at(&font->head, 50) == 0 ? 2 : 4, i, last = 0;

	if (font->loca.len / unit < (size_t)font->glyph_count + 1)
		return false;
	for (i = 0; i <= font->glyph_count; i++) {
		if (offset_of(font, i) < last)
			return false;
		last = offset_of(font, i);
	}
	return last <= font->glyf.len;
}

unsigned
rw_component_length(unsigned flags)
{
	return 4u + ((flags & RW_COMPONENT_WORDS) != 0 ? 4 : 2) +
		((flags & RW_COMPONENT_SCALE) != 0 ? 2 : 0) +
		((flags & RW_COMPONENT_TWO_SCALES) != 0 ? 4 : 0) +
		((flags & RW_COMPONENT_MATRIX) != 0 ? 8 : 0);
}

static bool
weigh(struct font *font, unsigned number, unsigned depth);

/* Adds one component of the glyph. */
static bool
add_component(struct font *font, struct glyph *glyph, unsigned component,
	unsigned depth)
{
	const struct glyph *part;

	if (component >= font->glyph_count ||
	    !weigh(font, component, depth + 1))
		return false;
	part = &font->glyphs[component];
	if (glyph->depth < part->depth + 1)
		glyph->depth = (uint8_t)(part->depth + 1);
	glyph->weight = (uint16_t)(glyph->weight + part->weight);
	return glyph->weight <= COMPONENTS_MAX &&
		glyph->depth <= RW_COMPONENT_DEPTH;
}

/* Examines each glyph once, so that the length of the table bounds the work. */
static bool
weigh(struct font *font, unsigned number, unsigned depth)
{
	size_t at = offset_of(font, number), end = offset_of(font, number + 1);
	struct table glyf = {font->glyf.bytes, end};
	struct glyph glyph = {.weight = 1, .depth = 1};
	unsigned flags = RW_COMPONENT_MORE;

	if (font->glyphs[number].weight > 0)
		return true;
	if (depth > RW_COMPONENT_DEPTH)
		return false;
	if (at < end && word_at(&glyf, at) >= 0x8000)
		for (at += 10; (flags & RW_COMPONENT_MORE) != 0;
		    at += rw_component_length(flags)) {
			if (at + 4 > end)
				return false;
			flags = word_at(&glyf, at);
			if (!add_component(font, &glyph,
			    word_at(&glyf, at + 2), depth))
				return false;
		}
	font->glyphs[number] = glyph;
	return true;
}

/* ---- all of it --------------------------------------------------------- */

static bool
has_tables(struct font *font)
{
	unsigned units = word_at(&font->head, 18);
	unsigned metrics = word_at(&font->hhea, 34);

	font->glyph_count = word_at(&font->maxp, 4);
	return font->head.len >= 54 && units >= 16 && units <= 16384 &&
		word_at(&font->head, 50) <= 1 && font->glyph_count > 0 &&
		metrics > 0 && metrics <= font->glyph_count &&
		font->hmtx.len >= 4 * (size_t)metrics +
		2 * (size_t)(font->glyph_count - metrics) && has_offsets(font);
}

static bool
check_glyphs(struct font *font, const char *name, struct rw_err *err)
{
	bool good = true;
	unsigned i;

	font->glyphs = calloc(font->glyph_count, sizeof *font->glyphs);
	if (font->glyphs == NULL)
		return rw_fail_memory(err, "the glyphs of %s", name);
	for (i = 0; i < font->glyph_count && good; i++)
		good = weigh(font, i, 1);
	free(font->glyphs);
	return good || rw_fail(err, RW_DATA, "%s has a glyph whose components "
		"are damaged, or contain themselves, or are too many", name);
}

bool
rw_truetype_check(const void *bytes, size_t len, const char *name,
	struct rw_err *err)
{
	struct table file = {bytes, len};
	struct font font = {
		.head = find_table(&file, "head"),
		.maxp = find_table(&file, "maxp"),
		.hhea = find_table(&file, "hhea"),
		.hmtx = find_table(&file, "hmtx"),
		.loca = find_table(&file, "loca"),
		.glyf = find_table(&file, "glyf"),
		.os2 = find_table(&file, "OS/2"),
	};

	if (!has_tables(&font))
		return rw_fail(err, RW_DATA, "%s is a damaged TrueType font",
			name);
	if ((word_at(&font.os2, 8) & NO_EMBEDDING) != 0)
		return rw_fail(err, RW_DATA, "%s does not allow to be embedded "
			"(its fsType is 0x%04x)", name, word_at(&font.os2, 8));
	return check_glyphs(&font, name, err);
}
