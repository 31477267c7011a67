/*
 * What the two files that make small fonts share: one reads, one writes. For
 * truetype*.c only, and for pdf_truetype.c, which looks for parts too.
 */
#ifndef RW_WIRE_TRUETYPE_PARTS_H
#define RW_WIRE_TRUETYPE_PARTS_H

#include "wire/truetype.h"

/* Composed glyphs are composed of others at most so deep: no font goes on. */
enum { RW_GLYPH_DEPTH = 6 };

/* Flags of a part of a composed glyph. */
enum {
	RW_PART_WORDS = 0x0001,	/* two arguments of 16 bits */
	RW_PART_SCALE = 0x0008,
	RW_PART_MORE = 0x0020,
	RW_PART_TWO_SCALES = 0x0040,
	RW_PART_MATRIX = 0x0080,
};

/* A table, or any piece of a font. Reading outside of it gives 0 and makes it
 * bad. */
struct rw_piece {
	const unsigned char *bytes;	/* NULL: there is none */
	size_t len;
	bool bad;
};

struct rw_font {
	struct rw_piece whole;
	struct rw_piece cmap, glyf, head, hhea, hmtx, loca, maxp, os2, cvt, fpgm,
		prep, post;
	struct rw_piece map;	/* the subtable of cmap, from its start */
	unsigned glyphs, metrics;
	bool long_loca;
	uint16_t *new_id;	/* by old glyph: its place in the small font,
				 * which counts from 1 here; 0: not kept */
	uint16_t *kept;		/* by new glyph: the old one */
	unsigned count;
};

unsigned
rw_piece_word(struct rw_piece *piece, size_t at);

/* The glyph of a character; 0 when there is none. */
unsigned
rw_font_glyph(struct rw_font *font, unsigned c);

struct rw_piece
rw_font_data(struct rw_font *font, unsigned glyph);

bool
rw_glyph_is_composed(struct rw_piece *data);

/* Bytes of the description of one part of a composed glyph. */
size_t
rw_part_length(unsigned flags);

/* The small font, of the glyphs that were chosen. False when there is no
 * memory, or a table of the font is too short. */
bool
rw_font_write(struct rw_font *font, const char *name,
	bool (*keep)(uint32_t c), struct rw_buf *out);

#endif
