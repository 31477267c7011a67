#include "wire/truetype_parts.h"

#include <stdlib.h>
#include <string.h>

enum { GLYPHS_MAX = 65535 };

/* ---- reading ----------------------------------------------------------- */

unsigned
rw_piece_word(struct rw_piece *p, size_t at)
{
	if (at + 2 > p->len || at + 2 < at) {
		p->bad = true;
		return 0;
	}
	return (unsigned)p->bytes[at] << 8 | p->bytes[at + 1];
}

static size_t
long_at(struct rw_piece *p, size_t at)
{
	size_t high = rw_piece_word(p, at);

	return high << 16 | rw_piece_word(p, at + 2);
}

static struct rw_piece
cut(const struct rw_piece *p, size_t at, size_t len)
{
	if (at > p->len || len > p->len - at)
		return (struct rw_piece){.bad = true};
	return (struct rw_piece){p->bytes + at, len, false};
}

static struct rw_piece
find_table(struct rw_font *font, const char *tag)
{
	unsigned tables = rw_piece_word(&font->whole, 4), i;

	for (i = 0; i < tables; i++) {
		size_t at = 12 + (size_t)i * 16;

		if (at + 16 <= font->whole.len &&
		    memcmp(font->whole.bytes + at, tag, 4) == 0)
			return cut(&font->whole, long_at(&font->whole, at + 8),
				long_at(&font->whole, at + 12));
	}
	return (struct rw_piece){0};
}

/* The map of the Basic Multilingual Plane: platform 3, encoding 1, format 4. */
static struct rw_piece
find_map(struct rw_font *font)
{
	unsigned maps = rw_piece_word(&font->cmap, 2), i;

	for (i = 0; i < maps; i++) {
		size_t at = 4 + (size_t)i * 8, start;

		if (rw_piece_word(&font->cmap, at) != 3 ||
		    rw_piece_word(&font->cmap, at + 2) != 1)
			continue;
		start = long_at(&font->cmap, at + 4);
		if (rw_piece_word(&font->cmap, start) == 4 && !font->cmap.bad)
			return cut(&font->cmap, start,
				font->cmap.len - start);
	}
	return (struct rw_piece){0};
}

static bool
open_font(struct rw_font *font)
{
	const struct {
		struct rw_piece *table;
		const char *tag;
	} tables[] = {
		{&font->cmap, "cmap"}, {&font->glyf, "glyf"},
		{&font->head, "head"}, {&font->hhea, "hhea"},
		{&font->hmtx, "hmtx"}, {&font->loca, "loca"},
		{&font->maxp, "maxp"}, {&font->os2, "OS/2"},
		{&font->cvt, "cvt "}, {&font->fpgm, "fpgm"},
		{&font->prep, "prep"}, {&font->post, "post"}};
	size_t i;

	if (long_at(&font->whole, 0) != 0x00010000)
		return false;
	for (i = 0; i < sizeof tables / sizeof *tables; i++) {
		*tables[i].table = find_table(font, tables[i].tag);
		if (tables[i].table->bytes == NULL)
			return false;
	}
	font->map = find_map(font);
	font->glyphs = rw_piece_word(&font->maxp, 4);
	font->metrics = rw_piece_word(&font->hhea, 34);
	font->long_loca = rw_piece_word(&font->head, 50) == 1;
	return font->map.bytes != NULL && font->glyphs > 0 &&
		font->metrics > 0 && font->head.len >= 54 &&
		font->hhea.len >= 36 && font->maxp.len >= 6 &&
		font->os2.len >= 78 && font->post.len >= 32;
}

/* ---- glyphs ------------------------------------------------------------ */

