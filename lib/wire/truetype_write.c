/*
 * The tables of a small font.
 */
#include <string.h>

#include "wire/truetype_parts.h"

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
add_glyphs(struct rw_font *font, struct rw_buf *glyf, struct rw_buf *loca)
{
	unsigned i, flags;

	for (i = 0; i < font->count; i++) {
		struct rw_piece data = rw_font_data(font, font->kept[i]);
		size_t start = glyf->len, at = 10;

		add_long(loca, start);
		rw_buf_add(glyf, data.bytes, data.len);
		if (rw_glyph_is_composed(&data))
			do {
				flags = rw_piece_word(&data, at);
				set_word(glyf, start + at + 2, font->new_id[
					rw_piece_word(&data, at + 2)] - 1u);
				at += rw_part_length(flags);
			} while ((flags & RW_PART_MORE) != 0);
		while (glyf->len % 4 != 0 && !glyf->failed)
			rw_buf_addc(glyf, 0);
	}
	add_long(loca, glyf->len);
}

static void
add_metrics(struct rw_font *font, struct rw_buf *hmtx)
{
	unsigned i;

	for (i = 0; i < font->count; i++) {
		size_t glyph = font->kept[i], last = font->metrics - 1;
		bool full = glyph <= last;

		add_word(hmtx, rw_piece_word(&font->hmtx, 4 * (full ? glyph :
			last)));
		add_word(hmtx, rw_piece_word(&font->hmtx, full ? 4 * glyph + 2 :
			4 * (last + 1) + 2 * (glyph - last - 1)));
	}
}

/* One for each run of characters whose glyphs run with them, and the last that
 * there must be. */
struct segments {
	struct rw_buf ends, starts, deltas;
	unsigned count;
};

static void
add_segment(struct segments *s, unsigned c, unsigned delta)
{
	add_word(&s->starts, c);
	add_word(&s->deltas, delta);
	add_word(&s->ends, c);
	s->count++;
}

static void
find_segments(struct rw_font *font, bool (*keep)(uint32_t c),
	struct segments *s)
{
	unsigned c, glyph, next_c = 0x10000, next_glyph = 0;

	for (c = 0; c < 0xffff; c++) {
		glyph = keep(c) ? rw_font_glyph(font, c) : 0;
		if (glyph == 0)
			continue;
		glyph = font->new_id[glyph] - 1u;
		if (c != next_c || glyph != next_glyph)
			add_segment(s, c, (glyph - c) & 0xffff);
		set_word(&s->ends, s->ends.len - 2, c);
		next_c = c + 1;
		next_glyph = glyph + 1;
	}
	add_segment(s, 0xffff, 1);
}

/* Format 4. */
static void
add_map(struct rw_font *font, bool (*keep)(uint32_t c), struct rw_buf *cmap)
{
	struct segments s = {0};
	unsigned i, bits;

	find_segments(font, keep, &s);
	add_word(cmap, 0);		/* version, one map: 3, 1, at 12 */
	add_word(cmap, 1);
	add_word(cmap, 3);
	add_word(cmap, 1);
	add_long(cmap, 12);
	add_word(cmap, 4);
	add_word(cmap, 16 + 8 * (size_t)s.count);
	add_word(cmap, 0);
	add_word(cmap, 2 * (size_t)s.count);
	for (i = 1, bits = 0; 2 * i <= s.count; i *= 2)
		bits++;
	add_word(cmap, 2 * (size_t)i);	/* for a binary search */
	add_word(cmap, bits);
	add_word(cmap, 2 * ((size_t)s.count - i));
	rw_buf_add(cmap, s.ends.data, s.ends.len);
	add_word(cmap, 0);
	rw_buf_add(cmap, s.starts.data, s.starts.len);
	rw_buf_add(cmap, s.deltas.data, s.deltas.len);
	for (i = 0; i < s.count; i++)
		add_word(cmap, 0);
	rw_buf_free(&s.ends);
	rw_buf_free(&s.starts);
	rw_buf_free(&s.deltas);
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
copy(struct rw_buf *out, const struct rw_piece *piece, size_t len)
{
	rw_buf_add(out, piece->bytes, len < piece->len ? len : piece->len);
}

static void
make_tables(struct rw_font *font, const char *name, bool (*keep)(uint32_t c),
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
rw_font_write(struct rw_font *font, const char *name,
	bool (*keep)(uint32_t c), struct rw_buf *out)
{
	struct rw_buf tables[TABLES] = {{0}};
	bool good;
	size_t i;

	make_tables(font, name, keep, tables);
	good = !font->hmtx.bad;
	for (i = 0; i < TABLES; i++)
		good = good && !tables[i].failed;
	if (good)
		write_font(tables, out);
	for (i = 0; i < TABLES; i++)
		rw_buf_free(&tables[i]);
	return good;
}
