#include "wire/truetype.h"

#include <stdlib.h>
#include <string.h>

enum {
	GLYPHS_MAX = 65535,
	DEPTH_MAX = 6,		/* of composed glyphs */
	/* Flags of a part of a composed glyph: */
	WORDS = 0x0001,
	SCALE = 0x0008,
	MORE = 0x0020,
	TWO_SCALES = 0x0040,
	MATRIX = 0x0080,
};

/* A table, or any piece of a font. Reading outside of it gives 0 and makes it
 * bad. */
struct piece {
	const unsigned char *bytes;	/* NULL: there is none */
	size_t len;
	bool bad;
};

struct font {
	struct piece whole;
	struct piece cmap, glyf, head, hhea, hmtx, loca, maxp, os2, cvt, fpgm,
		prep, post;
	struct piece map;	/* the subtable of cmap, from its start */
	unsigned glyphs, metrics;
	bool long_loca;
	uint16_t *new_id;	/* by old glyph: its place in the small font,
				 * which counts from 1 here; 0: not kept */
	uint16_t *kept;		/* by new glyph: the old one */
	unsigned count;
};

/* ---- reading ----------------------------------------------------------- */

static unsigned
word_at(struct piece *p, size_t at)
{
	if (at + 2 > p->len || at + 2 < at) {
		p->bad = true;
		return 0;
	}
	return (unsigned)p->bytes[at] << 8 | p->bytes[at + 1];
}

static size_t
long_at(struct piece *p, size_t at)
{
	size_t high = word_at(p, at);

	return high << 16 | word_at(p, at + 2);
}

static struct piece
cut(const struct piece *p, size_t at, size_t len)
{
	if (at > p->len || len > p->len - at)
		return (struct piece){.bad = true};
	return (struct piece){p->bytes + at, len, false};
}

static struct piece
find_table(struct font *font, const char *tag)
{
	unsigned tables = word_at(&font->whole, 4), i;

	for (i = 0; i < tables; i++) {
		size_t at = 12 + (size_t)i * 16;

		if (at + 16 <= font->whole.len &&
		    memcmp(font->whole.bytes + at, tag, 4) == 0)
			return cut(&font->whole, long_at(&font->whole, at + 8),
				long_at(&font->whole, at + 12));
	}
	return (struct piece){0};
}

/* The map of the Basic Multilingual Plane: platform 3, encoding 1, format 4. */
static struct piece
find_map(struct font *font)
{
	unsigned maps = word_at(&font->cmap, 2), i;

	for (i = 0; i < maps; i++) {
		size_t at = 4 + (size_t)i * 8, start;

		if (word_at(&font->cmap, at) != 3 ||
		    word_at(&font->cmap, at + 2) != 1)
			continue;
		start = long_at(&font->cmap, at + 4);
		if (word_at(&font->cmap, start) == 4 && !font->cmap.bad)
			return cut(&font->cmap, start,
				font->cmap.len - start);
	}
	return (struct piece){0};
}