unsigned
rw_font_glyph(struct rw_font *font, unsigned c)
{
	struct rw_piece *map = &font->map;
	unsigned twice = rw_piece_word(map, 6), i;

	for (i = 0; i < twice; i += 2) {
		unsigned start, delta, range, glyph;

		if (rw_piece_word(map, 14 + i) < c)
			continue;
		start = rw_piece_word(map, 16 + twice + i);
		delta = rw_piece_word(map, 16 + 2 * twice + i);
		range = rw_piece_word(map, 16 + 3 * twice + i);
		if (start > c || map->bad)
			return 0;
		if (range == 0)
			return (c + delta) & 0xffff;
		glyph = rw_piece_word(map, 16 + 3 * twice + i + range +
			2 * (c - start));
		return glyph == 0 ? 0 : (glyph + delta) & 0xffff;
	}
	return 0;
}

struct rw_piece
rw_font_data(struct rw_font *font, unsigned glyph)
{
	size_t start, end, at = glyph;

	if (glyph >= font->glyphs)
		return (struct rw_piece){.bad = true};
	if (font->long_loca) {
		start = long_at(&font->loca, 4 * at);
		end = long_at(&font->loca, 4 * at + 4);
	} else {
		start = 2 * (size_t)rw_piece_word(&font->loca, 2 * at);
		end = 2 * (size_t)rw_piece_word(&font->loca, 2 * at + 2);
	}
	if (font->loca.bad || end < start)
		return (struct rw_piece){.bad = true};
	return cut(&font->glyf, start, end - start);
}

bool
rw_glyph_is_composed(struct rw_piece *data)
{
	return data->len >= 10 && rw_piece_word(data, 0) >= 0x8000;
}

size_t
rw_part_length(unsigned flags)
{
	return 4u + ((flags & RW_PART_WORDS) != 0 ? 4 : 2) +
		((flags & RW_PART_SCALE) != 0 ? 2 : 0) +
		((flags & RW_PART_TWO_SCALES) != 0 ? 4 : 0) +
		((flags & RW_PART_MATRIX) != 0 ? 8 : 0);
}

/* Marks the glyph and all that it is composed of. */
static bool
keep_glyph(struct rw_font *font, unsigned glyph, int depth)
{
	struct rw_piece data = rw_font_data(font, glyph);
	unsigned flags = RW_PART_MORE;
	size_t at;

	if (data.bad || depth > RW_GLYPH_DEPTH)
		return false;
	if (font->new_id[glyph] != 0)
		return true;
	font->new_id[glyph] = 1;
	if (!rw_glyph_is_composed(&data))
		return true;
	for (at = 10; (flags & RW_PART_MORE) != 0; at += rw_part_length(flags)) {
		flags = rw_piece_word(&data, at);
		if (data.bad || !keep_glyph(font, rw_piece_word(&data, at + 2),
		    depth + 1))
			return false;
	}
	return !data.bad;
}

static bool
choose_glyphs(struct rw_font *font, bool (*keep)(uint32_t c))
{
	unsigned c, glyph;

	if (!keep_glyph(font, 0, 0))
		return false;
	for (c = 0; c < 0xffff; c++)
		if (keep(c) && (glyph = rw_font_glyph(font, c)) != 0 &&
		    !keep_glyph(font, glyph, 0))
			return false;
	for (glyph = 0; glyph < font->glyphs; glyph++)
		if (font->new_id[glyph] != 0) {
			font->kept[font->count++] = (uint16_t)glyph;
			font->new_id[glyph] = (uint16_t)font->count;
		}
	return !font->map.bad;
}

/* ---- together ---------------------------------------------------------- */

bool
rw_truetype_reduce(const void *bytes, size_t len, const char *name,
	bool (*keep)(uint32_t c), struct rw_buf *out, struct rw_err *err)
{
	struct rw_font font = {.whole = {bytes, len, false}};
	bool good;

	font.new_id = calloc(GLYPHS_MAX + 1, sizeof *font.new_id);
	font.kept = calloc(GLYPHS_MAX + 1, sizeof *font.kept);
	good = font.new_id != NULL && font.kept != NULL && open_font(&font) &&
		choose_glyphs(&font, keep) && !font.whole.bad &&
		rw_font_write(&font, name, keep, out);
	free(font.new_id);
	free(font.kept);
	if (!good)
		return rw_fail(err, RW_DATA, "%s is no whole TrueType font",
			name);
	return rw_buf_ok(out, name, err);
}