static bool
open_font(struct font *font)
{
	const struct {
		struct piece *table;
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
	font->glyphs = word_at(&font->maxp, 4);
	font->metrics = word_at(&font->hhea, 34);
	font->long_loca = word_at(&font->head, 50) == 1;
	return font->map.bytes != NULL && font->glyphs > 0 &&
		font->metrics > 0 && font->head.len >= 54 &&
		font->hhea.len >= 36 && font->maxp.len >= 6 &&
		font->os2.len >= 78 && font->post.len >= 32;
}

/* ---- glyphs ------------------------------------------------------------ */

/* The glyph of a character; 0 when there is none. */
static unsigned
find_glyph(struct font *font, unsigned c)
{
	struct piece *map = &font->map;
	unsigned twice = word_at(map, 6), i;

	for (i = 0; i < twice; i += 2) {
		unsigned start, delta, range, glyph;

		if (word_at(map, 14 + i) < c)
			continue;
		start = word_at(map, 16 + twice + i);
		delta = word_at(map, 16 + 2 * twice + i);
		range = word_at(map, 16 + 3 * twice + i);
		if (start > c || map->bad)
			return 0;
		if (range == 0)
			return (c + delta) & 0xffff;
		glyph = word_at(map, 16 + 3 * twice + i + range +
			2 * (c - start));
		return glyph == 0 ? 0 : (glyph + delta) & 0xffff;
	}
	return 0;
}

static struct piece
glyph_data(struct font *font, unsigned glyph)
{
	size_t start, end;

	if (glyph >= font->glyphs)
		return (struct piece){.bad = true};
	if (font->long_loca) {
		start = long_at(&font->loca, 4 * (size_t)glyph);
		end = long_at(&font->loca, 4 * (size_t)glyph + 4);
	} else {
		start = 2 * (size_t)word_at(&font->loca, 2 * (size_t)glyph);
		end = 2 * (size_t)word_at(&font->loca, 2 * (size_t)glyph + 2);
	}
	if (font->loca.bad || end < start)
		return (struct piece){.bad = true};
	return cut(&font->glyf, start, end - start);
}

static bool
is_composed(struct piece *data)
{
	return data->len >= 10 && word_at(data, 0) >= 0x8000;
}

/* Bytes of one part's description. */
static size_t
part_length(unsigned flags)
{
	return 4u + ((flags & WORDS) != 0 ? 4 : 2) +
		((flags & SCALE) != 0 ? 2 : 0) +
		((flags & TWO_SCALES) != 0 ? 4 : 0) +
		((flags & MATRIX) != 0 ? 8 : 0);
}

/* Marks the glyph and all that it is composed of. */
static bool
keep_glyph(struct font *font, unsigned glyph, int depth)
{
	struct piece data = glyph_data(font, glyph);
	unsigned flags = MORE;
	size_t at;

	if (data.bad || depth > DEPTH_MAX)
		return false;
	if (font->new_id[glyph] != 0)
		return true;
	font->new_id[glyph] = 1;
	if (!is_composed(&data))
		return true;
	for (at = 10; (flags & MORE) != 0; at += part_length(flags)) {
		flags = word_at(&data, at);
		if (data.bad || !keep_glyph(font, word_at(&data, at + 2),
		    depth + 1))
			return false;
	}
	return !data.bad;
}

static bool
choose_glyphs(struct font *font, bool (*keep)(uint32_t c))
{
	unsigned c, glyph;

	if (!keep_glyph(font, 0, 0))
		return false;
	for (c = 0; c < 0xffff; c++)
		if (keep(c) && (glyph = find_glyph(font, c)) != 0 &&
		    !keep_glyph(font, glyph, 0))
			return false;
	for (glyph = 0; glyph < font->glyphs; glyph++)
		if (font->new_id[glyph] != 0) {
			font->kept[font->count++] = (uint16_t)glyph;
			font->new_id[glyph] = (uint16_t)font->count;
		}
	return !font->map.bad;
}

/* ---- writing ----------------------------------------------------------- */

static void
add_word(struct rw_buf *out, size_t word)
{
	rw_buf_addc(out, (char)(word >> 8 & 255));
	rw_buf_addc(out, (char)(word & 255));
}

static void
add_long(struct rw_buf *out, size_t word)
{
	add_word(out, word >> 16);
	add_word(out, word);
}

static void
set_word(struct rw_buf *buf, size_t at, size_t word)
{
	if (!buf->failed && at + 2 <= buf->len) {
		buf->data[at] = (char)(word >> 8 & 255);
		buf->data[at + 1] = (char)(word & 255);
	}
}

/* The glyphs one behind the other, composed ones with the new numbers of their
 * parts; and where each begins. */
static void
add_glyphs(struct font *font, struct rw_buf *glyf, struct rw_buf *loca)
{
	unsigned i, flags;

	for (i = 0; i < font->count; i++) {
		struct piece data = glyph_data(font, font->kept[i]);
		size_t start = glyf->len, at = 10;

		add_long(loca, start);
		rw_buf_add(glyf, data.bytes, data.len);
		if (is_composed(&data))
			do {
				flags = word_at(&data, at);
				set_word(glyf, start + at + 2, font->new_id[
					word_at(&data, at + 2)] - 1u);
				at += part_length(flags);
			} while ((flags & MORE) != 0);
		while (glyf->len % 4 != 0 && !glyf->failed)
			rw_buf_addc(glyf, 0);
	}
	add_long(loca, glyf->len);
}

static void
add_metrics(struct font *font, struct rw_buf *hmtx)
{
	unsigned i;

	for (i = 0; i < font->count; i++) {
		size_t glyph = font->kept[i], last = font->metrics - 1;
		bool full = glyph <= last;

		add_word(hmtx, word_at(&font->hmtx, 4 * (full ? glyph :
			last)));
		add_word(hmtx, word_at(&font->hmtx, full ? 4 * glyph + 2 :
			4 * (last + 1) + 2 * (glyph - last - 1)));
	}
}

/* Format 4 with one segment for each run of characters whose glyphs run with
 * them. */
static void
add_map(struct font *font, bool (*keep)(uint32_t c), struct rw_buf *cmap)
{
	struct rw_buf ends = {0}, starts = {0}, deltas = {0};
	unsigned c, glyph, next_c = 0x10000, next_glyph = 0, segments = 0, i;

	for (c = 0; c < 0xffff; c++) {
		glyph = keep(c) ? find_glyph(font, c) : 0;
		if (glyph == 0)
			continue;
		glyph = font->new_id[glyph] - 1u;
		if (c != next_c || glyph != next_glyph) {
			add_word(&starts, c);
			add_word(&deltas, (glyph - c) & 0xffff);
			add_word(&ends, c);
			segments++;
		}
		set_word(&ends, ends.len - 2, c);
		next_c = c + 1;
		next_glyph = glyph + 1;
	}
	add_word(&ends, 0xffff);
	add_word(&starts, 0xffff);
	add_word(&deltas, 1);
	segments++;
	add_word(cmap, 0);		/* version, one map: 3, 1, at 12 */
	add_word(cmap, 1);
	add_word(cmap, 3);
	add_word(cmap, 1);
	add_long(cmap, 12);
	add_word(cmap, 4);
	add_word(cmap, 16 + 8 * (size_t)segments);
	add_word(cmap, 0);
	add_word(cmap, 2 * (size_t)segments);
	for (i = 1; 2 * i <= segments; i *= 2)
		;
	add_word(cmap, 2 * (size_t)i);	/* for a binary search */
	for (c = 0; 1u << c < i; c++)
		;
	add_word(cmap, c);
	add_word(cmap, 2 * ((size_t)segments - i));
	rw_buf_add(cmap, ends.data, ends.len);
	add_word(cmap, 0);
	rw_buf_add(cmap, starts.data, starts.len);
	rw_buf_add(cmap, deltas.data, deltas.len);
	for (i = 0; i < segments; i++)
		add_word(cmap, 0);
	rw_buf_free(&ends);
	rw_buf_free(&starts);
	rw_buf_free(&deltas);
}

/* The two names that a PDF writer looks for, for the platform that is read
 * without conversion. */
static void
add_names(const char *name, struct rw_buf *out)
{
	const char *style = strstr(name, "Bold") != NULL ? "Bold" : "Regular";

	add_word(out, 0);
	add_word(out, 2);
	add_word(out, 6 + 2 * 12);
	add_word(out, 1);
	add_word(out, 0);
	add_word(out, 0);
	add_word(out, 2);		/* style */
	add_word(out, strlen(style));
	add_word(out, 0);
	add_word(out, 1);
	add_word(out, 0);
	add_word(out, 0);
	add_word(out, 6);		/* PostScript name */
	add_word(out, strlen(name));
	add_word(out, strlen(style));
	rw_buf_adds(out, style);
	rw_buf_adds(out, name);
}

/* ---- the small font ---------------------------------------------------- */

enum { CMAP, GLYF, HEAD, HHEA, HMTX, LOCA, MAXP, NAME, OS2, POST, CVT, FPGM,
	PREP, TABLES };

static void
copy(struct rw_buf *out, const struct piece *piece, size_t len)
{
	rw_buf_add(out, piece->bytes, len < piece->len ? len : piece->len);
}

static void
make_tables(struct font *font, const char *name, bool (*keep)(uint32_t c),
	struct rw_buf tables[TABLES])
{
	add_map(font, keep, &tables[CMAP]);
	add_glyphs(font, &tables[GLYF], &tables[LOCA]);
	add_metrics(font, &tables[HMTX]);
	add_names(name, &tables[NAME]);
	copy(&tables[HEAD], &font->head, SIZE_MAX);
	set_word(&tables[HEAD], 50, 1);
	copy(&tables[HHEA], &font->hhea, SIZE_MAX);
	set_word(&tables[HHEA], 34, font->count);
	copy(&tables[MAXP], &font->maxp, SIZE_MAX);
	set_word(&tables[MAXP], 4, font->count);
	copy(&tables[OS2], &font->os2, SIZE_MAX);
	/* Version 3: glyphs have no names. */
	copy(&tables[POST], &font->post, 32);
	set_word(&tables[POST], 0, 3);
	set_word(&tables[POST], 2, 0);
	copy(&tables[CVT], &font->cvt, SIZE_MAX);
	copy(&tables[FPGM], &font->fpgm, SIZE_MAX);
	copy(&tables[PREP], &font->prep, SIZE_MAX);
}

/* The sum of the table's words, as its directory has it. */
static size_t
checksum(const struct rw_buf *table)
{
	size_t sum = 0, i;

	for (i = 0; i < table->len; i++)
		sum += (size_t)(unsigned char)table->data[i] <<
			(24 - 8 * (i % 4));
	return sum & 0xffffffff;
}

static void
write_font(struct rw_buf tables[TABLES], struct rw_buf *out)
{
	/* In the order of their tags, as the directory must be. */
	static const struct {
		int table;
		const char *tag;
	} order[TABLES] = {
		{OS2, "OS/2"}, {CMAP, "cmap"}, {CVT, "cvt "}, {FPGM, "fpgm"},
		{GLYF, "glyf"}, {HEAD, "head"}, {HHEA, "hhea"},
		{HMTX, "hmtx"}, {LOCA, "loca"}, {MAXP, "maxp"},
		{NAME, "name"}, {POST, "post"}, {PREP, "prep"}};
	size_t at = 12 + 16 * TABLES, i;

	add_long(out, 0x00010000);
	add_word(out, TABLES);
	add_word(out, 128);		/* 8 x 16, 3, the rest: 80 */
	add_word(out, 3);
	add_word(out, 16 * TABLES - 128);
	for (i = 0; i < TABLES; i++) {
		const struct rw_buf *table = &tables[order[i].table];

		rw_buf_add(out, order[i].tag, 4);
		add_long(out, checksum(table));
		add_long(out, at);
		add_long(out, table->len);
		at += (table->len + 3) / 4 * 4;
	}
	for (i = 0; i < TABLES; i++) {
		const struct rw_buf *table = &tables[order[i].table];

		rw_buf_add(out, table->data, table->len);
		rw_buf_add(out, "\0\0\0", (4 - table->len % 4) % 4);
	}
}

bool
rw_truetype_reduce(const void *bytes, size_t len, const char *name,
	bool (*keep)(uint32_t c), struct rw_buf *out, struct rw_err *err)
{
	struct font font = {.whole = {bytes, len, false}};
	struct rw_buf tables[TABLES] = {{0}};
	bool good = true;
	size_t i;

	font.new_id = calloc(GLYPHS_MAX + 1, sizeof *font.new_id);
	font.kept = calloc(GLYPHS_MAX + 1, sizeof *font.kept);
	good = font.new_id != NULL && font.kept != NULL && open_font(&font) &&
		choose_glyphs(&font, keep);
	if (good) {
		make_tables(&font, name, keep, tables);
		good = !font.hmtx.bad;
		for (i = 0; i < TABLES; i++)
			good = good && !tables[i].failed;
		if (good)
			write_font(tables, out);
	}
	for (i = 0; i < TABLES; i++)
		rw_buf_free(&tables[i]);
	free(font.new_id);
	free(font.kept);
	if (!good || font.whole.bad)
		return rw_fail(err, RW_DATA, "%s is no whole TrueType font",
			name);
	return rw_buf_ok(out, name, err);
}
